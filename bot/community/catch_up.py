"""Reads from history what was written while the bot was away, page by page, and counts it."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord

from bot.community.channel_state import ChannelState
from bot.community.counting import Counting
from bot.community.ledger import Ledger
from bot.community.pace import Pace
from bot.passing import PASSING

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

PAGE = 100
"""Discord's maximum."""
ROUNDS = 5
"""Attempts at channels that fail, with growing pauses, before the rest goes on without them."""
PAUSE_SECONDS = 2.0
ARCHIVED = 100
"""Threads looked at per channel that were archived during the outage."""
LOG_EVERY = 1000


@dataclass(slots=True)
class Caught:
    """What was read. ``unreadable``: channels the bot may not read; ``failed``: those Discord did not give."""

    calls: int = 0
    messages: int = 0
    unreadable: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    told: int = 0
    archived: dict[int, discord.Thread] = field(default_factory=dict)
    """Threads that discord.py does not know because they are archived."""


class CatchUp:
    """One channel after the other: the gaps of ``ChannelState`` say what is missing, and shrink with every page."""

    def __init__(self, bot: "CommunityBot", ledger: Ledger, counting: Counting) -> None:
        self._bot = bot
        self._ledger = ledger
        self._counting = counting
        self._pace = Pace()

    def look(self, guild: discord.Guild) -> None:
        """Open the gaps of this session: no call is made, GUILD_CREATE says which channels were not silent."""
        places = (*guild.text_channels, *guild.voice_channels, *guild.stage_channels, *guild.threads)
        self._counting.look(guild, places)

    async def look_at_archived(self, guild: discord.Guild, since: datetime, caught: Caught) -> None:
        """Open the gaps of threads that were archived meanwhile, below forums and channels known to have threads."""
        parents = {state.parent_id for state in self._ledger.of_guild(guild.id)}
        channels: list[discord.TextChannel | discord.ForumChannel] = [*guild.text_channels, *guild.forums]
        for channel in channels:
            has_threads = channel.id in parents or (
                isinstance(channel, discord.ForumChannel) and channel.last_message_id
            )
            if not has_threads or not _may_read(channel, guild):
                continue
            try:
                await self._look_at_archived(guild, channel, since, caught)
            except PASSING as error:
                log.warning("archived threads of channel %d could not be listed: %s", channel.id, error)
                caught.failed.add(channel.id)

    async def read(self, guild: discord.Guild, caught: Caught) -> None:
        """Close every gap of the server that can be closed."""
        for attempt in range(ROUNDS):
            if attempt:
                await asyncio.sleep(PAUSE_SECONDS * 2**attempt)
            caught.failed.clear()
            for state in [state for state in self._ledger.of_guild(guild.id) if state.gaps]:
                try:
                    await self._read_channel(guild, state, caught)
                except PASSING as error:
                    log.warning("history of channel %d is tried again: %s", state.channel_id, error)
                    caught.failed.add(state.channel_id)
            if not caught.failed:
                return

    async def _look_at_archived(
        self, guild: discord.Guild, parent: discord.TextChannel | discord.ForumChannel, since: datetime, caught: Caught
    ) -> None:
        await self._pace.wait()
        caught.calls += 1
        async for thread in parent.archived_threads(limit=ARCHIVED):
            if thread.archive_timestamp < since:
                return
            caught.archived[thread.id] = thread
            self._ledger.state(guild, thread.id, thread)
            self._counting.look(guild, [thread])

    async def _read_channel(self, guild: discord.Guild, state: ChannelState, caught: Caught) -> None:
        try:
            channel = await self._channel(guild, state, caught)
            if channel is None:
                self._give_up(state)
            elif not self._readable(guild, state, channel):
                caught.unreadable.add(state.channel_id)
            else:
                await self._read_gaps(guild, state, channel, caught)
        except discord.NotFound:
            self._give_up(state)
        except discord.Forbidden:
            caught.unreadable.add(state.channel_id)

    async def _read_gaps(self, guild: discord.Guild, state: ChannelState, channel: Any, caught: Caught) -> None:
        while state.gaps:
            gap = state.gaps[0]
            await self._pace.wait()
            asked = self._counting.ask(gap, channel)
            history = channel.history(limit=PAGE, after=discord.Object(gap.after), oldest_first=True)
            page = [message async for message in history]
            caught.calls += 1
            # Before the cursor moves on: what a crash interrupts is read again.
            await self._bot.messages.missed([one for one in page if gap.before is None or one.id < gap.before])
            self._ledger.state(guild, state.channel_id)  # what counts here may have been decided anew meanwhile
            caught.messages += self._counting.apply(state, gap, page, asked, full=len(page) == PAGE)
            if not state.gaps and isinstance(channel, discord.abc.GuildChannel | discord.Thread):
                self._counting.look(guild, [channel])  # a session that began meanwhile may know of more
            if caught.messages - caught.told >= LOG_EVERY:
                caught.told = caught.messages
                log.info("server %d: %d messages caught up with so far", state.guild_id, caught.messages)

    async def _channel(self, guild: discord.Guild, state: ChannelState, caught: Caught) -> Any:
        """Where to read; None when the channel is gone. An archived thread knows its parent, as any other channel."""
        found = guild.get_channel_or_thread(state.channel_id) or caught.archived.get(state.channel_id)
        if found is not None or state.parent_id is None or guild.get_channel(state.parent_id) is None:
            return found
        await self._pace.wait()
        caught.calls += 1
        return await self._bot.fetch_channel(state.channel_id)

    def _readable(self, guild: discord.Guild, state: ChannelState, channel: Any) -> bool:
        place = guild.get_channel(state.parent_id) if state.parent_id else channel
        return place is not None and _may_read(place, guild)

    def _give_up(self, state: ChannelState) -> None:
        state.skip_to(state.high)
        self._ledger.guilds[state.guild_id].touch(state)


def _may_read(channel: Any, guild: discord.Guild) -> bool:
    granted = channel.permissions_for(guild.me)
    needs_connect = isinstance(channel, discord.VoiceChannel | discord.StageChannel)
    return granted.view_channel and granted.read_message_history and (granted.connect or not needs_connect)
