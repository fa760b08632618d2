"""What was counted since the last flush, cut into batches whose counts and cursors belong together."""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.community.channel_state import ChannelState
from bot.community.models import ANONYMOUS
from bot.community.rules import SLOT_MS, Calendar, VoiceDay
from bot.contracts.events import ActivityChange

SEAL_AT = 500
"""Counts in one batch. Each can bring a cursor, a member's last activity and a fact: at most 2,000 rows."""
MESSAGES, GIVEN, RECEIVED, VOICE, HOURS = range(5)
Key = tuple[date, int, int]
"""Local day, user, channel."""


@dataclass(slots=True)
class Batch:
    """Counts and the cursors that say how far they go. Committed whole, once, in order of ``number``."""

    guild_id: int
    number: int
    standing: dict[str, Any]
    """The server's row of ``counting``."""
    zone: str
    changes: tuple[ActivityChange, ...]
    active: dict[int, int]
    """Member → the last time they did something, in milliseconds."""
    cursors: list[dict[str, Any]]


@dataclass(slots=True)
class GuildCounts:
    """The count of one server in memory."""

    guild_id: int
    since_id: int
    calendar: Calendar
    arrived_at: datetime | None
    """When Discord says that the bot came; another value means that it left and came back."""
    first_seen_at: datetime
    seen_at: datetime
    batch: int = 0
    """The number of the last batch that was cut."""
    stored: bool = False
    """The server's row exists."""
    members_known: bool = False
    lost_at: datetime | None = None
    """Since when events may be missing, until they are caught up with."""
    excluded_roles: tuple[int, ...] = ()
    opted_out: set[int] = field(default_factory=set)
    rows: dict[Key, list[int]] = field(default_factory=dict)
    active: dict[int, int] = field(default_factory=dict)
    moved: list[ChannelState] = field(default_factory=list)
    """Channels whose cursor moved since the last batch."""
    undo: dict[int, Key] = field(default_factory=dict)
    """Message → where it was counted, oldest first, while a deletion can take it back."""
    sealed: deque[Batch] = field(default_factory=deque)
    slot_start: int = 0
    slot_end: int = 0
    slot: tuple[date, int] = (date.min, 0)

    @property
    def open(self) -> bool:
        """Whether there is something that is in no batch yet."""
        return bool(self.rows or self.moved) or not (self.stored or self.sealed)

    @property
    def dirty(self) -> bool:
        """Whether there is something to flush."""
        return self.open or bool(self.sealed)

    def when(self, ms: int) -> tuple[date, int]:
        """Local day and hour bit of an instant; cheap for the quarter of an hour asked for last."""
        if not self.slot_start <= ms < self.slot_end:
            self.slot_start = ms - ms % SLOT_MS
            self.slot_end = self.slot_start + SLOT_MS
            self.slot = self.calendar.slot(ms)
        return self.slot

    def use_calendar(self, calendar: Calendar) -> None:
        """Days follow this history from now on."""
        self.calendar = calendar
        self.slot_end = 0

    def add(self, user_id: int, channel_id: int, ms: int, field_: int, amount: int = 1) -> Key:
        """Count something that happened at ``ms``; returns what ``take_back`` needs."""
        day, hour = self.when(ms)
        if user_id in self.opted_out:
            user_id = ANONYMOUS
        key = (day, user_id, channel_id)
        row = self.rows.get(key)
        if row is None:
            row = self._new_row(key)
        row[field_] += amount
        row[HOURS] |= hour
        if user_id and ms > self.active.get(user_id, 0):
            self.active[user_id] = ms
        return key

    def receive(self, user_id: int, channel_id: int, ms: int) -> Key:
        """Count a reaction that somebody's message got; that is no activity of theirs."""
        key = (self.when(ms)[0], ANONYMOUS if user_id in self.opted_out else user_id, channel_id)
        row = self.rows.get(key) or self._new_row(key)
        row[RECEIVED] += 1
        return key

    def add_voice(self, user_id: int, channel_id: int, stay: VoiceDay, until_ms: int) -> None:
        """Count minutes in voice on one local day."""
        if user_id in self.opted_out:
            user_id = ANONYMOUS
        key = (stay.day, user_id, channel_id)
        row = self.rows.get(key) or self._new_row(key)
        row[VOICE] += stay.minutes
        row[HOURS] |= stay.hours
        if user_id and until_ms > self.active.get(user_id, 0):
            self.active[user_id] = until_ms

    def take_back(self, key: Key, field_: int) -> None:
        """Uncount one; its hour stays."""
        row = self.rows.get(key) or self._new_row(key)
        row[field_] -= 1

    def touch(self, state: ChannelState) -> None:
        """This channel's cursor moved."""
        if not state.dirty:
            state.dirty = True
            self.moved.append(state)

    def seal_if_full(self) -> None:
        """Keep batches small. Only ever between two events: a cursor must not be ahead of its counts."""
        if len(self.rows) >= SEAL_AT or len(self.moved) >= SEAL_AT:
            self.seal()

    def seal(self) -> None:
        """Cut a batch: everything counted so far, with the cursors that say so."""
        self.batch += 1
        changes = tuple(
            ActivityChange(day, user, channel, *row) for (day, user, channel), row in sorted(self.rows.items())
        )
        cursors = [state.stored() for state in sorted(self.moved, key=lambda state: state.channel_id)]
        zone = self.calendar.first_zone
        self.sealed.append(Batch(self.guild_id, self.batch, self._standing(), zone, changes, self.active, cursors))
        for state in self.moved:
            state.dirty = False
        self.rows, self.active, self.moved = {}, {}, []

    def _standing(self) -> dict[str, Any]:
        return {
            "guild_id": self.guild_id,
            "since_id": self.since_id,
            "batch": self.batch,
            "arrived_at": self.arrived_at,
            "first_seen_at": self.first_seen_at,
            "members_known": self.members_known,
        }

    def _new_row(self, key: Key) -> list[int]:
        row = self.rows[key] = [0, 0, 0, 0, 0]
        return row
