"""By which invite somebody came, and who came by theirs: shown to the team, and noted each time."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.contracts.invites import Origin
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import STAFF
from bot.ui import LayoutView, PersistentItem, palette, reply
from bot.ui.text import escaped
from cogs.onboarding.attribution.reads import KEPT, Reads, Sight

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

LISTED = 10
"""Guests who are named; the others are counted."""


class LookUpMenu(PersistentItem[ui.UserSelect[Any]], template=r"onboarding:invites:whose"):
    """On the page of the invites: whom to look up."""

    access: ClassVar = STAFF

    def __init__(self, menu: "ui.UserSelect[Any]") -> None:
        menu.custom_id = "onboarding:invites:whose"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        assert interaction.guild is not None
        bot, person = interaction.client, self.item.values[0]
        t = bot.i18n.for_interaction(interaction)
        sight = await bot.service(Reads).look_up(interaction.guild.id, person.id, by=interaction.user.id)
        named = [sight.origin.inviter_id] if sight.origin is not None else []
        names = await _names(bot, interaction.guild.id, [*named, *(one.user_id for one in sight.guests[-LISTED:])])
        await reply(interaction, view=look_up_view(t, escaped(person.display_name), sight, names))


def look_up_menu(t: Localizer) -> "ui.ActionRow[Any]":
    """A row for the page."""
    return ui.ActionRow(LookUpMenu(ui.UserSelect(placeholder=t(N_("Look somebody up")))))


def look_up_view(t: Localizer, name: str, sight: Sight, names: dict[int, str]) -> LayoutView:
    """``names`` of whoever is named in it, harmless in any text."""
    noted = t(
        N_("That you looked is kept for {days} days; {name} sees in their own data that somebody did."),
        days=t.number(KEPT.days),
        name=name,
    )
    lines = [f"### {name}", _origin(t, sight.origin, names), *_guests(t, sight, names)]
    # Apart: below a list it would be drawn as part of its last entry.
    parts = (ui.TextDisplay[Any]("\n".join(lines)), ui.TextDisplay[Any](f"-# {noted}"))
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=palette.ACCENT))
    return view


def _origin(t: Localizer, origin: Origin | None, names: dict[int, str]) -> str:
    if origin is None:
        return t(N_("How they came is not known: invites were not followed then."))
    when = f"<t:{int(origin.joined_at.timestamp())}:D>"
    if origin.code is not None:
        inviter = names.get(origin.inviter_id or 0)
        if inviter is None:
            return t(N_("Joined on {when} by {code}, for certain."), when=when, code=escaped(origin.code))
        return t(
            N_("Joined on {when} by {code} of {inviter}, for certain."),
            when=when,
            code=escaped(origin.code),
            inviter=inviter,
        )
    if origin.candidates:
        codes = t.enumeration([escaped(code) for code in origin.candidates])
        return t(N_("Joined on {when} by one of several, which one is not known: {codes}."), when=when, codes=codes)
    if not origin.settled:
        return t(N_("Joined on {when}; the invites are looked at in a moment."), when=when)
    return t(N_("Joined on {when} by no invite that was counted."), when=when)


def _guests(t: Localizer, sight: Sight, names: dict[int, str]) -> list[str]:
    if not sight.guests:
        return [t(N_("Nobody came by their invites for certain."))]
    head = t.plural(
        "{n} person came by their invites for certain:",
        "{n} people came by their invites for certain:",
        len(sight.guests),
    )
    gone = t(N_("somebody who left"))
    shown = [
        f"- {names.get(one.user_id, gone)} · {escaped(one.code)} · <t:{int(one.joined_at.timestamp())}:D>"
        for one in reversed(sight.guests[-LISTED:])
    ]
    more = len(sight.guests) - len(shown)
    return [head, *shown, *([t.plural("and {n} more", "and {n} more", more)] if more else [])]


async def _names(bot: "CommunityBot", guild_id: int, people: list[int | None]) -> dict[int, str]:
    found = {}
    for user_id in {one for one in people if one is not None}:
        known = await bot.community.members.get(guild_id, user_id)
        if known is not None:
            found[user_id] = escaped(known.display_name)
    return found
