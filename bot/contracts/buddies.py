"""What became of buddies, as plain values, for whoever reports on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BuddyOutcomes:
    """Of the pairs that began on the local days from ``first`` to ``last``, both included.

    ``begun`` is the sum of ``under_way``, ``over``, ``changed``, ``withdrew``, ``left`` and ``unreachable``; who was
    erased as a newcomer is in none of them.
    """

    first: date
    last: date
    begun: int
    under_way: int
    over: int
    """Ended by themselves, after two weeks."""
    changed: int
    """The newcomer wanted somebody else."""
    withdrew: int
    """The buddy could not go on."""
    left: int
    """One of the two left."""
    unreachable: int
    """No message reached the buddy."""
    met: int
    """The newcomer said that they met, however it ended."""
    succeeded: int
    """They met, and the newcomer was active in the second week: a ``buddy_success`` that stands."""


@dataclass(frozen=True, slots=True)
class BuddyPlaces:
    """How things stand: who offers, the places they have (those who pause aside), how many are taken, who waits."""

    buddies: int
    pausing: int
    places: int
    taken: int
    waiting: int


class BuddyFigures(Protocol):
    """Whoever pairs newcomers with buddies, as a reader of figures needs it. Days are the server's own."""

    async def outcomes(self, guild_id: int, first: date, last: date) -> BuddyOutcomes:
        """Of the pairs that began on these local days."""
        ...

    async def weeks(self, guild_id: int, since: date) -> Mapping[date, BuddyOutcomes]:
        """By week, from that of ``since`` to the present one, empty ones too; its local Monday names a week."""
        ...

    async def places(self, guild_id: int) -> BuddyPlaces:
        """As it is now."""
        ...
