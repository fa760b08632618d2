"""Months of a server, by its own local days. Plain values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from bot.community.rules import Calendar

_QUARTER = timedelta(minutes=15)
_WIDEST = timedelta(hours=27)
"""No zone's midnight is further than this from that of UTC, changes of zone included."""
_WRITTEN = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; ``str`` writes it as ``2026-03``."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, written: str) -> Self | None:
        """What ``str`` wrote; None for anything else."""
        found = _WRITTEN.fullmatch(written.strip())
        if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 2015:
            return None
        return cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))


def latest(today: date, count: int) -> Sequence[Month]:
    """The month of that day and those before it, newest first."""
    found = [Month.of(today)]
    while len(found) < count:
        found.append(found[-1].previous)
    return found


def beginning(calendar: Calendar, day: date) -> datetime:
    """The first instant of a local day; every zone's offset is a multiple of 15 minutes."""
    instant = datetime.combine(day, time(), UTC) - _WIDEST
    while calendar.day(instant) < day:
        instant += _QUARTER
    return instant
