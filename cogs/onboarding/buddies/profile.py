"""Being a buddy, as a page of one's own profile: offer it, say for how many, pause, stop."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.profile import Look, Part, ProfilePage, show_page
from bot.ui import LayoutView, PersistentItem
from cogs.onboarding.buddies.items import name_of
from cogs.onboarding.buddies.offers import FIRST_CAPACITY, Kept, Offers
from cogs.onboarding.buddies.rules import CAPACITIES, DUTY

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

KEY = "buddies"
BEGIN, PAUSE, RESUME, STOP = "begin", "pause", "resume", "stop"
LABELS = {
    BEGIN: N_("Offer to be a buddy"),
    PAUSE: N_("Pause"),
    RESUME: N_("Take newcomers again"),
    STOP: N_("Stop being a buddy"),
}


class OnlyInServer(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This works only inside a server."))


class OfferButton(PersistentItem[ui.Button[Any]], template=rf"buddies:offer:(?P<what>{BEGIN}|{PAUSE}|{RESUME}|{STOP})"):
    """Whoever presses it begins, pauses or stops being a buddy."""

    access = EVERYONE

    def __init__(self, what: str, label: str = "-") -> None:
        style = discord.ButtonStyle.primary if what in (BEGIN, RESUME) else discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"buddies:offer:{what}"))
        self.what = what

    async def run(self, interaction: "Interaction") -> None:
        if interaction.guild_id is None:
            raise OnlyInServer
        offers, who = interaction.client.service(Offers), (interaction.guild_id, interaction.user.id)
        if self.what == STOP:
            await offers.stop(*who)
        else:
            await interaction.client.community.know(*who)
            await offers.set(*who, paused=self.what == PAUSE)
        await show_page(interaction, KEY)


class CapacityMenu(PersistentItem[ui.Select[Any]], template=r"buddies:capacity"):
    """How many newcomers at once."""

    access = EVERYONE

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "buddies:capacity"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        if interaction.guild_id is None:
            raise OnlyInServer
        wanted = int(self.item.values[0])
        await interaction.client.service(Offers).set(interaction.guild_id, interaction.user.id, capacity=wanted)
        await show_page(interaction, KEY)


async def _own(look: Look) -> Sequence[Part] | None:
    """Nothing for somebody who may not be a buddy and is none."""
    offers, t = look.bot.service(Offers), look.t
    kept = await offers.of(look.guild.id, look.member.id)
    may = offers.may(look.guild.id, look.member.id)
    if kept is None and not may:
        return None
    weeks = DUTY.days // 7
    what = t(N_("A buddy says hello to a newcomer and answers what they ask, for {weeks} weeks."), weeks=weeks)
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    if kept is None:
        said = t.plural(
            "You get {n} newcomer at a time at most, and can change that here.",
            "You get {n} newcomers at a time at most, and can change that here.",
            FIRST_CAPACITY,
        )
        return [f"{what} {said}", row.add_item(OfferButton(BEGIN, t(LABELS[BEGIN])))]
    first = RESUME if kept.paused else PAUSE
    row.add_item(OfferButton(first, t(LABELS[first]))).add_item(OfferButton(STOP, t(LABELS[STOP])))
    parts: list[Part] = ["\n".join([what, _state(t, kept, may=may), *_newcomers(look, kept)])]
    menu: ui.ActionRow[LayoutView] = ui.ActionRow()
    return [*parts, menu.add_item(CapacityMenu(_menu(t, kept))), row]


def _state(t: Localizer, kept: Kept, *, may: bool) -> str:
    if not may:
        return t(N_("At present you get none: buddies are off here, or need a role that you do not have."))
    if kept.unreachable:
        return t(N_("Paused: no message of mine reached you. Open your private messages here, then go on."))
    if kept.paused:
        return t(N_("Paused: you get no new ones. Whom you have stays until the two weeks are over."))
    if not kept.newcomers:
        return t(N_("You have no newcomer at present."))
    return t.plural("You have {n} newcomer at present.", "You have {n} newcomers at present.", len(kept.newcomers))


def _newcomers(look: Look, kept: Kept) -> list[str]:
    lines = []
    for pair in kept.newcomers:
        name = name_of(look.bot, look.guild.id, pair.newcomer_id)
        if name is not None:
            until = f"<t:{int((pair.begun_at + DUTY).timestamp())}:d>"
            place = "" if pair.thread_id is None else f" · <#{pair.thread_id}>"
            lines.append("- " + look.t(N_("{name}, until {date}"), name=name, date=until) + place)
    return lines


def _menu(t: Localizer, kept: Kept) -> "ui.Select[Any]":
    options = [
        discord.SelectOption(
            label=t.plural("{n} newcomer at a time", "{n} newcomers at a time", n),
            value=str(n),
            default=n == kept.capacity,
        )
        for n in CAPACITIES
    ]
    return ui.Select(options=options, placeholder=t(N_("How many newcomers")))


buddy_page = ProfilePage(KEY, N_("Being a buddy"), 35, own=_own)
PARTS = (OfferButton, CapacityMenu)
