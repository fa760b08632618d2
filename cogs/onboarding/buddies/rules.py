"""Decides who becomes whose buddy, and when the two are asked about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

CAPACITIES = range(1, 6)
"""How many newcomers a buddy may take care of at once."""
DUTY = timedelta(days=14)
"""After that a buddy's duty is over by itself."""
CHECKS = (timedelta(days=3), timedelta(days=7))
"""When the newcomer is asked whether they met."""
ANSWERED_WITHIN = (timedelta(days=4), timedelta(days=6))
"""How long each of these questions is worth asking."""
SHARED_AT_MOST = 3
"""More groups in common make nobody a better match: otherwise whoever is in all of them gets everybody."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody. ``language`` is None where it is not; in ``hours`` local hour h is bit h of 24."""

    user_id: int
    groups: frozenset[int] = frozenset()
    language: str | None = None
    hours: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A buddy who takes newcomers. ``busy``: how many they have; ``last_at``: when they got the last one."""

    person: Person
    capacity: int
    busy: int = 0
    last_at: datetime | None = None

    @property
    def free(self) -> bool:
        return self.busy < self.capacity


def best(newcomer: Person, offers: Iterable[Offer], before: int | None = None) -> Offer | None:
    """The buddy who fits best; None when nobody is free.

    Nobody is their own buddy, nor the buddy of the same newcomer twice in a row (``before`` is the last one). A common
    language comes first, then groups, then hours; among equals who has the most room, then who has waited longest.
    """
    fitting = [one for one in offers if one.free and one.person.user_id not in (newcomer.user_id, before)]
    return min(fitting, key=lambda one: _rank(newcomer, one), default=None)


def _rank(newcomer: Person, offer: Offer) -> tuple[object, ...]:
    buddy = offer.person
    waited = (offer.last_at is not None, offer.last_at.timestamp() if offer.last_at else 0.0)
    return (
        -_language(newcomer.language, buddy.language),
        -min(SHARED_AT_MOST, len(newcomer.groups & buddy.groups)),
        -common_hours(newcomer.hours, buddy.hours),
        offer.busy / offer.capacity,
        *waited,
        buddy.user_id,
    )


def _language(one: str | None, other: str | None) -> int:
    """2 for the same, 1 where one of them is not known, 0 for different ones: better than no buddy at all."""
    return 1 if one is None or other is None else 2 * (one == other)


def common_hours(newcomer: int, buddy: int) -> int:
    """In quarters, how much of the newcomer's active hours are the buddy's too; 0 where nothing was counted yet."""
    if not newcomer:
        return 0
    return 4 * (newcomer & buddy).bit_count() // newcomer.bit_count()


def second_week(day: date) -> tuple[date, date]:
    """The first and last local day of the second week of two who were paired on ``day``."""
    return day + timedelta(days=7), day + timedelta(days=13)


def questions_due(begun_at: datetime, asked: int, present: datetime) -> list[int]:
    """The places in ``CHECKS`` of the questions that are due, when ``asked`` of them were asked before."""
    return [place for place, after in enumerate(CHECKS) if place >= asked and begun_at + after <= present]


def looks_next(begun_at: datetime, asked: int) -> datetime:
    """When something is to be done about the two again."""
    return begun_at + (CHECKS[asked] if asked < len(CHECKS) else DUTY)
