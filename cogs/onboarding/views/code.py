"""Reading and accepting the code of conduct."""

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.ui import LayoutView, PersistentItem, palette
from cogs.onboarding.rules import Progress, Step, is_done
from cogs.onboarding.service.refusals import CodeChanged
from cogs.onboarding.views.navigation import OpenButton, show
from cogs.onboarding.views.visit import Visit, visit

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class AcceptButton(
    PersistentItem[ui.Button[Any]], template=r"onboarding:accept:(?P<guild>\d{15,20}):(?P<version>\d{1,9})"
):
    """Accepts exactly the version shown above it."""

    access = EVERYONE

    def __init__(self, guild_id: int, version: int, label: str = "-") -> None:
        super().__init__(
            ui.Button(
                label=label, style=discord.ButtonStyle.success, custom_id=f"onboarding:accept:{guild_id}:{version}"
            )
        )
        self.guild_id = guild_id
        self.version = version

    async def run(self, interaction: "Interaction") -> None:
        from cogs.onboarding.views.checklist import show_checklist

        where = visit(interaction, self.guild_id)
        try:
            progress = await where.journeys.accept_code(self.guild_id, where.member.id, self.version)
        except CodeChanged as changed:
            await show(interaction, code_view(where, await where.progress(), where.t(changed.message)))
            return
        await show_checklist(interaction, where, progress, where.t(N_("Code of conduct accepted.")))


class PageButton(
    PersistentItem[ui.Button[Any]],
    template=r"onboarding:page:(?P<guild>\d{15,20}):(?P<version>\d{1,9}):(?P<page>\d{1,3})",
):
    """Turns to another page of the version that is shown."""

    access = EVERYONE

    def __init__(self, guild_id: int, version: int, page: int, label: str = "-") -> None:
        custom_id = f"onboarding:page:{guild_id}:{version}:{page}"
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=custom_id))
        self.guild_id = guild_id
        self.version = version
        self.page = page

    async def run(self, interaction: "Interaction") -> None:
        where = visit(interaction, self.guild_id)
        progress = await where.progress()
        if where.code.version == self.version:
            await show(interaction, code_view(where, progress, page=self.page))
        else:
            await show(interaction, code_view(where, progress, where.t(CodeChanged().message)))


def code_view(where: Visit, progress: Progress, notice: str | None = None, *, page: int = 0) -> LayoutView:
    """A page of the text in the reader's language, with its version; it is accepted on the last one."""
    t, code = where.t, where.code
    pages = code.pages_in(t.language)
    page = min(page, len(pages) - 1)
    box: ui.Container[LayoutView] = ui.Container(accent_colour=palette.ACCENT)
    if notice:
        box.add_item(ui.TextDisplay(f"**{notice}**"))
    box.add_item(ui.TextDisplay(t(N_("## Code of conduct")) + "\n" + pages[page]))
    version = t(N_("Version {version}"), version=code.version)
    if len(pages) > 1:
        version += " · " + t(N_("Page {page} of {pages}"), page=page + 1, pages=len(pages))
    box.add_item(ui.TextDisplay("-# " + version))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    if page + 1 < len(pages):
        row.add_item(PageButton(where.guild.id, code.version, page + 1, t(N_("Next page"))))
    elif not is_done(Step.CODE, progress, code.major):
        row.add_item(AcceptButton(where.guild.id, code.version, t(N_("I accept"))))
    if page > 0:
        row.add_item(PageButton(where.guild.id, code.version, page - 1, t(N_("Previous page"))))
    row.add_item(OpenButton("checklist", where.guild.id, t(N_("Back"))))
    box.add_item(row)
    view = LayoutView()
    view.add_item(box)
    return view
