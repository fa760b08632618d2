"""Who may be written to when, and what goes first: decided on plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.inbox.rules import Availability, Presence, QuietHours
from bot.timers.schedule import Daily

WEEK = timedelta(days=7)
"""At most one unasked private message in this time."""
BETWEEN_PINGS = timedelta(hours=1)
"""At most one unasked ping in this time."""
WINDOW = timedelta(minutes=30)
"""How long the first proposal waits for a more useful one."""
LEEWAY = timedelta(minutes=1)
"""How long before it expires a proposal is decided on at the latest."""
NIGHT = QuietHours(time(22), time(8))
"""Quiet hours of whoever chose none, in the server's time zone."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal that waits."""

    id: int
    usefulness: int
    proposed_at: datetime
    expires_at: datetime


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The most useful first; among equals the one that waits longest."""
    return sorted(candidates, key=lambda one: (-one.usefulness, one.proposed_at, one.id))


def free_from(at: datetime, availability: Availability, server_zone: str) -> datetime:
    """The first instant from ``at`` on at which the member is neither asleep, in quiet hours, nor on holiday."""
    zone = availability.zone_in(server_zone)
    with_nights = Availability(availability.quiet or NIGHT, availability.holiday, availability.zone)
    while (presence := with_nights.presence(at, server_zone)) is not Presence.FREE:
        if presence is Presence.AWAY and availability.holiday is not None:
            at = availability.holiday.ends(zone)
        else:
            quiet = availability.quiet or NIGHT
            at = Daily(quiet.end).next(at, zone)
    return at


def opens_at(present: datetime, sent_at: datetime | None) -> datetime:
    """From when on the member's budget allows a message."""
    return present if sent_at is None else max(present, sent_at + WEEK)


def decided_at(candidates: Iterable[Candidate], opens: datetime) -> datetime:
    """When the most useful of them is chosen, quiet hours apart. There is at least one."""
    known = list(candidates)
    first = min(one.proposed_at for one in known)
    soonest = min(one.expires_at for one in known)
    return max(opens, min(first + WINDOW, soonest - LEEWAY))
