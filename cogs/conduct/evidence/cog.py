"""Wires evidence to the bot."""

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.contracts.cases import SanctionOverturned
from cogs.conduct.evidence.buttons import EvidenceButton
from cogs.conduct.evidence.service import EvidenceRoom

if TYPE_CHECKING:
    from bot.client import CommunityBot


class EvidenceCog(commands.Cog, name="Evidence"):
    """Loaded after cases, before whatever takes evidence."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.room = EvidenceRoom(bot.db, bot.timers)

    async def cog_load(self) -> None:
        self.bot.provide(EvidenceRoom, self.room)
        self.bot.add_persistent(EvidenceButton)
        self.bot.bus.on(SanctionOverturned, self.room.on_overturned)
