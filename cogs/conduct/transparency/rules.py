"""What may be named, so that no number below ``ENOUGH`` is, nor can be computed from what is. Plain values.

A reader subtracts what is named from the total and learns what the hidden cells are together: so the total is told only
where that tells nothing about any one of them. What divides the same total a second time is not told at all.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.contracts.moderation import ENOUGH, Count, Overturned

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Told(Generic[K]):
    """``named`` are the cells that are. ``total`` is None where it is withheld: it is as much as they are at least."""

    total: Count
    named: Mapping[K, int]


def told(table: Mapping[K, int]) -> Told[K]:
    """What may be named of a table.

    Every cell that exists has to be in it, those with nothing in them too: which are missing would say so.
    """
    named = {key: count for key, count in table.items() if count >= ENOUGH}
    return Told(sum(table.values()) if _hides(table) else None, named)


def part(of: int, count: int) -> Count:
    """A part of a whole that may be known: neither it nor the rest is small."""
    return count if count >= ENOUGH and of - count >= ENOUGH else None


def overturned(answers: Mapping[int | None, tuple[int, int]]) -> tuple[Overturned, ...]:
    """By article, from how often its appeals were upheld and overturned: those of which both may be named.

    The totals over all articles may be known, so what is left for the others must not be small either.
    """
    named = {article: pair for article, pair in answers.items() if min(pair) >= ENOUGH}
    while named and not _leaves_enough(answers, named):
        del named[min(named, key=lambda article: (sum(named[article]), article or 0))]
    ordered = sorted(named.items(), key=lambda entry: (entry[0] is None, entry[0] or 0))
    return tuple(Overturned(article, sum(pair), pair[1]) for article, pair in ordered)


def _hides(table: Mapping[K, int]) -> bool:
    """Whether its hidden cells stay hidden from whoever knows the total."""
    hidden = [count for count in table.values() if count < ENOUGH]
    rest = sum(hidden)
    return not hidden or ENOUGH <= rest < (ENOUGH - 1) * len(hidden)


def _leaves_enough(answers: Mapping[int | None, tuple[int, int]], named: Mapping[int | None, tuple[int, int]]) -> bool:
    others = [pair for article, pair in answers.items() if article not in named]
    return not others or all(sum(pair[side] for pair in others) >= ENOUGH for side in (0, 1))
