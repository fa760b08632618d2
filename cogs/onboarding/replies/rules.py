"""Who is asked to greet, when, and what counts as an answer: decided on plain values."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum, StrEnum
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
"""Monday is 0."""
DAY = timedelta(days=1)
FRESH = DAY
"""Who comes back within it is waited for again."""
LEARNT_WITHIN = timedelta(days=7)
"""First words that are older are not waited for any more when the bot learns of them, after an outage for example."""
NEARBY = DAY
"""How long the next message in the same channel counts as an answer."""
WAITED_FOR = timedelta(days=30)
"""An answer is listened for so long; see ``service.debts``."""
DUTY = timedelta(days=90)
"""How long somebody is on call before that ends by itself; every answer to a call begins it anew."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_EPOCH_SHIFT = 22
"""Discord's ids begin with milliseconds."""


class How(StrEnum):
    """The way a newcomer was answered."""

    HELLO = "hello"
    REPLY = "reply"
    MENTION = "mention"
    NEXT = "next"
    """Somebody else's next message in the same channel."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a greeter is on call, on their own clock. ``end`` is excluded, and what begins before midnight belongs to
    the day on which it begins; the same ``start`` and ``end`` mean the whole day.
    """

    days: frozenset[int] = EVERY_DAY
    start: time = time(8)
    end: time = time(22)

    def cover(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether an instant (aware) is within them. A wall time that the clocks repeat counts both times."""
        local = at.astimezone(zone)
        present, today = local.time(), local.weekday()
        if self.start < self.end:
            return today in self.days and self.start <= present < self.end
        if present >= self.start:
            return today in self.days
        return present < self.end and (today - 1) % 7 in self.days


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody who offered to greet newcomers. ``zone`` None: that of their quiet hours, else the server's."""

    user_id: int
    until: datetime
    hours: Hours = Hours()
    paused_until: datetime | None = None
    zone: str | None = None
    asked_at: datetime | None = None
    """When they were last asked to greet somebody."""

    def is_on_duty(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether they may be asked at that instant, by what they declared."""
        paused = self.paused_until is not None and at < self.paused_until
        return at < self.until and not paused and self.hours.cover(at, zone)


def next_greeter(
    greeters: Iterable[OnCall],
    at: datetime,
    *,
    zone_of: Callable[[OnCall], ZoneInfo],
    may: Callable[[int], bool],
    without: Collection[int] = (),
) -> OnCall | None:
    """The one who was asked least recently of those on duty; ``may`` knows who is here and free."""
    able = [
        one for one in greeters if one.user_id not in without and one.is_on_duty(at, zone_of(one)) and may(one.user_id)
    ]
    return min(able, key=lambda one: (one.asked_at or _NEVER, one.user_id), default=None)


class Move(Enum):
    """What is due for a newcomer who waits."""

    WAIT = "wait"
    ASK = "ask"
    """A greeter is asked."""
    ESCALATE = "escalate"
    """The team's inbox gets it."""


def next_move(began: datetime, at: datetime, within: timedelta, *, asked: bool) -> tuple[Move, datetime]:
    """What to do now, and for WAIT when to look again: half of the time belongs to chance, half to the greeters."""
    half, end = began + within / 2, began + within
    if at >= end:
        return Move.ESCALATE, at
    if at < half:
        return Move.WAIT, half
    return (Move.WAIT, end) if asked else (Move.ASK, at)


@dataclass(frozen=True, slots=True)
class Words:
    """A newcomer's first words: a message, or the post of their introduction."""

    user_id: int
    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What a human wrote. ``replied_to`` is the message it refers to, ``replied_author`` whose that is, if known."""

    author_id: int
    channel_id: int
    message_id: int
    mentions: frozenset[int] = frozenset()
    replied_to: int | None = None
    replied_author: int | None = None


def answer_to(words: Words, heard: Heard) -> How | None:
    """How a message answers these words; None when it does not.

    The next message in the channel answers unless it is said to somebody else: as a reply, or by a mention.
    """
    if heard.author_id == words.user_id:
        return None
    if words.user_id == heard.replied_author or words.message_id == heard.replied_to:
        return How.REPLY
    if words.user_id in heard.mentions:
        return How.MENTION
    if heard.mentions or heard.replied_to is not None or heard.message_id <= words.message_id:
        return None
    # A thread below a message has that message's id.
    near = heard.channel_id in (words.channel_id, words.message_id)
    return How.NEXT if near and _apart(words.message_id, heard.message_id) <= NEARBY else None


def _apart(first: int, second: int) -> timedelta:
    return timedelta(milliseconds=(second >> _EPOCH_SHIFT) - (first >> _EPOCH_SHIFT))
