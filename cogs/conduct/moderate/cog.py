"""The menu **Moderate** on a message or a member."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.permissions import requires
from bot.ui import reply
from cogs.conduct.access import MODERATE
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.service import Deciding
from cogs.conduct.evidence.service import EvidenceRoom
from cogs.conduct.moderate.buttons import PARTS
from cogs.conduct.moderate.effects import Deleting
from cogs.conduct.moderate.forms import ReasonForm, WordForm
from cogs.conduct.moderate.opening import opened
from cogs.conduct.moderate.service import DELETE, Panels
from cogs.conduct.reports.service import Reports

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class ModerateCog(commands.Cog, name="Moderate"):
    """Loaded after decisions, evidence and reports."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        room, reports = bot.service(EvidenceRoom), bot.service(Reports)
        self.panels = Panels(bot.db, bot.service(Deciding), room, reports, bot.timers)
        self.menus = [
            app_commands.ContextMenu(name=L_("Moderate"), callback=moderate_message),
            app_commands.ContextMenu(name=L_("Moderate"), callback=moderate_member),
        ]

    async def cog_load(self) -> None:
        bot = self.bot
        bot.provide(Panels, self.panels)
        bot.timers.handle(DELETE, Deleting(bot).handle)
        bot.add_persistent(*PARTS, ReasonForm, WordForm)
        for menu in self.menus:
            menu.guild_only = True
            menu.default_permissions = discord.Permissions(moderate_members=True)
            bot.tree.add_command(menu)


@requires(MODERATE)
async def moderate_message(interaction: "Interaction", message: discord.Message) -> None:
    """The panel about whoever wrote the message, which is its evidence."""
    view = await opened(Bench.of(interaction), message.author, message=message)
    await reply(interaction, view=view)


@requires(MODERATE)
async def moderate_member(interaction: "Interaction", member: discord.User) -> None:
    """The panel about a member."""
    await reply(interaction, view=await opened(Bench.of(interaction), member))
