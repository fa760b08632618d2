"""What may be named, so that no number below ``ENOUGH`` is, nor can be computed from what is. Plain values.

Several tables count the same things: each divides the same total. A reader subtracts what is named from the total and
learns what the hidden cells are together, so the total is told only where that tells nothing about any one of them;
and where it is not told, only one table is, because two could give it away between them.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.contracts.moderation import ENOUGH, Count, Overturned

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Told(Generic[K]):
    """``tables`` are those given, in order, each with its named cells alone; a table that is withheld is empty.

    ``total`` is None where it is withheld: it is ``at_least`` so much.
    """

    total: Count
    at_least: int
    tables: tuple[Mapping[K, int], ...] = field(default=())


def told(tables: Sequence[Mapping[K, int]]) -> Told[K]:
    """What may be named of tables that each divide the same total, the most important first.

    Every cell that exists has to be in its table, those with nothing in them too: which are missing would say so.
    """
    total = sum(tables[0].values())
    shown = [_named(tables[0])]
    open_total = _hides(tables[0])
    for table in tables[1:]:
        shown.append(_named(table) if open_total and _hides(table) else {})
    return Told(total if open_total else None, sum(shown[0].values()), tuple(shown))


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


def _named(table: Mapping[K, int]) -> Mapping[K, int]:
    return {key: count for key, count in table.items() if count >= ENOUGH}


def _hides(table: Mapping[K, int]) -> bool:
    """Whether its hidden cells stay hidden from whoever knows the total."""
    hidden = [count for count in table.values() if count < ENOUGH]
    rest = sum(hidden)
    return not hidden or ENOUGH <= rest < (ENOUGH - 1) * len(hidden)


def _leaves_enough(answers: Mapping[int | None, tuple[int, int]], named: Mapping[int | None, tuple[int, int]]) -> bool:
    others = [pair for article, pair in answers.items() if article not in named]
    return not others or all(sum(pair[side] for pair in others) >= ENOUGH for side in (0, 1))
