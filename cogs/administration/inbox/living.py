"""The one message in the staff channel: edited rather than posted again, and never a request that is known to fail."""

import contextlib
import logging
from collections.abc import Coroutine, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import now
from bot.contracts.inbox import InboxEvent
from bot.database import Transaction
from bot.guilds.sections import CommunitySettings
from bot.inbox.message import Messages, Standing
from bot.permissions.channels import ChannelGone, MissingInChannel, missing_permissions
from bot.permissions.team import is_staff
from bot.posts import Build, Posted
from bot.timers import DueTimer
from cogs.administration.inbox.notice import fingerprint, notice
from cogs.administration.inbox.office import names_of_absent

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

POST = "inbox:post"
"""Kind of the timer that brings the message up to date: made in the transaction of each change, one row a server."""
PAUSE = timedelta(seconds=10)
"""Between two edits, so that many changes at once are one."""
A_DAY_SECONDS = 86400.0
NEEDS = ("view_channel", "send_messages", "read_message_history")


class Living:
    """A change and the promise to show it commit together, so that a crash loses neither."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot
        self._messages = Messages(bot.db)
        self._servers: dict[int, int] = {}
        """Servers by the id of their message, to notice when somebody deletes it."""
        self._begun: dict[int, datetime] = {}
        self._to_look_for: set[int] = set()
        """Servers in which the message may have been deleted unseen."""
        self._blocked: set[int] = set()
        """Servers in which a permission is in the way."""
        bot.timers.handle(POST, self._due)
        bot.timers.every(POST, A_DAY_SECONDS, self.refresh)

    async def on_changed(self, event: InboxEvent, tx: Transaction) -> None:
        """Of every change of an item: the message will show it, some seconds later when it has just been edited."""
        await self._promise(tx, event.guild_id)

    async def soon(self, guild_id: int) -> None:
        """Bring the message up to date, because something else changed."""
        await self._bot.db.transaction(lambda tx: self._promise(tx, guild_id))

    async def reconcile(self, guilds: Iterable[discord.Guild]) -> None:
        """After a start or an outage: edit what differs, and post what somebody deleted meanwhile."""
        self._servers = await self._messages.all()
        concerned = await self._messages.concerned()
        for guild in guilds:
            if guild.id in concerned and not guild.unavailable:
                self._to_look_for.add(guild.id)
                await self.soon(guild.id)

    async def refresh(self) -> None:
        """Once a day: names and erased people change what the messages show without an event."""
        for guild_id in await self._messages.concerned():
            if self._bot.get_guild(guild_id) is not None:
                await self.soon(guild_id)

    async def try_again(self, guild: discord.Guild) -> None:
        """Something changed that may have been in the way."""
        if guild.id in self._blocked:
            await self.soon(guild.id)

    def deleted(self, message_ids: Iterable[int]) -> Coroutine[Any, Any, None] | None:
        """Of every deletion: is it our message?"""
        found = [self._servers.pop(one) for one in message_ids if one in self._servers]
        return self._post_again(found[0]) if found else None

    async def _post_again(self, guild_id: int) -> None:
        standing = await self._messages.standing(guild_id)
        if standing is not None:
            await self._forget(standing)
        await self.soon(guild_id)

    async def _promise(self, tx: Transaction, guild_id: int) -> None:
        begun = self._begun.get(guild_id)
        due_at = now() if begun is None else max(now(), begun + PAUSE)
        await self._bot.timers.schedule(
            tx, kind=POST, key=f"{POST}:{guild_id}", due_at=due_at, guild_id=guild_id, payload={}
        )

    async def _due(self, timer: DueTimer) -> None:
        guild = self._bot.get_guild(timer.guild_id or 0)
        if guild is None or guild.unavailable:
            return  # when it is back, it is reconciled
        self._blocked.discard(guild.id)
        await self._bring(guild)
        self._to_look_for.discard(guild.id)

    async def _bring(self, guild: discord.Guild) -> None:
        chosen = self._bot.guild_settings.get(guild.id, CommunitySettings).staff_channel
        channel = guild.get_channel(chosen or 0)
        standing = await self._messages.standing(guild.id)
        if standing is not None and (channel is None or standing.channel_id != channel.id):
            await self._remove(guild, standing)
            standing = None
        if not isinstance(channel, discord.TextChannel):
            return
        if standing is None:
            if not await self._bot.inbox.open_items(guild.id) or self._lacks(channel):
                return
            standing = await self._messages.begin(guild.id, channel.id)
        await self._show(channel, standing)

    async def _show(self, channel: discord.TextChannel, standing: Standing) -> None:
        """Make the message show what is, and post it where it does not stand."""
        build = await self._content(channel.guild, standing.number)
        shown = fingerprint(build()["view"])
        if shown == standing.shown and channel.guild.id not in self._to_look_for:
            return
        self._begun[channel.guild.id] = now()
        try:
            message = await self._bot.posts.replace(channel, standing.key, build)
        except (ChannelGone, MissingInChannel) as reason:
            self._wait(channel.guild.id, reason.message)
            return
        self._servers.pop(standing.message_id or 0, None)
        self._servers[message.id] = channel.guild.id
        await self._messages.shows(standing, message.id, shown)

    async def _remove(self, guild: discord.Guild, standing: Standing) -> None:
        """Take the message out of the channel where it stood."""
        channel = guild.get_channel(standing.channel_id)
        if isinstance(channel, discord.TextChannel) and not missing_permissions(channel, NEEDS):
            message: Posted
            if standing.message_id is not None:
                message = channel.get_partial_message(standing.message_id)
                self._servers.pop(standing.message_id, None)
            else:  # a crash came in between: whether it was posted is found out by posting it
                message = await self._bot.posts.once(channel, standing.key, await self._content(guild, standing.number))
            with contextlib.suppress(discord.NotFound):
                await message.delete()
        await self._forget(standing)

    async def _forget(self, standing: Standing) -> None:
        self._servers.pop(standing.message_id or 0, None)

        async def work(tx: Transaction) -> None:
            await self._messages.gone(tx, standing)
            await self._bot.posts.forget(tx, standing.guild_id, standing.key)

        await self._bot.db.transaction(work)

    async def _content(self, guild: discord.Guild, number: int) -> Build:
        """What the message shows, as of now."""
        items = await self._bot.inbox.open_items(guild.id)
        names = await names_of_absent(self._bot, guild, [who for item in items for who in (item.subject, item.holder)])
        members = (guild.get_member(item.subject or 0) for item in items if item.kind.personal)
        hidden = {member.id for member in members if member is not None and is_staff(self._bot, member)}
        t, at = self._bot.i18n.for_guild(guild.id), now()
        return lambda: {"view": notice(t, items, names, hidden, at=at, number=number)}

    def _lacks(self, channel: discord.TextChannel) -> bool:
        missing = missing_permissions(channel, NEEDS)
        if missing:
            self._wait(channel.guild.id, ", ".join(missing))
        return bool(missing)

    def _wait(self, guild_id: int, reason: str) -> None:
        """Until a permission or a channel changes."""
        self._blocked.add(guild_id)
        log.warning("the inbox of server %d cannot be shown: %s", guild_id, reason)
