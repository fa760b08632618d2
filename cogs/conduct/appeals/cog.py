"""Wires appeals to the bot."""

from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.contracts.cases import SanctionOverturned
from cogs.conduct.access import MODERATE
from cogs.conduct.appeals.buttons import PARTS, read_action
from cogs.conduct.appeals.effects import Effects
from cogs.conduct.appeals.forms import AppealForm, DecisionForm
from cogs.conduct.appeals.letters import address_part, notice_part
from cogs.conduct.appeals.service import APPEAL, Appeals
from cogs.conduct.carrying.carrying import Carrying
from cogs.conduct.cases.service import Cases
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


class AppealsCog(commands.Cog, name="Appeals"):
    """Loaded after cases and what carries them out."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.appeals = Appeals(bot.db, bot.guild_settings, bot.service(Cases), bot.inbox, bot.timers)
        self.effects = Effects(bot, self.appeals)

    async def cog_load(self) -> None:
        bot = self.bot
        bot.provide(Appeals, self.appeals)
        bot.add_persistent(*PARTS, AppealForm, DecisionForm)
        bot.inbox.register(APPEAL, actions=(read_action,), shown=self._enabled, permissions=MODERATE.permissions)
        bot.bus.on(SanctionOverturned, self.appeals.on_overturned)
        bot.service(Carrying).notice_parts.extend((notice_part(bot), address_part(bot)))
        bot.community.reconcile.register(self.reconcile)
        await self.appeals.load()

    async def reconcile(self, guild: discord.Guild, since: datetime) -> None:
        await self.effects.resume(guild)

    def _enabled(self, guild_id: int) -> bool:
        return self.bot.guild_settings.get(guild_id, ConductSettings).enabled
