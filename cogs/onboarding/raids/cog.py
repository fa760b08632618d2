"""Wires the raid brake to the bot."""

from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.contracts.events import MemberErasing, MemberJoined, SettingsChanged
from bot.contracts.lockdown import LockdownEnded, NewcomerHold
from cogs.onboarding.effects import Bringing
from cogs.onboarding.raids.brake import Brake
from cogs.onboarding.raids.buttons import PARTS
from cogs.onboarding.raids.effects import Effects
from cogs.onboarding.raids.gate import Gate
from cogs.onboarding.raids.level import RaidLevel
from cogs.onboarding.raids.settings import RAIDS, RaidsSettings
from cogs.onboarding.service import Debts

if TYPE_CHECKING:
    from bot.client import CommunityBot


class RaidBrake(commands.Cog):
    """Loaded after the welcome: who is held is owed no role meanwhile."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.brake = Brake(bot.db, bot.guild_settings, bot.timers)
        self.effects = Effects(bot, self.brake, bot.service(Bringing))
        self.gate = Gate(bot, self.brake.held, bot.service(Bringing))

    async def cog_load(self) -> None:
        bot, brake = self.bot, self.brake
        bot.sections.register(RaidsSettings)
        bot.capabilities.register(RAIDS)
        bot.provide(Brake, brake)
        bot.add_persistent(*PARTS)
        bot.service(Debts).held = self.gate
        bot.provide(NewcomerHold, self.gate)
        bot.levels.register(RaidLevel(bot.db, brake.promises))
        bot.bus.after(LockdownEnded, self.gate.after_lockdown)
        bot.bus.on(MemberJoined, brake.watch.on_joined)
        bot.bus.on(MemberErasing, brake.held.on_erasing)
        bot.bus.after(SettingsChanged, self.after_settings_changed)
        bot.community.reconcile.register(self.reconcile)
        await brake.held.load()

    async def reconcile(self, guild: discord.Guild, since: datetime) -> None:
        """After a start or a lost session: notice a raid of meanwhile, and bring Discord to what was decided."""
        await self.brake.watch.replay(guild.id, since)
        await self.effects.resume(guild)

    async def after_settings_changed(self, event: SettingsChanged) -> None:
        """There may be a staff channel now."""
        guild = self.bot.get_guild(event.guild_id)
        if guild is not None and event.section == "community":
            await self.effects.try_again(guild)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        await self.effects.try_again(after.guild)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        await self.effects.try_again(after.guild)
