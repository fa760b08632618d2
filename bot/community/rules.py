"""What counts, and on which local day. Pure: plain values in, plain values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DISCORD_EPOCH_MS = 1_420_070_400_000
SLOT_MS = 15 * 60 * 1000
"""Every zone's offset is a multiple of 15 minutes, so within such a slot of UTC the local hour cannot change."""
DEFAULT_ZONE = "UTC"
UNCOUNT_MS = 10 * 60 * 1000
"""A message deleted this soon is uncounted."""
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Before everything that can be asked for."""


def ms_of(snowflake: int) -> int:
    """When a Discord id was made, in milliseconds since 1970."""
    return (snowflake >> 22) + DISCORD_EPOCH_MS


def instant_of(ms: int) -> datetime:
    """The aware instant of a number of milliseconds since 1970."""
    return ALWAYS + timedelta(milliseconds=ms)


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970 of an aware instant."""
    return (instant - ALWAYS) // timedelta(milliseconds=1)


def snowflake_at(instant: datetime) -> int:
    """The lowest Discord id of that millisecond; 0 for an instant before Discord."""
    return max(0, to_ms(instant) - DISCORD_EPOCH_MS) << 22


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """From ``at`` on the server's days follow ``zone``."""

    at: datetime
    zone: str


class Calendar:
    """The local days of a server under its history of time zones: UTC until the first change."""

    def __init__(self, changes: Iterable[ZoneChange] = ()) -> None:
        self._changes = sorted(changes, key=lambda change: change.at, reverse=True)

    @property
    def zone(self) -> str:
        """The newest zone, whether or not it is in force yet."""
        return self._changes[0].zone if self._changes else DEFAULT_ZONE

    @property
    def changes(self) -> Sequence[ZoneChange]:
        """The history, newest first."""
        return self._changes

    @property
    def first_zone(self) -> str:
        """The zone of the days before any change."""
        return self._changes[-1].zone if self._changes else DEFAULT_ZONE

    def zone_at(self, instant: datetime) -> ZoneInfo:
        """The zone in force at that instant."""
        return ZoneInfo(next((change.zone for change in self._changes if change.at <= instant), DEFAULT_ZONE))

    def local(self, instant: datetime) -> datetime:
        """That instant on the server's own clock."""
        return instant.astimezone(self.zone_at(instant))

    def day(self, instant: datetime) -> date:
        """The local day of that instant: the same for ever, because changes only concern the future."""
        return self.local(instant).date()

    def noon(self, day: date) -> datetime:
        """An instant on that local day, in UTC."""
        zone = self.zone_at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        return datetime(day.year, day.month, day.day, 12, tzinfo=zone).astimezone(UTC)

    def slot(self, ms: int) -> tuple[date, int]:
        """The local day, and the local hour as one bit of 24."""
        local = self.local(instant_of(ms))
        return local.date(), 1 << local.hour

    def change(self, now: datetime, zone: str) -> ZoneChange:
        """What a change decided ``now`` is: it takes effect at the next local midnight."""
        present = self.zone_at(now)
        tomorrow = now.astimezone(present).date() + timedelta(days=1)
        midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=present)
        return ZoneChange(midnight.astimezone(UTC), zone)

    def with_change(self, change: ZoneChange) -> "Calendar":
        """The same history with this change; it replaces another at the same instant."""
        return Calendar([*(kept for kept in self._changes if kept.at != change.at), change])


@dataclass(frozen=True, slots=True)
class VoiceDay:
    """Minutes in voice on one local day, and the hours they touched as a mask of 24 bits."""

    day: date
    minutes: int
    hours: int


def voice_days(since_ms: int, until_ms: int, calendar: Calendar) -> tuple[Sequence[VoiceDay], int]:
    """Whole minutes of a stay, each on the local day in which it began; and where the uncounted rest begins."""
    days: dict[date, tuple[int, int]] = {}
    at = since_ms
    while until_ms - at >= 60_000:
        day, hour = calendar.slot(at)
        slot_end = at - at % SLOT_MS + SLOT_MS
        # Minutes that begin in this slot and are over: all of them have the same day and hour.
        whole = min(-((at - slot_end) // 60_000), (until_ms - at) // 60_000)
        minutes, hours = days.get(day, (0, 0))
        days[day] = (minutes + whole, hours | hour)
        at += whole * 60_000
    return [VoiceDay(day, minutes, hours) for day, (minutes, hours) in sorted(days.items())], at
