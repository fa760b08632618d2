"""Decides who was away, and what is new since."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

AWAY = timedelta(days=30)
"""Days without anything counted, from the last day with something to the day of the return."""
STILL_NEWS = timedelta(days=7)
"""A return that is noticed later (an outage was caught up with) is none any more."""


def was_away(last: date | None, day: date) -> bool:
    """Whether somebody who was last active on ``last`` comes back on ``day``; never active before is no return."""
    return last is not None and day - last >= AWAY


def is_news(day: date, today: date) -> bool:
    """Whether a return on that local day is still worth telling something."""
    return today - STILL_NEWS <= day


def added(before: Iterable[Mapping[str, int]], present: Collection[int]) -> list[int]:
    """Of the roles that are groups at present, those that were none before, in their order."""
    known = {group["role"] for group in before}
    return [role for role in present if role not in known]
