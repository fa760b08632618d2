"""When something that happens daily or weekly at a local time happens next. Pure: values in, an instant out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Daily:
    """Once per local date, at ``at``. A date that the zone skips (Apia, 30 December 2011) does not happen."""

    at: time

    def next(self, after: datetime, zone: ZoneInfo) -> datetime:
        """The first instant after ``after`` (aware), in UTC."""
        return _first(after, zone, self.at, None)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Once a week, on ``weekday`` (Monday is 0), at ``at``, even when the zone skips that date: then as it ends."""

    weekday: int
    at: time

    def next(self, after: datetime, zone: ZoneInfo) -> datetime:
        """The first instant after ``after`` (aware), in UTC."""
        return _first(after, zone, self.at, self.weekday)


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The one instant, in UTC, at which ``at`` happens on the local date ``day``.

    A time that the clocks skip happens at the first instant after the gap; a time they repeat, the first time.
    """
    local = datetime.combine(day, at, zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(local, zone)


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """The transition itself. Before it the zone has the offset of fold 0, after it that of fold 1."""
    early = local.replace(fold=1).astimezone(UTC)
    late = local.replace(fold=0).astimezone(UTC)
    offset = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def _first(after: datetime, zone: ZoneInfo, at: time, weekday: int | None) -> datetime:
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        if _exists(day, zone) if weekday is None else day.weekday() == weekday:
            instant = instant_of(day, at, zone)
            if instant > after:
                return instant
        day += timedelta(days=1)


def _exists(day: date, zone: ZoneInfo) -> bool:
    return instant_of(day, time.min, zone).astimezone(zone).date() == day
