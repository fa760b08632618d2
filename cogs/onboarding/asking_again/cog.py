"""Wires the asking to the bot."""

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.contracts.events import CodePublished
from bot.contracts.services import CodeOfConduct
from cogs.onboarding.asking_again.asking import ASK, Asking
from cogs.onboarding.asking_again.message import request
from cogs.onboarding.service import Journeys

if TYPE_CHECKING:
    from bot.client import CommunityBot


class AskingAgain(commands.Cog):
    """Loaded after the welcome, which keeps who accepted what."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        code, journeys = bot.service(CodeOfConduct), bot.service(Journeys)
        self.asking = Asking(bot.db, bot.guild_settings, code, journeys, bot.attention, bot.timers)

    async def cog_load(self) -> None:
        self.bot.attention.register(request(self.asking))
        self.bot.bus.on(CodePublished, self.asking.on_published)
        self.bot.timers.handle(ASK, self.asking.due)
