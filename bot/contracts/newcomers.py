"""Figures about newcomers, as plain values: what whoever welcomes them knows, for whoever reports on it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Milestone(StrEnum):
    """A stage of the funnel, in the order in which they are reported."""

    JOINED = "joined"
    SCREENED = "screened"
    ACCEPTED = "accepted"
    GROUPS = "groups"
    INTRODUCED = "introduced"
    FIRST_MESSAGE = "first_message"
    FIRST_REPLY = "first_reply"
    THIRD_MESSAGE = "third_message"
    RETURNED = "returned"
    """Active again in the second week: on one of the local days 7 to 13 after the day of joining."""


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of`` people."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nobody."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many reached a milestone, whether or not they reached those before it.

    ``share`` is of everybody who joined; for RETURNED, of those whose second week is over. ``median`` is the time from
    joining; None when nobody got there, and for RETURNED.
    """

    milestone: Milestone
    share: Share
    median: timedelta | None


@dataclass(frozen=True, slots=True)
class Replies:
    """``answered``: of those who wrote or introduced themselves, who was answered by a human so far.

    ``median`` is the time from their first words to the first answer, 0 where the answer came first. ``in_time``: who
    was answered within ``within``, of those who were answered or have waited longer than that by now; whoever left or
    was taken care of otherwise in the meantime counts as not answered. ``within`` is what the server promises at
    present, also where it watches over no first answers.
    """

    answered: Share
    median: timedelta | None
    within: timedelta
    in_time: Share


@dataclass(frozen=True, slots=True)
class Return:
    """Who was active (a message, a reaction, a minute of voice) on one of the seven local days from day ``days`` on.

    The day of joining is day 0, and only those count whose seven days are over. ``answered`` and ``unanswered`` are
    those who had written before day ``days`` began, and had, or had not, been answered by then.
    """

    days: int
    everyone: Share
    answered: Share
    unanswered: Share


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everybody who joined on the local days from ``first`` to ``last``, both included."""

    first: date
    last: date
    joined: int
    funnel: tuple[FunnelStep, ...]
    replies: Replies
    returns: tuple[Return, ...]
    """For the days 1, 7 and 30."""
