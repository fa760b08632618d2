"""Lengths of time as people write them, in English and in French."""

import re
import unicodedata
from datetime import timedelta

from bot.errors import UserError
from bot.i18n.marks import N_

_UNITS: dict[timedelta, tuple[str, ...]] = {
    timedelta(weeks=1): ("w", "wk", "wks", "week", "weeks", "sem", "semaine", "semaines"),
    timedelta(days=1): ("d", "day", "days", "j", "jour", "jours"),
    timedelta(hours=1): ("h", "hr", "hrs", "hour", "hours", "heure", "heures"),
    timedelta(minutes=1): ("m", "mn", "min", "mins", "minute", "minutes"),
    timedelta(seconds=1): ("s", "sec", "secs", "second", "seconds", "seconde", "secondes"),
}
_BY_WORD = {word: unit for unit, words in _UNITS.items() for word in words}
_BELOW = {timedelta(days=1): timedelta(hours=1), timedelta(hours=1): timedelta(minutes=1)}
"""What a last number without a unit counts after this one: 1h30, 2d12."""
_PART = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)\s*([a-z]+)?\s*(?:,|and\b|et\b)?\s*")
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)")
LONGEST = timedelta(days=3650)


class NotADuration(UserError):
    """The text is no length of time, or an absurd one."""

    def __init__(self) -> None:
        super().__init__(N_("Write a length of time, for example 90m, 1h30 or 2 days."))


def parse_duration(text: str) -> timedelta:
    """``90m``, ``1h30``, ``1:30``, ``2 jours``, ``1 week and 3 days``, ``1,5 h``: at most ten years.

    A number without a unit is refused, except after hours (minutes) and days (hours): guessing would be wrong half
    of the time. Months and years are refused because their length is not fixed. Raises NotADuration.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().strip().lower()
    clock = _CLOCK.fullmatch(plain)
    total = timedelta(hours=int(clock[1]), minutes=int(clock[2])) if clock else _sum(plain)
    if total > LONGEST:
        raise NotADuration
    return total


def _sum(text: str) -> timedelta:
    total, position, last = timedelta(0), 0, None
    while position < len(text):
        part = _PART.match(text, position)
        unit = _unit(part[2], last, is_end=part.end() == len(text)) if part else None
        if part is None or unit is None or (last is not None and unit >= last):
            raise NotADuration
        try:
            total += unit * float(part[1].replace(",", "."))
        except OverflowError:
            raise NotADuration from None
        position, last = part.end(), unit
    if last is None:
        raise NotADuration
    return total


def _unit(word: str | None, last: timedelta | None, *, is_end: bool) -> timedelta | None:
    if word is None:
        return _BELOW.get(last) if last is not None and is_end else None
    return _BY_WORD.get(word)


def parts(span: timedelta) -> list[tuple[int, str]]:
    """Whole weeks-free parts, largest first: 90 minutes → [(1, "hour"), (30, "minute")]. Below a second is dropped."""
    left = int(span.total_seconds())
    found = []
    for name, seconds in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, seconds)
        if count:
            found.append((count, name))
    return found or [(0, "minute")]


def written(span: timedelta) -> str:
    """As somebody would type it, in a form both languages read: ``1d 2h 30m``."""
    return " ".join(f"{count}{name[0]}" for count, name in parts(span))
