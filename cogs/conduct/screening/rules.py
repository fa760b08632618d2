"""What the filters of a server are and when they act, on plain values: no Discord, no tables, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.contracts.conduct import Severity
from cogs.conduct.filters.model import Action, Filter, FilterKind, Mode

FILTERS = 25
"""Filters of a server: a menu of Discord's lists no more."""
NAME = 60
ENTRY = 260
"""Characters of an entry; a pattern has no more either."""
ENTRIES = 2_000
"""Entries of one filter."""
ASKED_ABOVE = 0.05
"""A filter that would hit more than this share of the messages seen is armed only once somebody confirms it."""
LOOKED_AT = 10
"""Newest decisions of a filter that are looked at when one turns out to be wrong."""
WRONG = 3
"""So many wrong ones among those disarm it; in shadow, arming it asks."""
BURST = timedelta(seconds=60)
"""How long after its last hit, or after its notice, a burst goes on: nobody reads a notice and changes at once."""
SHORTEST_TIMEOUT, LONGEST_TIMEOUT = timedelta(minutes=1), timedelta(days=28)
USUAL_TIMEOUT = timedelta(hours=1)
TEXTUAL = frozenset(set(FilterKind) - {FilterKind.MENTIONS, FilterKind.SPAM})
"""Kinds that look at a text alone."""
LISTED = TEXTUAL
"""Kinds with entries."""


class Watch(StrEnum):
    """Whether a filter looks at messages, and whether it acts."""

    OFF = "off"
    SHADOW = "shadow"
    ARMED = "armed"


class Doing(StrEnum):
    """What an armed filter does about a hit, mildest first. From DELETE on the message goes."""

    REPORT = "report"
    """The team finds it in the inbox."""
    DELETE = "delete"
    WARN = "warn"
    TIMEOUT = "timeout"
    LADDER = "ladder"
    """What the ladder proposes."""

    @property
    def sanctions(self) -> bool:
        """Whether the member gets a case with points and a notice."""
        return self in (Doing.WARN, Doing.TIMEOUT, Doing.LADDER)


_RANKED = {
    Doing.REPORT: Action.NONE,
    Doing.DELETE: Action.DELETE,
    Doing.WARN: Action.WARN,
    Doing.TIMEOUT: Action.TIMEOUT,
    Doing.LADDER: Action.BAN,
}
"""What the screening compares: the ladder may go as far as a ban."""


class Outcome(StrEnum):
    """What became of a hit."""

    WATCHED = "watched"
    """In shadow: nothing."""
    LOOKED_AT = "look"
    """Put before the team."""
    ACTED = "acted"
    """A case was opened."""
    JOINED = "joined"
    """It belongs to a burst whose case was open already."""
    HELD = "held"
    """The bot stands too low, or lacks a permission: put before the team."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter of a server. ``number`` is the server's own; ``revision`` rises with each change."""

    id: int
    guild_id: int
    number: int
    name: str
    kind: FilterKind
    entries: tuple[str, ...] = ()
    shipped: tuple[str, ...] = ()
    article: int | None = None
    doing: Doing = Doing.REPORT
    length: timedelta | None = None
    most_mentions: int = 0
    exempt_roles: tuple[int, ...] = ()
    exempt_channels: tuple[int, ...] = ()
    watch: Watch = Watch.SHADOW
    revision: int = 0
    armed_at: datetime | None = None
    sought_since: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing it could find. A filter of invites, and one of spam, needs no entries."""
        if self.kind is FilterKind.MENTIONS:
            return self.most_mentions <= 0
        if self.kind in (FilterKind.INVITES, FilterKind.SPAM):
            return False
        return not self.entries and not self.shipped

    def screened(self, severity: Severity) -> Filter:
        """As the screening takes it."""
        return Filter(
            self.id,
            self.kind,
            self.entries,
            self.article,
            severity,
            _RANKED[self.doing],
            Mode.ARMED if self.watch is Watch.ARMED else Mode.SHADOW,
            frozenset(self.exempt_roles),
            frozenset(self.exempt_channels),
            self.shipped,
            self.most_mentions,
        )


@dataclass(frozen=True, slots=True)
class Last:
    """The newest case that filters made about a member. ``at``: its last hit, or its notice if that was later."""

    case_id: int
    sanction: bool
    pending: bool
    undone: bool
    at: datetime


def joins(last: Last | None, at: datetime, *, sanctions: bool) -> bool:
    """Whether a hit belongs to that case: one notice, and one step of the ladder, for a whole burst.

    ``sanctions``: what would be done about this hit alone, which may be milder than what its filter is armed for.
    """
    if last is None or last.undone:
        return False
    fresh = at - last.at <= BURST
    if last.sanction:
        return last.pending or fresh
    return fresh and not sanctions


def asks(hits: int, looked_at: int) -> bool:
    """Whether arming it needs a confirmation."""
    return looked_at > 0 and hits / looked_at > ASKED_ABOVE


def looks_for_else(before: Kept, after: Kept) -> bool:
    """Whether it may find other things than before, so that what was known of it says nothing any more."""
    return (before.entries, before.shipped, before.most_mentions) != (after.entries, after.shipped, after.most_mentions)


def too_often(wrong: Sequence[bool]) -> bool:
    """``wrong``: of each decision of the filter, newest first, whether it was undone or is said to be wrong."""
    return sum(wrong[:LOOKED_AT]) >= WRONG


def decides(doing: Doing) -> frozenset[Outcome]:
    """The outcomes that are decisions of an armed filter: a guess that is put before the team is none."""
    told = {Outcome.LOOKED_AT} if doing is Doing.REPORT else set()
    return frozenset({Outcome.ACTED, Outcome.HELD, *told})


def file_names(kept: Iterable[tuple[int, str]]) -> list[str]:
    """What filters, given as number and name, are called in a file: a name that is used twice gets its number."""
    names: list[str] = []
    for number, name in kept:
        names.append(name if name not in names else f"{name[: NAME - 5]} {number}")
    return names


def lines(text: str) -> tuple[str, ...]:
    """Entries, one a line; blank lines and repetitions are left out, the order is kept."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def with_lines(entries: Iterable[str], add: Iterable[str], remove: Iterable[str]) -> tuple[str, ...]:
    """The entries without ``remove`` and with ``add`` behind them; what is removed is compared without case."""
    gone = {line.casefold() for line in remove}
    return tuple(dict.fromkeys([*(entry for entry in entries if entry.casefold() not in gone), *add]))
