"""`/profile`, the menu **Profile** on a member, and `/privacy`, which works in direct messages too."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.permissions import EVERYONE, requires
from bot.profile import open_profile
from cogs.membership.privacy import open_privacy

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class Membership(commands.Cog):
    """A member's own rooms."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.menu = app_commands.ContextMenu(name=L_("Profile"), callback=show_profile)
        self.menu.guild_only = True

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self.menu)

    @app_commands.command(
        name=L_("profile"), description=L_("Your steps, groups and choices here; of somebody else, what is public")
    )
    @app_commands.rename(member=L_("member"))
    @app_commands.describe(member=L_("Whose profile to look at; your own when left out"))
    @app_commands.guild_only()
    @requires(EVERYONE)
    async def profile(self, interaction: "Interaction", member: discord.User | None = None) -> None:
        await open_profile(interaction, member)

    @app_commands.command(name=L_("privacy"), description=L_("What is kept about you: read it, get it, erase it"))
    @app_commands.allowed_installs(guilds=True)
    @app_commands.allowed_contexts(guilds=True, dms=True)
    @requires(EVERYONE)
    async def privacy(self, interaction: "Interaction") -> None:
        await open_privacy(interaction)


@requires(EVERYONE)
async def show_profile(interaction: "Interaction", member: discord.User) -> None:
    """The profile of the member on whom the menu was opened."""
    await open_profile(interaction, member)
