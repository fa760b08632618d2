"""A member's own record, as a page of their profile: sanctions and their state, neither notes nor reports nor names."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.clock import now
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.profile import Look, Part, ProfilePage
from bot.ui import LayoutView, PersistentItem, palette, reply, update
from cogs.conduct.appeals.letters import appeal_button
from cogs.conduct.cases import words
from cogs.conduct.cases.card import article_of
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.rules import State
from cogs.conduct.record.rules import OWN_PER_PAGE, pages
from cogs.conduct.record.service import OwnRecord, Records
from cogs.conduct.record.words import points_line

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

KEY = "record"
REASON = 350
"""Characters of each reason: a page of the profile has 3,000."""
SECONDARY = discord.ButtonStyle.secondary


class OlderButton(PersistentItem[ui.Button[Any]], template=r"record:older"):
    """Shows what does not fit on the page, beside the profile."""

    access: ClassVar = EVERYONE

    def __init__(self, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id="record:older"))

    async def run(self, interaction: "Interaction") -> None:
        await reply(interaction, view=await _turned(interaction, 1))


class OwnTurnButton(PersistentItem[ui.Button[Any]], template=r"record:own:(?P<page>\d{1,6})"):
    """Turns to another page of what was opened so."""

    access: ClassVar = EVERYONE

    def __init__(self, page: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"record:own:{int(page)}"))
        self.page = int(page)

    async def run(self, interaction: "Interaction") -> None:
        await update(interaction, view=await _turned(interaction, self.page))


async def _own(look: Look) -> Sequence[Part] | None:
    """Nothing for somebody without a sanction."""
    found = await look.bot.service(Records).own(look.guild.id, look.member.id)
    if not found.total:
        return None
    parts: list[Part] = [_heading(look.t, found), *_cases(look.bot, look.t, look.guild.id, found)]
    if found.total > OWN_PER_PAGE:
        row: ui.ActionRow[LayoutView] = ui.ActionRow()
        parts.append(row.add_item(OlderButton(look.t(N_("Older")))))
    return parts


async def _turned(interaction: "Interaction", page: int) -> LayoutView:
    bot, guild_id = interaction.client, interaction.guild_id or 0
    t = bot.i18n.for_interaction(interaction)
    found = await bot.service(Records).own(guild_id, interaction.user.id, page)
    box: ui.Container[LayoutView] = ui.Container(ui.TextDisplay(_heading(t, found)), accent_colour=palette.ACCENT)
    for part in _cases(bot, t, guild_id, found):
        box.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    if found.page > 0:
        row.add_item(OwnTurnButton(found.page - 1, t(N_("Newer"))))
    if found.page + 1 < pages(found.total, OWN_PER_PAGE):
        row.add_item(OwnTurnButton(found.page + 1, t(N_("Older"))))
    if row.children:
        box.add_item(row)
    view = LayoutView()
    view.add_item(box)
    return view


def _heading(t: Localizer, found: OwnRecord) -> str:
    said = t(N_("What the team decided about you here, newest first. Only you and the team see it."))
    return f"{said}\n{points_line(t, found.points)}"


def _cases(bot: "CommunityBot", t: Localizer, guild_id: int, found: OwnRecord) -> list[Part]:
    parts: list[Part] = []
    for case in found.cases:
        text, button = _text(bot, t, guild_id, case), appeal_button(bot, case, t)
        parts.append(text if button is None else ui.Section(text, accessory=button))
    return parts


def _text(bot: "CommunityBot", t: Localizer, guild_id: int, case: CaseView) -> str:
    article = words.article_line(t, case.article, article_of(bot, guild_id, case.article))
    lines = [f"**{words.title(t, case)}** · {words.moment(case.created_at, 'd')}", f"-# {article}"]
    if case.reason:
        lines.append(words.typed(case.reason, REASON))
    return "\n".join([*lines, f"-# {_standing(t, case)}"])


def _standing(t: Localizer, case: CaseView) -> str:
    """How it stands, without the names of those who decided."""
    if case.state is State.VOID:
        return t(N_("The team withdrew it: it was a mistake, and it has no effect."))
    if case.state is State.OVERTURNED:
        return t(N_("Overturned on appeal: it has no effect."))
    said = [t(N_("Under appeal."))] if case.state is State.APPEALED else []
    if case.lifted_at is not None:
        said.append(t(N_("Ended early on {when}."), when=words.moment(case.lifted_at, "D")))
    elif case.in_force(now()):
        until = case.until
        said.append(
            t(N_("In force until {when}."), when=words.moment(until)) if until else t(N_("In force, without an end."))
        )
    return " ".join([*said, words.points(t, case)]).strip() or t(N_("It counts no points."))


own_page = ProfilePage(KEY, N_("Decisions about me"), 40, own=_own)
PARTS = (OlderButton, OwnTurnButton)
