"""Wires the code of conduct to the bot."""

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.contracts.services import CodeOfConduct
from cogs.conduct.code.service import Codes

if TYPE_CHECKING:
    from bot.client import CommunityBot


class CodeCog(commands.Cog, name="Code of conduct"):
    """Provides ``CodeOfConduct``."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.codes = Codes(bot.db)

    async def cog_load(self) -> None:
        self.bot.provide(CodeOfConduct, self.codes)
        self.bot.provide(Codes, self.codes)
        await self.codes.load()
