"""The page of the invites: uses, who came, who stayed, by invite or by the person who made it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.clock import now
from bot.contracts.invites import InviteCounts, InviteFigures, Totals
from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import STAFF
from bot.ui import LayoutView, PersistentItem, palette, reply, update
from bot.ui.text import escaped
from cogs.onboarding.attribution.lookup import look_up_menu
from cogs.onboarding.attribution.reading import may_read
from cogs.onboarding.attribution.settings import InvitesSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

PAGE = 6
RECENT = timedelta(days=30)
BY_CODE, BY_PERSON = "code", "person"


class InvitesOff(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Invites are not followed here. Turn it on above, then open this page."))


class InvitesButton(PersistentItem[ui.Button[Any]], template=r"onboarding:invites"):
    """Below the settings of the invites, and on `/newcomers`: opens their page."""

    access: ClassVar = STAFF

    def __init__(self, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id="onboarding:invites"))

    async def run(self, interaction: "Interaction") -> None:
        await reply(interaction, view=await _page(interaction, BY_CODE, 0))


class TurnButton(
    PersistentItem[ui.Button[Any]],
    template=r"onboarding:invites:(?P<by>code|person):(?P<page>\d{1,3}):(?P<why>\w{2,6})",
):
    """Turns the page, or groups it the other way. ``why`` keeps two buttons to one page apart."""

    access: ClassVar = STAFF

    def __init__(self, by: str, page: int, why: str, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"onboarding:invites:{by}:{page}:{why}"))
        self.by, self.page = by, page

    async def run(self, interaction: "Interaction") -> None:
        await update(interaction, view=await _page(interaction, self.by, self.page))


async def _page(interaction: "Interaction", by: str, page: int) -> LayoutView:
    """Raises InvitesOff."""
    bot, guild = interaction.client, interaction.guild
    if guild is None or not bot.guild_settings.get(guild.id, InvitesSettings).enabled:
        raise InvitesOff
    reader, t = bot.service(InviteFigures), bot.i18n.for_interaction(interaction)
    rows = await (reader.by_code(guild.id) if by == BY_CODE else reader.by_inviter(guild.id))
    totals = await reader.totals(guild.id, now() - RECENT)
    return invites_view(t, rows, totals, by, page, readable=may_read(guild))


def invites_view(
    t: Localizer, rows: Sequence[InviteCounts], totals: Totals, by: str, page: int, *, readable: bool = True
) -> LayoutView:
    """One page of it; a page that does not exist (any more) is the last one."""
    pages = max(1, -(-len(rows) // PAGE))
    here = min(page, pages - 1)
    parts: list[ui.Item[Any]] = [ui.TextDisplay(_head(t, totals, readable=readable)), ui.Separator()]
    shown = [_entry(t, row, by) for row in rows[here * PAGE : (here + 1) * PAGE]]
    nothing = t(N_("No invite is known yet. The first look comes a few seconds after this was turned on."))
    parts.append(ui.TextDisplay("\n".join(shown) or nothing))
    parts.append(ui.ActionRow(*_buttons(t, by, here, pages)))
    parts.append(look_up_menu(t))
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=palette.ACCENT if readable else palette.ATTENTION))
    return view


def _head(t: Localizer, totals: Totals, *, readable: bool) -> str:
    title = t(N_("Invites"))
    lines = [f"## {title}"]
    if not readable:
        refused = t(N_("Without the permission Manage Server nothing is read. The figures below are old."))
        lines.append(f"{palette.WARNING} {refused}")
    lines.append(
        t(
            N_(
                "Joins of the last 30 days: {certain} by a known invite, {ambiguous} by one of several, {unknown} open."
            ),
            certain=t.number(totals.certain),
            ambiguous=t.number(totals.ambiguous),
            unknown=t.number(totals.unknown + totals.waiting),
        )
    )
    why = t(N_("Uses are exact. Discord does not say who came by which invite, and nobody is guessed."))
    return "\n".join([*lines, f"-# {why}"])


def _entry(t: Localizer, row: InviteCounts, by: str) -> str:
    uses = t.plural("{n} use", "{n} uses", row.uses)
    joined = t(
        N_("{certain} came for certain, {perhaps} perhaps"),
        certain=t.number(row.joined),
        perhaps=t.number(row.perhaps),
    )
    stayed = [
        t(
            N_("{stayed} of {came} still here after {days} days"),
            stayed=t.number(kept.stayed),
            came=t.number(kept.came),
            days=t.number(kept.days),
        )
        for kept in row.kept
        if kept.came
    ]
    small = " · ".join([uses, *([joined] if row.joined or row.perhaps else []), *stayed])
    return f"**{_name(t, row, by)}**\n-# {small}"


def _name(t: Localizer, row: InviteCounts, by: str) -> str:
    person = escaped(row.inviter) if row.inviter else t(N_("somebody without a name here"))
    if by == BY_PERSON or row.code is None:
        return person
    code = escaped(row.code)
    if row.vanity:
        return t(N_("{code}, the server’s own address"), code=code)
    if row.gone:
        return t(N_("{code} by {person}, gone"), code=code, person=person)
    return t(N_("{code} by {person}"), code=code, person=person)


def _buttons(t: Localizer, by: str, here: int, pages: int) -> list[TurnButton]:
    buttons = []
    if here > 0:
        buttons.append(TurnButton(by, here - 1, "back", t(N_("Previous"))))
    if here + 1 < pages:
        buttons.append(TurnButton(by, here + 1, "next", t(N_("Next"))))
    if by == BY_CODE:
        buttons.append(TurnButton(BY_PERSON, 0, "group", t(N_("By person"))))
    else:
        buttons.append(TurnButton(BY_CODE, 0, "group", t(N_("By invite"))))
    return buttons
