"""`/lockdown`: closes or slows the server for a while, and puts everything back."""

from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.contracts.events import ServerPurged
from bot.contracts.lockdown import LockdownDoor
from bot.i18n.marks import N_
from bot.permissions import STAFF, requires
from bot.ui import reply
from cogs.conduct.lockdown.bringing import Bringing
from cogs.conduct.lockdown.buttons import PARTS, AskButton
from cogs.conduct.lockdown.doing import Desk
from cogs.conduct.lockdown.level import LockdownLevel
from cogs.conduct.lockdown.rules import LONGEST, SHORTEST
from cogs.conduct.lockdown.service import CARRY, Lockdowns
from cogs.conduct.lockdown.settings import LOCKDOWN, LockdownSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot
    from bot.i18n.localizer import Localizer

    Interaction = discord.Interaction[CommunityBot]

Minutes = app_commands.Range[int, SHORTEST, LONGEST]


class Door:
    """Offers a lockdown where another part of the bot sees trouble."""

    def __init__(self, bot: "CommunityBot", lockdowns: Lockdowns) -> None:
        self._bot = bot
        self._lockdowns = lockdowns

    def holding_since(self, guild_id: int) -> datetime | None:
        return self._lockdowns.holding_since(guild_id)

    def button(self, guild_id: int, t: "Localizer") -> AskButton | None:
        if not self._bot.guild_settings.get(guild_id, LockdownSettings).enabled:
            return None
        return AskButton(guild_id, t(N_("Lock down")))


@app_commands.default_permissions(manage_channels=True)
@app_commands.guild_only()
class LockdownCog(
    commands.GroupCog,
    name="Lockdown",
    group_name=L_("lockdown"),
    group_description=L_("Close or slow the server for a while"),
):
    """The two commands, and the timer behind them."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.lockdowns = Lockdowns(bot.db, bot.timers)
        self.bringing = Bringing(bot, self.lockdowns)

    async def cog_load(self) -> None:
        bot = self.bot
        bot.sections.register(LockdownSettings)
        bot.capabilities.register(LOCKDOWN)
        bot.capabilities.reports.append(self.report)
        bot.provide(Lockdowns, self.lockdowns)
        bot.levels.register(LockdownLevel(bot.db, self.lockdowns))
        bot.provide(LockdownDoor, Door(bot, self.lockdowns))
        bot.add_persistent(*PARTS)
        bot.timers.handle(CARRY, self.bringing.handle)
        bot.community.reconcile.register(self.reconcile)
        bot.bus.after(ServerPurged, self.lockdowns.after_purged)
        await self.lockdowns.load()

    async def report(self, guild_id: int, t: "Localizer") -> str | None:
        """A line of `/status` while a lockdown is in force, or being undone."""
        one = await self.lockdowns.present(guild_id)
        if one is None:
            return None
        if one.ended_at is not None:
            return t(N_("The lockdown is over, and not everything is back yet."))
        return t(N_("A lockdown is in force until {moment}."), moment=f"<t:{int(one.until.timestamp())}:f>")

    async def reconcile(self, guild: discord.Guild, since: datetime) -> None:
        """After a start or a lost session: go on where it stopped."""
        await self.lockdowns.hasten(guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """What the bot may do may have changed."""
        if before.permissions != after.permissions and after in after.guild.me.roles:
            await self.lockdowns.hasten(after.guild.id)

    @app_commands.command(name=L_("start"), description=L_("Lock the server down, after a preview; again to prolong"))
    @app_commands.describe(minutes=L_("How long, 5 minutes to 7 days; else as the settings say"))
    @app_commands.rename(minutes=L_("minutes"))
    @requires(STAFF)
    async def start(self, interaction: "Interaction", minutes: Minutes | None = None) -> None:
        await reply(interaction, view=await Desk.of(interaction).preview(minutes))

    @app_commands.command(name=L_("end"), description=L_("End the lockdown now and put everything back"))
    @requires(STAFF)
    async def end(self, interaction: "Interaction") -> None:
        await Desk.of(interaction).end()
