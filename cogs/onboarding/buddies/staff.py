"""**Assign buddy** on `/newcomers`."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.permissions import STAFF
from bot.ui import PersistentItem
from bot.ui.text import escaped
from cogs.onboarding.buddies.items import name_of
from cogs.onboarding.buddies.pairs import Asked
from cogs.onboarding.buddies.service import Buddies
from cogs.onboarding.newcomers.items import turn_to
from cogs.onboarding.newcomers.place import PLACE, Place

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

SAID = {
    Asked.PAIRED: N_("{name} has a buddy: {buddy}."),
    Asked.HAS_ONE: N_("{name} has a buddy already: {buddy}."),
    Asked.QUEUED: N_("{name} would like a buddy, and none is free. They are next in line."),
    Asked.LATER: N_("{name} gets the buddy they asked for once the required steps are done."),
    Asked.OFFERED: N_("Nobody is paired unasked, so {name} is asked in private whether they would like a buddy."),
    Asked.SILENT: N_("{name} was asked before, or wants no messages they did not ask for."),
}


class AssignButton(
    PersistentItem[ui.Button[Any]], template=rf"buddies:assign:(?P<user>\d{{15,20}}):(?P<place>{PLACE})"
):
    """A newcomer who asked for a buddy is matched; anybody else is asked first."""

    access: ClassVar = STAFF

    def __init__(self, user_id: int, place: Place, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"buddies:assign:{user_id}:{place}"))
        self.user_id, self.place = user_id, place

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["user"]), Place.parse(match["place"]))

    async def run(self, interaction: "Interaction") -> None:
        assert interaction.guild_id is not None
        bot, guild_id = interaction.client, interaction.guild_id
        t = bot.i18n.for_interaction(interaction)
        known = await bot.community.members.get(guild_id, self.user_id)
        name = name_of(bot, guild_id, self.user_id) or (escaped(known.display_name) if known else t(N_("This person")))
        if known is None or known.left_at is not None:
            await turn_to(interaction, self.place, t(N_("{name} is not here any more."), name=f"**{name}**"))
            return
        answer = await bot.service(Buddies).assign(guild_id, self.user_id)
        buddy = name_of(bot, guild_id, answer.pair.buddy_id) if answer.pair else None
        nobody = t(N_("somebody who left"))
        said = t(SAID[answer.how], name=f"**{name}**", buddy=f"**{buddy or nobody}**")
        await turn_to(interaction, self.place, said)
