"""`/setup`, and what it hears of the server."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.permissions import MANAGE_SERVER, requires
from cogs.administration.setup.items import open_setup
from cogs.administration.setup.runs import RUN
from cogs.administration.setup.site import Setup

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class SetupCog(commands.Cog, name="Setup"):
    """From a new server to a working one, in six steps."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.setup = Setup(bot)
        bot.provide(Setup, self.setup)
        bot.timers.handle(RUN, self.setup.applying.carry_out)

    async def cog_load(self) -> None:
        await self.setup.load()

    @app_commands.command(
        name=L_("setup"), description=L_("Set this server up, step by step; nothing changes before the end")
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    @requires(MANAGE_SERVER)
    async def open(self, interaction: "Interaction") -> None:
        await open_setup(interaction)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        # Its data may have been purged while the bot was away.
        await self.setup.load(guild.id)
