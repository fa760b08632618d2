"""Who is free when, and what stands first: decided on plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.contracts.inbox import InboxItem
from bot.timers.schedule import instant_of

LONGEST_HOLIDAY = timedelta(days=366)


class Presence(StrEnum):
    """Whether somebody may be asked."""

    FREE = "free"
    QUIET = "quiet"
    """In their quiet hours: not to be pinged."""
    AWAY = "away"
    """On holiday: not to be pinged, and nothing is theirs."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of every local day, ``end`` excluded; a ``start`` after ``end`` runs over midnight."""

    start: time
    end: time

    def cover(self, local: time) -> bool:
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True, slots=True)
class Holiday:
    """Local days, both included."""

    first: date
    last: date

    def starts(self, zone: ZoneInfo) -> datetime:
        """Its first instant, in UTC."""
        return instant_of(self.first, time.min, zone)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The first instant after it, in UTC."""
        return instant_of(self.last + timedelta(days=1), time.min, zone)


@dataclass(frozen=True, slots=True)
class Availability:
    """When a person of the team wants to be left alone. ``zone`` None: the server's."""

    quiet: QuietHours | None = None
    holiday: Holiday | None = None
    zone: str | None = None

    def zone_in(self, server_zone: str) -> ZoneInfo:
        """The time zone their hours and days are meant in."""
        return ZoneInfo(self.zone or server_zone)

    def presence(self, at: datetime, server_zone: str) -> Presence:
        """How they are at an instant (aware)."""
        local = at.astimezone(self.zone_in(server_zone))
        if self.holiday is not None and self.holiday.first <= local.date() <= self.holiday.last:
            return Presence.AWAY
        if self.quiet is not None and self.quiet.cover(local.time()):
            return Presence.QUIET
        return Presence.FREE


ALWAYS = Availability()


def in_order(items: Iterable[InboxItem], at: datetime) -> list[InboxItem]:
    """Urgent ones first, then the oldest."""
    return sorted(items, key=lambda item: (not item.is_urgent(at), item.added_at, item.id))


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures over open items."""

    open: int
    urgent: int
    held: int


def tally(items: Iterable[InboxItem], at: datetime) -> Tally:
    """How many wait, how many of them for too long, and how many somebody takes care of."""
    found = list(items)
    urgent = sum(item.is_urgent(at) for item in found)
    return Tally(len(found), urgent, sum(item.holder is not None for item in found))
