"""Figures of moderation, for whoever tells a server about itself: none is so small that it points at somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from bot.contracts.cases import CaseKind

ENOUGH = 5
"""The smallest number that is named. What is smaller, zero included, is "fewer than five", and cannot be computed from
what is named either."""

Count = int | None
"""None: fewer than ``ENOUGH``, or withheld because a smaller number could be computed with it."""


@dataclass(frozen=True, slots=True)
class Overturned:
    """Appeals under one article that were decided. ``article`` is None for cases without one."""

    article: int | None
    decided: int
    overturned: int

    @property
    def rate(self) -> float:
        """The share that was overturned."""
        return self.overturned / self.decided


@dataclass(frozen=True, slots=True)
class ModerationFigures:
    """What may be told about a span of local days. What is not in a mapping is not named.

    Each thing belongs to the day on which it happened, so that figures of days that are over stay as they are: only
    erasures change them. A total that is None is at least as much as its mapping has.
    """

    first: date
    last: date
    reports: Count = None
    """Made in that span."""
    by_article: Mapping[int | None, int] = field(default_factory=dict)
    """Those reports, by the article that was named; None without one."""
    resolved: Count = None
    """Reports closed in that span, whenever they were made."""
    by_outcome: Mapping[str, int] = field(default_factory=dict)
    median: timedelta | None = None
    """Half of those that were closed were closed within so long."""
    cases: Count = None
    """Made in that span, those that were undone since included."""
    by_kind: Mapping[CaseKind, int] = field(default_factory=dict)
    """What people decided, by its kind; and what was hit: filters of the bot, Discord's own AutoMod."""
    by_filters: Count = None
    """Sanctions that filters decided."""
    departures: Count = None
    """Sanctions by people that were not what the ladder proposed."""
    appeals: Count = None
    """Made in that span."""
    answered: Count = None
    """Appeals decided in that span, whenever they were made."""
    by_answer: Mapping[str, int] = field(default_factory=dict)
    """``upheld`` and ``overturned``."""
    overturned: tuple[Overturned, ...] = ()
    """By article, where both answers were given ``ENOUGH`` times."""


class ModerationReader(Protocol):
    """Whoever keeps the cases, as a reader of figures needs it."""

    async def figures(self, guild_id: int, first: date, last: date) -> ModerationFigures:
        """What happened on these local days of the server, both included.

        Keep to spans that do not overlap: the difference between two that do may be small.
        """
        ...
