"""Wires the comeback to the bot."""

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.contracts.events import ActivityCounted, MemberJoined
from cogs.onboarding.comeback.message import comeback
from cogs.onboarding.comeback.service import Comebacks
from cogs.onboarding.comeback.settings import COMEBACK, ComebackSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


class Comeback(commands.Cog):
    """Members who come back."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.comebacks = Comebacks(bot.guild_settings, bot.attention, bot.time_zone_of)

    async def cog_load(self) -> None:
        bot = self.bot
        bot.sections.register(ComebackSettings)
        bot.capabilities.register(COMEBACK)
        bot.attention.register(comeback())
        bot.bus.on(ActivityCounted, self.comebacks.on_counted)
        bot.bus.on(MemberJoined, self.comebacks.on_joined)
