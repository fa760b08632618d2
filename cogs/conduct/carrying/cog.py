"""Wires what happens because of cases to the bot."""

from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.clock import now
from bot.contracts.cases import CaseKind
from bot.contracts.events import MemberJoined, SettingsChanged
from bot.database import Transaction
from bot.passing import PASSING
from cogs.conduct.carrying.carrying import Carrying
from cogs.conduct.carrying.items import CaseButton, NoticeButton
from cogs.conduct.carrying.modlog import UNWRITABLE
from cogs.conduct.carrying.outages import Outages
from cogs.conduct.carrying.repair import Repair
from cogs.conduct.cases.service import Cases
from cogs.conduct.handmade.recording import Handmade
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


class CarryingCog(commands.Cog, name="Carrying"):
    """Brings Discord to what was decided, and what was done on Discord to the cases."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.cases = bot.service(Cases)
        self.carrying = Carrying(bot, self.cases)
        self.handmade = Handmade(bot, self.cases)
        repair = Repair(bot, self.cases, self.carrying.bringing)
        self.outages = Outages(bot, self.handmade, repair)

    async def cog_load(self) -> None:
        bot = self.bot
        await self.carrying.bringing.hindered.load()
        bot.provide(Carrying, self.carrying)
        bot.add_persistent(CaseButton, NoticeButton)
        bot.inbox.register(UNWRITABLE, shown=self._enabled)
        bot.bus.on(MemberJoined, self.on_joined)
        bot.bus.after(SettingsChanged, self.after_settings_changed)
        bot.community.reconcile.register(self.reconcile)

    async def on_joined(self, event: MemberJoined, tx: Transaction) -> None:
        """A timeout that is in force applies to somebody who comes back."""
        await self.cases.measures.owe(tx, event.guild_id, event.user_id, CaseKind.TIMEOUT)

    async def reconcile(self, guild: discord.Guild, since: datetime) -> None:
        """After a start or a lost session: what moderators did meanwhile becomes cases, and what is owed is done."""
        await self.outages.reconcile(guild, since)
        await self.carrying.resume(guild)

    async def after_settings_changed(self, event: SettingsChanged) -> None:
        if event.section == ConductSettings.key:
            await self.carrying.modlog.try_again(event.guild_id)

    @commands.Cog.listener()
    async def on_audit_log_entry_create(self, entry: discord.AuditLogEntry) -> None:
        if self._enabled(entry.guild.id):
            try:
                await self.handmade.hear(entry)
            except PASSING as error:
                await self.outages.promise(entry.guild.id, entry.created_at, error)

    @commands.Cog.listener()
    async def on_automod_action(self, execution: discord.AutoModAction) -> None:
        at = now()
        if self._enabled(execution.guild_id):
            async with self.handmade.turn(execution.guild_id):
                await self.handmade.automod.heard(execution, at)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        await self.carrying.try_again(after.guild)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        mine = after.id == after.guild.me.id or after.guild.id in self.carrying.bringing.hindered
        if mine and before.roles != after.roles:
            await self.carrying.try_again(after.guild)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        await self.carrying.try_again(after.guild)

    def _enabled(self, guild_id: int) -> bool:
        return self.bot.guild_settings.get(guild_id, ConductSettings).enabled
