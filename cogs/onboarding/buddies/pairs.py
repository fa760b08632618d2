"""A pair as others see it, what became of a wish, and how their rows are found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Transaction
from bot.timers import Timers
from cogs.onboarding.buddies.models import BuddyPair, BuddyWish

INTRODUCE = "onboarding:buddies:introduce"
"""Kind of the timer that tells two of each other; it is made in the transaction that pairs them."""
FOLLOW = "onboarding:buddies:follow"
"""Kind of the timer that asks them, and ends the duty."""


class Asked(StrEnum):
    """What became of a newcomer's wish for a buddy."""

    PAIRED = "paired"
    HAS_ONE = "has_one"
    QUEUED = "queued"
    """Nobody is free: they wait, and the team knows."""
    LATER = "later"
    """They are paired once the required steps are done."""
    OFFERED = "offered"
    """The team wants it; the newcomer is asked first."""
    SILENT = "silent"
    """The team wants it; the newcomer takes no messages they did not ask for, or was asked before."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who are, or were, paired. ``buddy_id`` is None once the buddy was erased."""

    id: int
    guild_id: int
    newcomer_id: int
    buddy_id: int | None
    begun_at: datetime
    introduced_at: datetime | None
    thread_id: int | None
    met_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    how: Asked
    pair: Pair | None = None


def seen(row: BuddyPair) -> Pair:
    return Pair(
        row.id,
        row.guild_id,
        row.newcomer_id,
        row.buddy_id,
        row.begun_at,
        row.introduced_at,
        row.thread_id,
        row.met_at,
        row.ended_at,
    )


async def locked(tx: Transaction, pair_id: int) -> BuddyPair | None:
    """The row of a pair, as it is now."""
    return await tx.session.get(BuddyPair, pair_id, with_for_update=True, populate_existing=True)


async def present_pair(session: AsyncSession, guild_id: int, user_id: int) -> BuddyPair | None:
    """The pair of this newcomer that has no end."""
    mine = select(BuddyPair).filter_by(guild_id=guild_id, newcomer_id=user_id, ended_at=None)
    return (await session.scalars(mine)).one_or_none()


async def wish_of(tx: Transaction, guild_id: int, user_id: int) -> BuddyWish | None:
    """Locked; None for somebody who does not wait."""
    mine = select(BuddyWish).filter_by(guild_id=guild_id, user_id=user_id).with_for_update()
    return (await tx.session.scalars(mine.execution_options(populate_existing=True))).one_or_none()


async def promise(tx: Transaction, timers: Timers, kind: str, row: BuddyPair, at: datetime) -> None:
    """INTRODUCE or FOLLOW these two then; the promise names a row, nobody."""
    await timers.schedule(
        tx, kind=kind, key=f"{kind}:{row.id}", due_at=at, guild_id=row.guild_id, payload={"pair": row.id}
    )
