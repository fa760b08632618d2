"""Points, the ladder, and what state a case is in: plain values in, plain values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.contracts.cases import SANCTIONS, CaseKind
from bot.contracts.conduct import Severity

LONGEST_TIMEOUT = timedelta(days=28)
"""Discord's limit; a longer one is renewed."""
RENEWED_BEFORE = timedelta(days=1)
"""How long before Discord ends a timeout that is to go on it is renewed, so that a short outage does no harm."""


class State(StrEnum):
    """What became of a case."""

    ACTIVE = "active"
    EXPIRED = "expired"
    APPEALED = "appealed"
    OVERTURNED = "overturned"
    """On appeal: it has no effect any more, and says so."""
    VOID = "void"
    """It was a mistake: it has no effect any more."""

    @property
    def counts(self) -> bool:
        """Whether the case still has the effects it was made for."""
        return self in (State.ACTIVE, State.APPEALED)


ENDED = frozenset({State.OVERTURNED, State.VOID})
ONCE = frozenset({CaseKind.KICK, CaseKind.UNBAN})
"""What is done at one moment and leaves nothing in force."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the ladder needs to know of a case. ``delivered_at``: when its notice reached the member."""

    kind: CaseKind
    points: int
    delivered_at: datetime | None
    expires_at: datetime | None
    ended: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """From ``points`` on, this is proposed. ``length`` is None for a kick, and for a ban for good."""

    points: int
    kind: CaseKind
    length: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What is proposed: a warning while no rung is reached. ``points`` are those it would stand on."""

    kind: CaseKind
    length: timedelta | None
    points: int


def counts(case: Weighed, at: datetime) -> bool:
    """Whether the case has points at that instant: only notices that arrived do, until they expire."""
    delivered = case.delivered_at is not None and case.delivered_at <= at
    fresh = case.expires_at is None or case.expires_at > at
    return case.kind in SANCTIONS and delivered and fresh and not case.ended


def points_at(cases: Iterable[Weighed], at: datetime) -> int:
    """The points a member has at that instant."""
    return sum(case.points for case in cases if counts(case, at))


def proposed(cases: Iterable[Weighed], severity: Severity, ladder: Sequence[Rung], at: datetime) -> Step:
    """The step for a new breach of that severity: the highest rung that the points reach with it."""
    total = points_at(cases, at) + severity.points
    reached = [rung for rung in ladder if rung.points <= total]
    if not reached:
        return Step(CaseKind.WARN, None, total)
    rung = max(reached, key=lambda one: one.points)
    return Step(rung.kind, rung.length, total)


def state_at(stored: State, expires_at: datetime | None, at: datetime) -> State:
    """A case that is active in the table has expired by itself when its time was up; an appeal keeps it open."""
    if stored is State.ACTIVE and expires_at is not None and expires_at <= at:
        return State.EXPIRED
    return stored


def timeout_to_set(until: datetime | None, at: datetime) -> tuple[datetime, datetime | None]:
    """What Discord is told now, and when it is to be told again; the latter None when the end is within its limit."""
    furthest = at + LONGEST_TIMEOUT
    if until is not None and until <= furthest:
        return until, None
    return furthest, furthest - RENEWED_BEFORE
