"""Days as people write them."""

import re
from datetime import date

from bot.errors import UserError
from bot.i18n.marks import N_

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{4})?)?")


class NotADay(UserError):
    """The text is no day of the calendar."""

    def __init__(self) -> None:
        super().__init__(N_("Write a day like 2026-07-14 or 14/07."))


def parse_day(text: str, today: date) -> date:
    """``2026-07-14``, ``14/07/2026``, ``14.07.`` (the next one from ``today`` on). Raises NotADay."""
    found = _ISO.fullmatch(text.strip()) or _DAY_FIRST.fullmatch(text.strip())
    if found is None:
        raise NotADay
    year, month, day = found["year"], int(found["month"]), int(found["day"])
    years = [int(year)] if year else [today.year + ahead for ahead in range(9)]  # 29 February may be eight years away
    for candidate in years:
        try:
            meant = date(candidate, month, day)
        except ValueError:
            continue
        if year or meant >= today:
            return meant
    raise NotADay
