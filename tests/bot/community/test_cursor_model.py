"""Promise 29a, at the speed of memory: whatever happens between Discord and the database, each message counts once.

The real counting code runs against an imitation of one channel, its gateway session, its history and a database that
keeps what was flushed. Hypothesis looks for an order of events in which a message is lost or counted twice.
"""

import datetime as dt
import json
from collections import Counter
from types import SimpleNamespace

import discord
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.community import batches
from bot.community.channel_state import ChannelState, Gap
from bot.community.counting import Asked, Counting
from bot.community.ledger import Ledger
from bot.community.models import ChannelCursor
from bot.community.rules import snowflake_at
from bot.community.settings import ActivitySettings
from bot.guilds.sections import CommunitySettings

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
GUILD, PLACES = 7, (70, 71)
PAGE = 2
WRITTEN = st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 2)), max_size=3)
Sections = CommunitySettings | ActivitySettings


class Channel:
    """What Discord has in one channel, and what discord.py's cache says about it."""

    def __init__(self, channel_id: int) -> None:
        self.id = channel_id
        self.messages: dict[int, int] = {}  # id -> author; 0 is a bot
        self.newest: int | None = None
        self.last_message_id: int | None = None
        self.category_id = None


class CursorMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.now = START
        self.ids = snowflake_at(START) + 1
        self.channels = {place: Channel(place) for place in PLACES}
        self.guild = SimpleNamespace(
            id=GUILD,
            me=SimpleNamespace(joined_at=START),
            threads=[],
            channels=[],
            get_channel=self.channels.get,
            get_channel_or_thread=self.channels.get,
        )
        self.authors: dict[int, int] = {}
        self.before_this_process: set[int] = set()
        self.queue: list[tuple[int, int]] = []
        self.session = False
        self.visible = False
        self.fetched: list[tuple[ChannelState, Gap, list[int], Asked]] = []
        self.stored_counts: Counter[tuple[int, int]] = Counter()
        self.stored_cursors: dict[int, str] = {}
        self.stored_since: int | None = None
        self.new_process()

    def new_process(self) -> None:
        defaults: dict[type[Sections], Sections] = {s: s() for s in (CommunitySettings, ActivitySettings)}
        settings_ = SimpleNamespace(get=lambda _guild, section: defaults[section])
        self.ledger = Ledger(settings_, lambda: self.now)
        self.counting = Counting(SimpleNamespace(), self.ledger, lambda _guild: None, lambda: self.now)
        self.fetched.clear()
        for stored in self.stored_cursors.values():
            self.ledger._add(ChannelState.loaded(ChannelCursor(**json.loads(stored))))
        counts = self.ledger.counts(self.guild)
        counts.since_id = self.stored_since or counts.since_id

    def message(self, channel: Channel, message_id: int, author: int) -> SimpleNamespace:
        person = SimpleNamespace(id=author, bot=author == 0)
        kind = discord.MessageType.default
        return SimpleNamespace(
            id=message_id, channel=channel, guild=self.guild, author=person, webhook_id=None, type=kind
        )

    # Discord

    @rule(place=st.sampled_from(PLACES), author=st.integers(0, 2), count=st.integers(1, 3), later=st.integers(0, 99))
    def write(self, place: int, author: int, count: int, later: int) -> None:
        channel = self.channels[place]
        for _ in range(count):
            self.now += dt.timedelta(seconds=later)
            self.ids = max(self.ids + 1, snowflake_at(self.now))
            channel.messages[self.ids] = self.authors[self.ids] = author
            channel.newest = self.ids
            if self.session:
                self.queue.append((place, self.ids))

    @rule(killed=st.booleans(), missed=WRITTEN, queued=WRITTEN)
    def lose_session(self, killed: bool, missed: list[tuple[int, int]], queued: list[tuple[int, int]]) -> None:
        """What is written before IDENTIFY is lost; what is written before GUILD_CREATE is named by it and delivered."""
        self.session = self.visible = False
        self.queue.clear()
        if killed and self.stored_since is not None:  # a count that was never stored begins anew
            self.before_this_process = set(self.authors)
            self.new_process()
        for place, author in missed:
            self.write(place, author, 1, 1)
        self.session = True
        for place, author in queued:
            self.write(place, author, 1, 1)
        self.visible = True
        self.counting.lose()
        for channel in self.channels.values():
            channel.last_message_id = channel.newest

    @precondition(lambda self: self.visible and self.queue)
    @rule(count=st.integers(1, 6), swapped=st.booleans(), twice=st.booleans())
    def deliver(self, count: int, swapped: bool, twice: bool) -> None:
        part, self.queue = self.queue[:count], self.queue[count:]
        if swapped and len(part) > 1:
            part[0], part[1] = part[1], part[0]
        for place, message_id in part * (2 if twice else 1):
            self.receive(place, message_id)

    def receive(self, place: int, message_id: int) -> None:
        channel = self.channels[place]
        author = channel.messages.get(message_id)
        if author is not None:
            self.counting.on_message(self.message(channel, message_id, author))
            channel.last_message_id = message_id

    @precondition(lambda self: self.visible)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """Somebody deletes a message soon after; what an earlier process counted is beyond recall."""
        young = snowflake_at(self.now - dt.timedelta(minutes=9))
        living = [
            (p, i)
            for p, c in self.channels.items()
            for i in c.messages
            if i > young and i not in self.before_this_process
        ]
        if not living:
            return
        place, message_id = data.draw(st.sampled_from(living))
        self.deliver(len(self.queue) or 1, False, False) if self.queue else None
        del self.channels[place].messages[message_id]
        self.counting.on_message_delete(SimpleNamespace(message_id=message_id, guild_id=GUILD))
        self.flush()

    # The bot

    @precondition(lambda self: self.visible)
    @rule()
    def look(self) -> None:
        self.counting.look(self.guild, self.channels.values())

    @rule(data=st.data())
    def fetch(self, data: st.DataObject) -> None:
        """Ask for a page; the answer is looked at later, when other things may have happened."""
        gaps = [(state, gap) for state in self.ledger.channels.values() for gap in state.gaps]
        if gaps and not self.fetched:
            self.request(*data.draw(st.sampled_from(gaps)))

    def request(self, state: ChannelState, gap: Gap) -> None:
        later = sorted(i for i in self.channels[state.channel_id].messages if i > gap.after)
        asked = self.counting.ask(gap, self.channels[state.channel_id])
        self.fetched.append((state, gap, later[:PAGE], asked))

    @precondition(lambda self: self.fetched)
    @rule()
    def apply(self) -> None:
        state, gap, ids, asked = self.fetched.pop()
        channel = self.channels[state.channel_id]
        if gap in state.gaps:
            page = [self.message(channel, i, self.authors[i]) for i in ids]
            self.counting.apply(state, gap, page, asked, full=len(ids) == PAGE)
            if not state.gaps:
                self.counting.look(self.guild, [channel])

    @rule()
    def flush(self) -> None:
        counts = self.ledger.guilds[GUILD]
        counts.seal()
        self.stored_since = counts.since_id
        while counts.sealed:
            self.commit(counts.sealed.popleft())

    @rule()
    def flush_only_the_first_batch(self) -> None:
        counts = self.ledger.guilds[GUILD]
        if counts.sealed:
            self.stored_since = counts.since_id
            self.commit(counts.sealed.popleft())

    def commit(self, batch: batches.Batch) -> None:
        for change in batch.changes:
            self.stored_counts[change.user_id, change.channel_id] += change.messages
        for cursor in batch.cursors:
            self.stored_cursors[cursor["channel_id"]] = json.dumps(cursor)

    # In the end

    def teardown(self) -> None:
        if not hasattr(self, "channels"):
            return
        if not self.visible:
            self.lose_session(False, [], [])
        self.look()
        while self.fetched:
            self.apply()
        while self.queue:
            self.deliver(5, False, False)
        for state in list(self.ledger.channels.values()):
            while state.gaps:
                self.request(state, state.gaps[0])
                self.apply()
        self.flush()
        expected = Counter(
            (author, place)
            for place, channel in self.channels.items()
            for author in channel.messages.values()
            if author
        )
        assert +self.stored_counts == expected


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(batches, "SEAL_AT", 2)


TestCursor = CursorMachine.TestCase
TestCursor.settings = settings(stateful_step_count=40)
TestCursor.pytestmark = [pytest.mark.usefixtures("small_batches")]
