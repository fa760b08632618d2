"""`/status` and its button."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import app_commands, ui
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.i18n.marks import N_
from bot.permissions import STAFF, NotAllowed, requires
from bot.ui import LayoutView, PersistentItem, reply, update
from cogs.administration.status.figures import gather
from cogs.administration.status.screen import status_page

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class RefreshButton(PersistentItem[ui.Button[Any]], template=r"status:refresh"):
    """Looks again."""

    access: ClassVar = STAFF

    def __init__(self, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id="status:refresh"))

    async def run(self, interaction: "Interaction") -> None:
        await update(interaction, view=await look(interaction))


class StatusCog(commands.Cog, name="Status"):
    """How the bot does."""

    @app_commands.command(name=L_("status"), description=L_("How the bot does here, and what to mend"))
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    @requires(STAFF)
    async def status(self, interaction: "Interaction") -> None:
        await reply(interaction, view=await look(interaction))


async def look(interaction: "Interaction") -> LayoutView:
    """The page as things are now. Raises NotAllowed in a server the bot has left."""
    bot = interaction.client
    guild = bot.get_guild(interaction.guild_id or 0)
    if guild is None:
        raise NotAllowed
    t = bot.i18n.for_interaction(interaction)
    return await status_page(bot, guild, t, await gather(bot, guild.id), RefreshButton(t(N_("Look again"))))
