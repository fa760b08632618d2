"""Decides what is a raid, how long it lasts, and whom a ban spares. Plain values, no clock."""

from bisect import insort
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

QUIET = timedelta(minutes=30)
"""After this time without a new account a raid is over; the next one gets an alert of its own."""
DISMISSED_FOR = timedelta(hours=1)
"""How long a dismissed alert keeps the next one away."""
PAUSE = timedelta(hours=24)
"""The longest pause of invites that Discord takes."""
RENEWED_BEFORE = timedelta(hours=1)
"""How long before its end a pause is renewed."""
SLACK = timedelta(minutes=1)
"""Our clock may be ahead of Discord's, which refuses more than a day."""


@dataclass(frozen=True, slots=True)
class Limits:
    """More than ``joins`` accounts younger than ``younger_than`` within ``within`` are a raid."""

    joins: int
    within: timedelta
    younger_than: timedelta

    def is_young(self, created_at: datetime, joined_at: datetime) -> bool:
        """Whether the account was that young when it came."""
        return joined_at - created_at < self.younger_than


@dataclass(frozen=True, slots=True, order=True)
class Join:
    """A young account came."""

    at: datetime
    user_id: int


class Window:
    """The joins of young accounts of one server in the time that counts: of each account, its latest."""

    def __init__(self) -> None:
        self._joins: deque[Join] = deque()
        self._latest: dict[int, Join] = {}

    def add(self, join: Join, limits: Limits) -> bool:
        """Take note of a join, in any order and however often it is told; True when the window holds a raid."""
        known = self._latest.get(join.user_id)
        if known is None or known.at < join.at:
            if known is not None:
                self._joins.remove(known)
            self._latest[join.user_id] = join
            if self._joins and join < self._joins[-1]:
                insort(self._joins, join)
            else:
                self._joins.append(join)
        self._forget_until(self._joins[-1].at - limits.within)
        return len(self._joins) > limits.joins

    def joins(self) -> tuple[Join, ...]:
        """What the window holds, oldest first."""
        return tuple(self._joins)

    def _forget_until(self, at: datetime) -> None:
        while self._joins[0].at <= at:
            del self._latest[self._joins.popleft().user_id]


def goes_on(last_at: datetime, dismissed_at: datetime | None, at: datetime, *, braked: bool) -> bool:
    """Whether a join at ``at`` belongs to the raid whose last one was at ``last_at``.

    ``braked``: invites are paused or newcomers are held because of it, so it lasts until staff end that.
    """
    return braked or (dismissed_at is None and at - last_at <= QUIET)


def may_alert(last_at: datetime, dismissed_at: datetime | None, at: datetime) -> bool:
    """Whether there may be another alert after one whose last join and dismissal were then."""
    return at - last_at > QUIET if dismissed_at is None else at - dismissed_at > DISMISSED_FOR


class Pausing(StrEnum):
    """What is to be done about a pause that is meant to go on."""

    RENEW = "renew"
    WAIT = "wait"
    ENDED = "ended"
    """Somebody ended it in Discord's own menu."""


def pausing(noted: datetime | None, seen: datetime | None, present: datetime) -> Pausing:
    """``noted``: until when we paused invites; ``seen``: until when Discord says they are paused."""
    if noted is None or noted <= present:
        return Pausing.RENEW
    if seen is None or seen <= present:
        return Pausing.ENDED
    return Pausing.RENEW if noted - present <= RENEWED_BEFORE + SLACK else Pausing.WAIT


def paused_until(present: datetime) -> datetime:
    """The end of a pause that is asked for now."""
    return present + PAUSE - SLACK


class Spared(StrEnum):
    """Why somebody is not banned with the others; the first that applies."""

    BANNED = "banned"
    OLD = "old"
    STAFF = "staff"
    ANSWERED = "answered"
    YOUR_RANK = "your_rank"
    MY_RANK = "my_rank"


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody who came during a raid. Ranks are those of members; who has left has none."""

    banned: bool
    young: bool
    staff: bool = False
    answered: bool = False
    below_actor: bool = True
    below_bot: bool = True


def spared(one: Suspect) -> Spared | None:
    """Why this one is not banned; None when they are."""
    reasons = (
        (one.banned, Spared.BANNED),
        (not one.young, Spared.OLD),
        (one.staff, Spared.STAFF),
        (one.answered, Spared.ANSWERED),
        (not one.below_actor, Spared.YOUR_RANK),
        (not one.below_bot, Spared.MY_RANK),
    )
    return next((reason for applies, reason in reasons if applies), None)
