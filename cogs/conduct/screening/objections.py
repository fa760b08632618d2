"""Where the team says that a hit was wrong: a button in the inbox, a menu below what a filter found."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.contracts.inbox import InboxItem
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentItem, palette, reply
from cogs.conduct.access import MODERATE
from cogs.conduct.screening.buttons import NUMBER
from cogs.conduct.screening.judging import Judging
from cogs.conduct.screening.place import Place, show

if TYPE_CHECKING:
    from bot.client import CommunityBot
    from bot.i18n.localizer import Localizer

    Interaction = discord.Interaction[CommunityBot]

HIT = r"(?P<filter>\d{1,18}):(?P<source>(?:message|name|thread):[0-9a-z:]{1,56})"
NOTED = N_("Noted as wrong: it counts against this filter.")
DISARMED_NOW = N_("That is too much of it: from now on it only watches.")
TAKEN_BACK = N_("Taken back: it does not count against this filter.")


class WrongButton(
    PersistentItem[ui.Button[Any]],
    template=rf"filters:wrong:{HIT}",
):
    """Of the inbox: what the filter found is all right."""

    access: ClassVar = MODERATE

    def __init__(self, filter_id: int, source: str, label: str = "-") -> None:
        key = f"filters:wrong:{filter_id}:{source}"
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.secondary, custom_id=key))
        self.filter_id, self.source = filter_id, source

    async def run(self, interaction: "Interaction") -> None:
        bot, guild_id = interaction.client, interaction.guild_id or 0
        disarmed = await bot.service(Judging).mark(guild_id, self.filter_id, self.source, interaction.user.id)
        t = bot.i18n.for_interaction(interaction)
        await reply(interaction, " ".join([t(NOTED), t(DISARMED_NOW)] if disarmed else [t(NOTED)]))


def wrong_action(item: InboxItem, t: "Localizer") -> WrongButton:
    """Of the inbox: says that what was found is all right."""
    filter_id, _, source = item.source.partition(":")
    return WrongButton(int(filter_id), source, t(N_("All is well with it")))


class HitsMenu(PersistentItem[ui.Select[Any]], template=rf"filters:judge:{NUMBER}"):
    """Below the hits of a filter: calls one wrong, or takes that back; the wanted state is in the choice."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    def of(cls, number: int, options: list[discord.SelectOption], placeholder: str) -> Self:
        return cls(ui.Select(custom_id=f"filters:judge:{number}", options=options, placeholder=placeholder))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)  # type: ignore[arg-type]

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.screening.results import hits_page

        place, number = Place.of(interaction), int(self.item.custom_id.rpartition(":")[2])
        wanted, _, source = self.item.values[0].partition(":")
        kept, wrong = place.kept(number), wanted == "1"
        disarmed = await place.judging.mark(place.guild.id, kept.id, source, place.user_id, wrong=wrong)
        said = place.t(NOTED if wrong else TAKEN_BACK)
        if disarmed:
            said = f"{palette.WARNING} {said} " + place.t(DISARMED_NOW)
        await show(interaction, await hits_page(place, number, said))


PARTS = (WrongButton, HitsMenu)
