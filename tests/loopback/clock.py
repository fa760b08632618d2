"""The time of the imitated Discord: real time plus an offset that the test may change."""

import datetime as dt

DISCORD_EPOCH_MS = 1_420_070_400_000


class Clock:
    """`now()` runs with real time; `move(days=1)` jumps. A running bot's own clock stays: it is set when it starts."""

    def __init__(self) -> None:
        self.offset = dt.timedelta()

    def now(self) -> dt.datetime:
        """The present of this Discord, aware, in UTC."""
        return dt.datetime.now(dt.UTC) + self.offset

    def move(self, **step: float) -> None:
        """Jump by a `datetime.timedelta(**step)`; ids made afterwards carry the new time."""
        self.offset += dt.timedelta(**step)

    def set(self, moment: dt.datetime) -> None:
        """Jump to a moment."""
        self.offset = moment - dt.datetime.now(dt.UTC)


class Snowflakes:
    """Unique ids that carry their time of creation and, made now, only ever grow."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._past: set[int] = set()

    def make(self, at: dt.datetime | None = None) -> int:
        """An id for this moment, or for a moment of the past."""
        if at is not None:
            return self._make_past(at)
        self._last = max(self._last + 1, snowflake(self._clock.now()))
        return self._last

    def _make_past(self, at: dt.datetime) -> int:
        candidate = snowflake(at)
        while candidate in self._past:
            candidate += 1
        self._past.add(candidate)
        return candidate


def snowflake(at: dt.datetime) -> int:
    """The smallest id that carries this moment."""
    return (int(at.timestamp() * 1000) - DISCORD_EPOCH_MS) << 22


def iso(at: dt.datetime) -> str:
    """A moment as Discord writes it."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
