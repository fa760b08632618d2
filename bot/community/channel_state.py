"""How far one channel is counted: what is settled, what was seen lately, and where history is still to be read."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.community.models import ChannelCursor

KEPT_LIVE = 64
"""Ids remembered per channel to recognise an event that comes twice or late."""
KEPT_STORED = 32
LATE_SHIFT = 60_000 << 22
"""A minute, in ids: what arrives later than that after a newer message is taken for a repetition."""


class Policy(Enum):
    """How messages of a channel are counted."""

    COUNT = 0
    ANONYMOUS = 1
    NEVER = 2


@dataclass(slots=True)
class Gap:
    """Messages between two ids, both excluded, that only history knows. ``before`` None: up to the first live one."""

    after: int
    before: int | None
    counted: frozenset[int] = frozenset()
    """Those of them that are counted already."""

    @property
    def is_empty(self) -> bool:
        """Whether no id fits between its ends."""
        return self.before is not None and self.after >= self.before - 1


@dataclass(slots=True)
class ChannelState:
    """The cursor of one channel or thread, in memory. ``counts_as`` is where its numbers go (a thread's parent)."""

    guild_id: int
    channel_id: int
    parent_id: int | None
    high: int
    """The newest message that was looked at."""
    since: int
    """Live messages below this id are repetitions, or left to history."""
    recent: dict[int, None] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    policy: Policy | None = None
    """None until the server's settings were looked at."""
    dirty: bool = False

    @property
    def counts_as(self) -> int:
        return self.parent_id or self.channel_id

    def take(self, message_id: int) -> bool:
        """Whether this message is new, and if so, note that it was looked at."""
        if message_id < self.since or message_id in self.recent:
            return False
        self._note(message_id)
        return True

    def _note(self, message_id: int) -> None:
        if message_id > self.high:
            self.high = message_id
        self.recent[message_id] = None
        if len(self.recent) > KEPT_LIVE:
            oldest = next(iter(self.recent))
            del self.recent[oldest]
            if oldest >= self.since:
                self.since = oldest + 1

    @property
    def tail(self) -> Gap | None:
        """The gap that is open towards the present."""
        return next((gap for gap in self.gaps if gap.before is None), None)

    def misses(self, last: int | None, arriving: int | None = None) -> bool:
        """Whether there may be messages between the newest one looked at and ``last``, other than ``arriving``."""
        if last is None or last <= self.high:
            return False
        return not (last == arriving and self.high >= arriving - 1)

    def open_tail(self) -> Gap:
        """From here on only history knows what came, until a live message says otherwise."""
        tail = self.tail
        if tail is None:
            settled, recent = self.settled()
            tail = Gap(settled, None, frozenset(recent))
            self.gaps.append(tail)
            self.since, self.recent = settled + 1, dict.fromkeys(recent)
        return tail

    def close_tail(self, before: int) -> None:
        """Live messages arrive from ``before`` on: history is needed only up to there."""
        tail = self.tail
        if tail is None or before <= tail.after:
            return
        tail.before = before
        if tail.is_empty:
            self.gaps.remove(tail)
        self.since = before
        self.high = max(self.high, before - 1)
        self.recent.clear()

    def read(self, gap: Gap, message_id: int) -> bool:
        """History shows this message of the gap; whether it is to be counted. Shrinks the gap."""
        gap.after = message_id
        if message_id in gap.counted or (gap.before is None and message_id in self.recent):
            return False
        if gap.before is None:
            self._note(message_id)
        return True

    def finish(self, gap: Gap, last: int | None) -> None:
        """History has nothing more in this gap. ``last`` is what Discord calls the last message, deleted or not."""
        self.gaps.remove(gap)
        if gap.before is None and last is not None and last > self.high:
            self.high = last

    def skip_to(self, message_id: int) -> None:
        """Nothing up to this id is to be counted any more."""
        self.gaps.clear()
        self.high = max(self.high, message_id)
        self.since = max(self.since, self.high + 1)

    def settled(self) -> tuple[int, list[int]]:
        """The id up to which everything is counted (gaps apart), and the ids counted beyond it."""
        floor = max(self.since - 1, self.high - LATE_SHIFT)
        kept = sorted(message_id for message_id in self.recent if message_id > floor)
        if len(kept) > KEPT_STORED:
            floor, kept = kept[-KEPT_STORED - 1], kept[-KEPT_STORED:]
        return min(floor, self.high), kept

    def stored(self) -> dict[str, Any]:
        """The row of ``channel_cursor``."""
        settled, recent = self.settled()
        return {
            "guild_id": self.guild_id,
            "channel_id": self.channel_id,
            "parent_id": self.parent_id,
            "last_message_id": self.high,
            "settled_id": settled,
            "recent": recent,
            "gaps": [[gap.after, gap.before, sorted(i for i in gap.counted if i > gap.after)] for gap in self.gaps],
        }

    @classmethod
    def loaded(cls, row: ChannelCursor) -> "ChannelState":
        """The state that ``stored`` described."""
        gaps = [Gap(after, before, frozenset(counted)) for after, before, counted in row.gaps]
        return cls(
            row.guild_id,
            row.channel_id,
            row.parent_id,
            high=row.last_message_id,
            since=row.settled_id + 1,
            recent=dict.fromkeys(row.recent),
            gaps=gaps,
        )
