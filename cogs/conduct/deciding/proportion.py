"""Proportionality: what others received for the same at the same step. Plain values in, plain values out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.contracts.cases import CaseKind
from cogs.conduct.deciding.sanctions import Sanction

COMPARED = 20
"""Cases that are looked at, the newest ones."""
ENOUGH = 5
"""Fewer say nothing."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A case as it is compared. ``proposed`` is None when what was proposed was done.

    ``continues``: it is the next step of the member's warning before it, which counts no points of its own.
    """

    user_id: int
    received: Sanction
    proposed: Sanction | None = None
    continues: bool = False

    @property
    def step(self) -> Sanction:
        """What was proposed then."""
        return self.proposed or self.received


@dataclass(frozen=True, slots=True)
class Proportion:
    """``outcomes`` are what was received and how often, most often first; ``departures`` were not as proposed."""

    outcomes: tuple[tuple[Sanction, int], ...]
    departures: int

    @property
    def cases(self) -> int:
        return sum(count for _received, count in self.outcomes)

    @property
    def is_enough(self) -> bool:
        """Whether there are so many that they say something."""
        return self.cases >= ENOUGH


def compared(newest_first: Iterable[Precedent], step: Sanction | None) -> Proportion:
    """Of cases under one article: the last ``COMPARED`` at this step (None: at any, where nothing is proposed)."""
    chosen = [one for one in whole(newest_first) if step is None or one.step == step][:COMPARED]
    counted = Counter(one.received for one in chosen)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return Proportion(tuple(ordered), sum(one.received != one.step for one in chosen))


def whole(newest_first: Iterable[Precedent]) -> Sequence[Precedent]:
    """Each breach once: a warning whose next step was taken counts as that step."""
    kept: list[Precedent] = []
    followed: set[int] = set()
    for one in newest_first:
        if one.continues:
            followed.add(one.user_id)
        elif one.user_id in followed:
            followed.remove(one.user_id)
            if one.received.kind is CaseKind.WARN:
                continue
        kept.append(one)
    return kept
