"""`/inbox`, and what the inbox hears of the server."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.contracts.events import SettingsChanged
from bot.contracts.inbox import (
    InboxItemAdded,
    InboxItemClaimed,
    InboxItemReleased,
    InboxItemSettled,
    InboxItemUrgent,
)
from bot.guilds.sections import CommunitySettings
from bot.inbox.stuck import StuckTimers
from bot.messages import HotEvent
from bot.permissions import requires
from bot.permissions.team import is_staff
from bot.ui import reply
from cogs.administration.inbox.access import INBOX
from cogs.administration.inbox.living import Living
from cogs.administration.inbox.office import Kind, Office, Screen, render

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

CHANGES = InboxItemAdded, InboxItemClaimed, InboxItemReleased, InboxItemSettled, InboxItemUrgent


class InboxCog(commands.Cog, name="Inbox"):
    """What waits for the team."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.living = Living(bot)
        self.stuck = StuckTimers(bot.db, bot.inbox, bot.timers)
        for change in CHANGES:
            bot.bus.on(change, self.living.on_changed)
        bot.bus.after(SettingsChanged, self.after_settings_changed)
        bot.messages.tap(self._on_delete, HotEvent.MESSAGE_DELETE)
        bot.messages.tap(self._on_bulk_delete, HotEvent.BULK_DELETE)

    @app_commands.command(name=L_("inbox"), description=L_("What waits for the team: take care of it, hand it over"))
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    @requires(INBOX)
    async def inbox(self, interaction: "Interaction") -> None:
        await reply(interaction, view=await render(Office.of(interaction), Screen(Kind.LIST)))

    async def after_settings_changed(self, event: SettingsChanged) -> None:
        """Another channel, language or team, or a capability that is on or off now."""
        guild = self.bot.get_guild(event.guild_id)
        if guild is None:
            return
        if event.section == CommunitySettings.key:
            await self.drop_strangers(guild)
        await self.living.soon(guild.id)

    # After a start or an outage

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        for guild in list(self.bot.guilds):
            await self.drop_strangers(guild)
        await self.stuck.look()
        await self.living.reconcile(list(self.bot.guilds))

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        if self.bot.is_ready():
            await self._arrived(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._arrived(guild)

    async def _arrived(self, guild: discord.Guild) -> None:
        await self.drop_strangers(guild)
        await self.living.reconcile([guild])

    # Nobody holds what they may not act on any more

    async def drop_strangers(self, guild: discord.Guild) -> None:
        """Give back what people hold who have left the team or the server, but what they may act on all the same."""
        if guild.unavailable:
            return
        found = {one: await self._kept(guild, one) for one in sorted(await self.bot.inbox.holders(guild.id))}
        await self.bot.inbox.drop_all(guild.id, {one: kept for one, kept in found.items() if kept is not None})

    async def _kept(self, guild: discord.Guild, user_id: int) -> frozenset[str] | None:
        """The kinds of which this person may hold items; None for all."""
        member = guild.get_member(user_id)
        if member is None and not guild.chunked:
            try:
                member = await guild.fetch_member(user_id)
            except discord.NotFound:
                return frozenset()
            except discord.HTTPException:
                return None  # not known: their claim expires by itself
        if member is None:
            return frozenset()
        return None if is_staff(self.bot, member) else self._acted_on(member)

    def _acted_on(self, member: discord.Member) -> frozenset[str]:
        return self.bot.inbox.kinds.acted_on_with([name for name, on in member.guild_permissions if on])

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        if after.id == after.guild.me.id:
            await self.living.try_again(after.guild)
        elif before.roles != after.roles and not is_staff(self.bot, after):
            await self.bot.inbox.drop_all(after.guild.id, {after.id: self._acted_on(after)})

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        if before.permissions != after.permissions:
            await self.drop_strangers(after.guild)
            await self.living.try_again(after.guild)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self.drop_strangers(role.guild)

    # What happens to the message

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        await self.living.try_again(after.guild)

    def _on_delete(self, payload: discord.RawMessageDeleteEvent) -> Any:
        return self.living.deleted([payload.message_id])

    def _on_bulk_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> Any:
        return self.living.deleted(payload.message_ids)
