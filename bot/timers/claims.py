"""Claims rows of ``timer`` with a lease, and settles them; every method is one transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.sql import Select

from bot.clock import Clock
from bot.contracts.events import TimerRecovered, TimerStuck
from bot.database import Database, Transaction
from bot.timers.models import Timer
from bot.timers.ownership import Share
from bot.timers.rules import STUCK_AFTER, described, pause_after

LEASE = timedelta(minutes=5)
"""How long a claim holds without news of the handler; a crashed process's successor voids it at start."""
LATE = timedelta(seconds=60)
"""A promise that is unkept this long after it was due counts as late."""


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A claimed timer, as its handler sees it. ``attempts`` are the failures before this run."""

    id: int
    guild_id: int | None
    kind: str
    key: str
    due_at: datetime
    payload: dict[str, Any]
    attempts: int
    claim: str


@dataclass(frozen=True, slots=True)
class StuckTimer:
    """A promise that keeps failing. ``error`` is the kind of the last failure; it is tried again at ``next_at``."""

    id: int
    guild_id: int | None
    kind: str
    key: str
    due_at: datetime
    next_at: datetime
    attempts: int
    error: str | None


@dataclass(frozen=True, slots=True)
class TimerCounts:
    """How many promises wait, how many of them are late, keep failing, or rest because their server was left."""

    pending: int
    late: int
    stuck: int
    paused: int


_DUE = (Timer.id, Timer.guild_id, Timer.kind, Timer.key, Timer.due_at, Timer.payload, Timer.attempts, Timer.claimed_by)
_STUCK = (
    Timer.id,
    Timer.guild_id,
    Timer.kind,
    Timer.key,
    Timer.due_at,
    Timer.next_at,
    Timer.attempts,
    Timer.last_error,
)


class Claims:
    """What workers do to the table."""

    def __init__(self, db: Database, clock: Clock, share: Share) -> None:
        self._db = db
        self._clock = clock
        self._share = share

    async def turn(
        self, kept: Collection[DueTimer], limit: int, kinds: Collection[str], busy: Collection[str]
    ) -> list[DueTimer]:
        """Delete the promises that were kept, unless they were made anew meanwhile; then lease up to ``limit`` due rows
        of these kinds, oldest first, except those whose key is ``busy``. One transaction, so that a crowd goes fast.
        """
        wanted = limit > 0 and bool(kinds)
        if not kept and not wanted:
            return []
        now = self._clock()

        async def work(tx: Transaction) -> list[DueTimer]:
            if kept:
                await tx.session.execute(delete(Timer).where(_held(kept)).execution_options(synchronize_session=False))
                for timer in kept:
                    if timer.attempts >= STUCK_AFTER:
                        await tx.emit(TimerRecovered(timer.guild_id or 0, timer.id, timer.kind, timer.key))
            if not wanted:
                return []
            due = self._open(select(Timer.id), kinds, busy).where(Timer.next_at <= now)
            due = due.order_by(Timer.next_at).limit(limit).with_for_update(skip_locked=True)
            leased = (
                update(Timer)
                .where(Timer.id.in_(due.scalar_subquery()))
                .values(claimed_by=uuid4().hex, next_at=now + LEASE)
                .returning(*_DUE)
                .execution_options(synchronize_session=False)
            )
            rows = [DueTimer(*row) for row in await tx.session.execute(leased)]
            return sorted(rows, key=lambda timer: (timer.due_at, timer.id))

        return await self._db.transaction(work)

    async def next_at(self, kinds: Collection[str], busy: Collection[str]) -> datetime | None:
        """When the next row of these kinds may be claimed; None when there is none."""
        if not kinds:
            return None
        async with self._db.read() as session:
            query = self._open(select(Timer.next_at), kinds, busy).order_by(Timer.next_at).limit(1)
            found: datetime | None = await session.scalar(query)
            return found

    async def failed(self, timer: DueTimer, error: BaseException) -> None:
        """The promise is not kept yet: try again later, and say so once when it keeps failing."""
        failures = timer.attempts + 1
        values = {
            "attempts": failures,
            "claimed_by": None,
            "next_at": self._clock() + pause_after(failures),
            "last_error": described(error),
        }

        async def work(tx: Transaction) -> None:
            held = update(Timer).where(_held([timer])).values(values).returning(Timer.id)
            found = await tx.session.scalar(held.execution_options(synchronize_session=False))
            if found is not None and failures == STUCK_AFTER:
                await tx.emit(TimerStuck(timer.guild_id or 0, timer.id, timer.kind, timer.key))

        await self._db.transaction(work)

    async def release(self, timers: Collection[DueTimer] | None = None) -> None:
        """Give claims back, to be taken again at once. None: all that an earlier process of this cluster left."""
        if timers is None:
            which = and_(Timer.claimed_by.is_not(None), self._share.clause(Timer.guild_id))
        else:
            which = _held(timers)
        values = {"claimed_by": None, "next_at": self._clock()}

        async def work(tx: Transaction) -> None:
            statement = update(Timer).where(which).values(values)
            await tx.session.execute(statement.execution_options(synchronize_session=False))

        await self._db.transaction(work)

    async def stuck(self, guild_id: int | None) -> list[StuckTimer]:
        """The promises of a server (None: those without one) that keep failing, oldest first."""
        mine = Timer.guild_id.is_(None) if guild_id is None else Timer.guild_id == guild_id
        query = select(*_STUCK).where(mine, Timer.attempts >= STUCK_AFTER).order_by(Timer.due_at, Timer.id)
        async with self._db.read() as session:
            return [StuckTimer(*row) for row in await session.execute(query)]

    async def stuck_in(self) -> set[int]:
        """Servers of this cluster with promises that keep failing."""
        query = select(Timer.guild_id).where(Timer.attempts >= STUCK_AFTER, self._share.clause(Timer.guild_id))
        async with self._db.read() as session:
            return {guild_id for guild_id in await session.scalars(query.distinct()) if guild_id is not None}

    async def counts(self) -> TimerCounts:
        """How this cluster's promises stand."""
        awake = Timer.paused.is_(False)
        query = select(
            func.count().filter(awake),
            func.count().filter(awake, Timer.due_at < self._clock() - LATE),
            func.count().filter(awake, Timer.attempts >= STUCK_AFTER),
            func.count().filter(Timer.paused),
        ).where(self._share.clause(Timer.guild_id))
        async with self._db.read() as session:
            return TimerCounts(*(await session.execute(query)).one())

    def _open(self, query: "Select[Any]", kinds: Collection[str], busy: Collection[str]) -> "Select[Any]":
        query = query.where(Timer.paused.is_(False), Timer.kind.in_(kinds), self._share.clause(Timer.guild_id))
        return query.where(Timer.key.not_in(busy)) if busy else query


def _held(timers: Collection[DueTimer]) -> ColumnElement[bool]:
    ids, claims = {timer.id for timer in timers}, {timer.claim for timer in timers}
    return and_(Timer.id.in_(ids), Timer.claimed_by.in_(claims))
