"""`/record`, and the member's own record in `/profile`."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.permissions import requires
from bot.ui import reply
from cogs.conduct.access import MODERATE
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.record import profile
from cogs.conduct.record.buttons import PARTS
from cogs.conduct.record.page import record_view
from cogs.conduct.record.service import Records

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class RecordCog(commands.Cog, name="Records"):
    """Loaded after cases, reports and appeals."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.provide(Records, Records(self.bot.db))
        self.bot.add_persistent(*PARTS, *profile.PARTS)
        self.bot.profile.register(profile.own_page)

    @app_commands.command(name=L_("record"), description=L_("What is known about a member: cases, notes, reports"))
    @app_commands.describe(member=L_("Whose record; their id works after they left"))
    @app_commands.rename(member=L_("member"))
    @app_commands.default_permissions(moderate_members=True)
    @app_commands.guild_only()
    @requires(MODERATE)
    async def record(self, interaction: "Interaction", member: discord.User) -> None:
        await reply(interaction, view=await record_view(Bench.of(interaction), member.id))
