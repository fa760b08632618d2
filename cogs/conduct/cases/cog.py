"""Wires cases to the bot."""

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.contracts.events import MemberErasing
from cogs.conduct.capabilities import MODERATION
from cogs.conduct.cases.service import Cases
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


class CaseFiles(commands.Cog):
    """Loaded first of moderation: every other part makes or reads cases."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.cases = Cases(bot.db, bot.guild_settings, bot.timers)

    async def cog_load(self) -> None:
        bot = self.bot
        bot.sections.register(ConductSettings)
        bot.capabilities.register(MODERATION)
        bot.provide(Cases, self.cases)
        bot.bus.on(MemberErasing, self.cases.on_erasing)
