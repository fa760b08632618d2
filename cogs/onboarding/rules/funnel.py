"""The funnel of newcomers: how many got how far, how fast, who was answered, and who came back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from bot.contracts.newcomers import Cohort, FunnelStep, Milestone, Replies, Return, Share

RETURNS = (1, 7, 30)
SECOND_WEEK = 7
LOOKED_AT = 7
"""Local days a return is looked for, from its day on. A single day would miss whoever comes on Saturdays."""


@dataclass(frozen=True, slots=True)
class Seen:
    """When the figures are read, and what the server promises. ``today`` is the local day of ``at``."""

    today: date
    at: datetime
    within: timedelta = timedelta(hours=1)
    """How long a newcomer waits for a first answer at most."""


@dataclass(frozen=True, slots=True)
class Life:
    """What one newcomer did. ``day`` and ``active`` are local days; ``reached`` says when each milestone was."""

    day: date
    reached: Mapping[Milestone, datetime]
    spoke_day: date | None = None
    """Of the first message or the introduction, whichever was first."""
    answered_day: date | None = None
    active: frozenset[date] = frozenset()

    @property
    def spoke_at(self) -> datetime | None:
        """The first words, in a channel or as an introduction."""
        words = [self.reached.get(one) for one in (Milestone.FIRST_MESSAGE, Milestone.INTRODUCED)]
        return min((at for at in words if at is not None), default=None)


def returned(life: Life, days: int) -> bool:
    """Active on one of the seven days from day ``days`` on."""
    return any(0 <= (day - life.day).days - days < LOOKED_AT for day in life.active)


def is_over(life: Life, days: int, today: date) -> bool:
    """Whether those seven days are past, so that it is known."""
    return (today - life.day).days >= days + LOOKED_AT


def cohort(first: date, last: date, lives: Iterable[Life], shown: Sequence[Milestone], seen: Seen) -> Cohort:
    """The figures of everybody who joined on these days; ``shown`` are the milestones that lead somewhere here."""
    people = [life for life in lives if first <= life.day <= last]
    return Cohort(
        first,
        last,
        len(people),
        tuple(_step(one, people, seen.today) for one in Milestone if one in shown),
        _replies(people, seen),
        tuple(_return(days, people, seen.today) for days in RETURNS),
    )


def weeks(since: date, lives: Sequence[Life], shown: Sequence[Milestone], seen: Seen) -> dict[date, Cohort]:
    """Monday → the figures of that week, from the week of ``since`` to the present one."""
    found, monday = {}, since - timedelta(days=since.weekday())
    while monday <= seen.today:
        found[monday] = cohort(monday, monday + timedelta(days=6), lives, shown, seen)
        monday += timedelta(days=7)
    return found


def _step(milestone: Milestone, people: Sequence[Life], today: date) -> FunnelStep:
    if milestone is Milestone.RETURNED:
        known = [life for life in people if is_over(life, SECOND_WEEK, today)]
        return FunnelStep(milestone, _share(known, lambda life: returned(life, SECOND_WEEK)), None)
    there = [life for life in people if milestone in life.reached]
    took = [life.reached[milestone] - life.reached[Milestone.JOINED] for life in there]
    return FunnelStep(milestone, Share(len(there), len(people)), _median(took))


def _replies(people: Sequence[Life], seen: Seen) -> Replies:
    took, waiting = [], []
    for life in people:
        said, answered = life.spoke_at, life.reached.get(Milestone.FIRST_REPLY)
        if said is not None and answered is not None:
            took.append(answered - said)
        elif said is not None:
            waiting.append(seen.at - said)
    late = sum(span > seen.within for span in waiting)
    in_time = Share(sum(span <= seen.within for span in took), len(took) + late)
    return Replies(Share(len(took), len(took) + len(waiting)), _median(took), seen.within, in_time)


def _return(days: int, people: Sequence[Life], today: date) -> Return:
    known = [life for life in people if is_over(life, days, today)]

    def before(life: Life, day: date | None) -> bool:
        return day is not None and (day - life.day).days < days

    spoke = [life for life in known if before(life, life.spoke_day)]
    answered = [life for life in spoke if before(life, life.answered_day)]
    unanswered = [life for life in spoke if not before(life, life.answered_day)]

    def share(group: Sequence[Life]) -> Share:
        return _share(group, lambda life: returned(life, days))

    return Return(days, share(known), share(answered), share(unanswered))


def _share(people: Sequence[Life], holds: Callable[[Life], bool]) -> Share:
    return Share(sum(map(holds, people)), len(people))


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    """None of nothing. What Discord and our clock date differently by a moment took no time."""
    if not spans:
        return None
    return timedelta(seconds=median(max(0.0, span.total_seconds()) for span in spans))
