"""How features that raise a server's verification level share it: each says what it needs, none lowers another's."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LevelClaim:
    """What a feature needs of a server's verification level, as Discord counts them, or has still to give back.

    ``before`` is the level that stood before anything of ours. ``done``: Discord was told to raise it. ``over``: it
    is needed no more. How far Discord is may be one step ahead of both, after a crash.
    """

    before: int
    wanted: int
    done: bool
    over: bool


class LevelUser(Protocol):
    """A feature that raises the level. Its claim is written down before Discord is asked, and until it is undone."""

    async def claim(self, guild_id: int) -> LevelClaim | None:
        """What it needs, or has still to give back; None when it has nothing to do with the level."""
        ...

    async def give_up(self, guild_id: int, level: int) -> None:
        """Somebody chose this level by hand: it is theirs, and whatever was claimed is not asked for any more."""
        ...


def stood_before(claims: Collection[LevelClaim]) -> int:
    """The level without any of them; there is at least one."""
    return min(claim.before for claim in claims)


def needed(claims: Collection[LevelClaim]) -> int:
    """The level that is to stand while these are what they are."""
    return max([stood_before(claims), *(claim.wanted for claim in claims if not claim.over)])


def explained(claims: Collection[LevelClaim]) -> set[int]:
    """The levels that may stand though nobody touched it: what is about to begin or to end may have happened."""
    firm = [claim.wanted for claim in claims if claim.done and not claim.over]
    open_ = [claim.wanted for claim in claims if claim.over or not claim.done]
    some = (part for size in range(len(open_) + 1) for part in combinations(open_, size))
    return {max([stood_before(claims), *firm, *part]) for part in some}
