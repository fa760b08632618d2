"""The memory of the count: every server, every channel's cursor, and what the settings say about them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import discord
from sqlalchemy import select

from bot.clock import Clock, now
from bot.community.batches import GuildCounts
from bot.community.channel_state import ChannelState, Policy
from bot.community.models import ChannelCursor, Counting, Member, TimeZoneChange
from bot.community.options import Option
from bot.community.rules import ALWAYS, Calendar, ZoneChange, snowflake_at
from bot.community.settings import ActivitySettings
from bot.database import Database
from bot.guilds.sections import CommunitySettings
from bot.guilds.service import GuildSettings

FRESH = timedelta(days=1)
"""A server the bot joined this recently is counted from its arrival on; otherwise from the first time it is seen."""


class Ledger:
    """One process owns a server, so this memory is ahead of the database by what was not flushed yet."""

    def __init__(self, settings: GuildSettings, clock: Clock = now) -> None:
        self._settings = settings
        self._clock = clock
        self.guilds: dict[int, GuildCounts] = {}
        self.channels: dict[int, ChannelState] = {}
        self._by_guild: defaultdict[int, list[ChannelState]] = defaultdict(list)
        self.arm: Callable[[], None] = lambda: None
        """Called whenever there is something to flush."""

    async def load(self, db: Database) -> None:
        """Read where every count stands."""
        async with db.read() as session:
            calendars: dict[int, list[ZoneChange]] = {}
            for change in await session.scalars(select(TimeZoneChange)):
                calendars.setdefault(change.guild_id, []).append(ZoneChange(change.at, change.zone))
            for row in await session.scalars(select(Counting)):
                self.guilds[row.guild_id] = self._loaded(row, Calendar(calendars.get(row.guild_id, ())))
            for cursor in await session.scalars(select(ChannelCursor)):
                self._add(ChannelState.loaded(cursor))
            known = select(Member.guild_id, Member.user_id, Member.options)
            for guild_id, user_id, options in await session.execute(known):
                if options.get(Option.ANONYMOUS) and guild_id in self.guilds:
                    self.guilds[guild_id].opted_out.add(user_id)

    def counts(self, guild: discord.Guild) -> GuildCounts:
        """The server's count; it begins when the bot has come, or come back."""
        counts = self.guilds.get(guild.id)
        arrived = guild.me.joined_at if guild.me else None
        if counts is None:
            present = self._clock()
            zone = self._settings.get(guild.id, CommunitySettings).time_zone
            calendar = Calendar([ZoneChange(ALWAYS, zone)])
            counts = GuildCounts(guild.id, self._beginning(guild), calendar, arrived, present, present)
            counts.excluded_roles = self._settings.get(guild.id, ActivitySettings).excluded_roles
            self.guilds[guild.id] = counts
            self.arm()
        elif arrived is not None and arrived != counts.arrived_at:
            self._begin_again(counts, guild, arrived)
        return counts

    def state(self, guild: discord.Guild, channel_id: int, thread: discord.Thread | None = None) -> ChannelState:
        """The cursor of a channel or thread; a new one begins with the channel, or with the bot's arrival.

        ``thread``: for one that discord.py does not know, because it is archived.
        """
        counts = self.counts(guild)
        state = self.channels.get(channel_id)
        if state is None:
            high = max(counts.since_id, channel_id - 1)
            state = self._add(ChannelState(guild.id, channel_id, None, high=high, since=high + 1))
        if state.policy is None:
            self._settle_policy(state, guild, thread or guild.get_channel_or_thread(channel_id))
        return state

    def of_guild(self, guild_id: int) -> Sequence[ChannelState]:
        """Every cursor of a server."""
        return self._by_guild[guild_id]

    def look_again(self, guild_id: int) -> None:
        """The server's settings or channels have changed."""
        counts = self.guilds.get(guild_id)
        if counts is not None:
            counts.excluded_roles = self._settings.get(guild_id, ActivitySettings).excluded_roles
        for state in self.of_guild(guild_id):
            state.policy = None

    def forget_guild(self, guild_id: int) -> None:
        """The server's data was purged."""
        self.guilds.pop(guild_id, None)
        for state in self._by_guild.pop(guild_id, []):
            del self.channels[state.channel_id]

    def _add(self, state: ChannelState) -> ChannelState:
        self.channels[state.channel_id] = state
        self._by_guild[state.guild_id].append(state)
        return state

    def _settle_policy(self, state: ChannelState, guild: discord.Guild, channel: Any) -> None:
        if isinstance(channel, discord.Thread):
            state.parent_id = channel.parent_id
        if state.parent_id is not None:
            channel = guild.get_channel(state.parent_id)
        places = {state.channel_id, state.parent_id, getattr(channel, "category_id", None)}
        settings = self._settings.get(guild.id, ActivitySettings)
        if not places.isdisjoint(settings.excluded_channels):
            state.policy = Policy.NEVER
        elif not places.isdisjoint(settings.sensitive_channels):
            state.policy = Policy.ANONYMOUS
        else:
            state.policy = Policy.COUNT

    def _beginning(self, guild: discord.Guild) -> int:
        present = self._clock()
        arrived = guild.me.joined_at if guild.me else None
        if arrived is not None and present - arrived <= FRESH:
            return snowflake_at(arrived) - 1
        places: Any = chain(guild.channels, guild.threads)
        last = [getattr(place, "last_message_id", None) or 0 for place in places]
        return max(last, default=0) or snowflake_at(present)

    def _begin_again(self, counts: GuildCounts, guild: discord.Guild, arrived: datetime) -> None:
        present = self._clock()
        counts.since_id = max(counts.since_id, self._beginning(guild))
        counts.arrived_at, counts.first_seen_at, counts.seen_at = arrived, present, present
        counts.stored = counts.members_known = False
        for state in self.of_guild(guild.id):
            if state.high < counts.since_id:
                state.skip_to(counts.since_id)
                counts.touch(state)
        self.arm()

    def _loaded(self, row: Counting, calendar: Calendar) -> GuildCounts:
        counts = GuildCounts(
            row.guild_id, row.since_id, calendar, row.arrived_at, row.first_seen_at, row.seen_at, batch=row.batch
        )
        counts.stored, counts.members_known, counts.lost_at = True, row.members_known, row.seen_at
        counts.excluded_roles = self._settings.get(row.guild_id, ActivitySettings).excluded_roles
        return counts
