"""Lockdowns as the tables have them: begun, prolonged, ended, and undone step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select, update

from bot.clock import Clock, now
from bot.contracts.events import ServerPurged
from bot.contracts.lockdown import LockdownEnded, LockdownStarted
from bot.database import Database, Transaction
from bot.timers import Timers
from cogs.conduct.lockdown.models import Lockdown, LockdownStep, StepState, Target
from cogs.conduct.lockdown.plans import Plan
from cogs.conduct.lockdown.refusals import NoLockdown, StillUndoing

CARRY = "conduct:lockdown"
"""Kind of the timer that brings Discord to a lockdown, ends it, and undoes it."""
OWED = (StepState.WANTED, StepState.SET)


@dataclass(frozen=True, slots=True)
class LockdownView:
    """A lockdown as it was read; columns are explained in ``models``."""

    id: int
    guild_id: int
    open: bool | None
    closes: bool
    started_at: datetime
    started_by: int | None
    until: datetime
    ended_at: datetime | None
    ended_by: int | None
    pauses: bool
    holds: bool
    pause_before: datetime | None
    pause_until: datetime | None
    pause_over: bool
    skipped: Sequence[int]


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as it was read."""

    id: int
    channel_id: int
    target: Target
    target_id: int
    mask: int
    existed: bool
    before: Sequence[int]
    after: Sequence[int]
    state: StepState


class Lockdowns:
    """Everything is written down before Discord is asked, so that a crash at any point forgets nothing."""

    def __init__(self, db: Database, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._timers = timers
        self._clock = clock
        self._holding: dict[int, datetime] = {}

    async def load(self) -> None:
        """Learn which lockdowns hold newcomers."""
        query = select(Lockdown.guild_id, Lockdown.started_at)
        query = query.where(Lockdown.open.is_(True), Lockdown.holds, Lockdown.ended_at.is_(None))
        async with self._db.read() as session:
            self._holding = {row.guild_id: row.started_at for row in await session.execute(query)}

    def holding_since(self, guild_id: int) -> datetime | None:
        """When the lockdown began that holds newcomers, as of the last commit: one process owns a server."""
        return self._holding.get(guild_id)

    async def after_purged(self, event: ServerPurged) -> None:
        self._released(event.guild_id)

    def _released(self, guild_id: int) -> None:
        self._holding.pop(guild_id, None)

    async def start(
        self, guild_id: int, by: int, until: datetime, plan: Plan, pause_before: datetime | None
    ) -> tuple[LockdownView, bool]:
        """Begin one; where there is one, prolong it: then False, and it never ends earlier than before.

        Raises StillUndoing while the last one is being undone.
        """

        async def work(tx: Transaction) -> tuple[LockdownView, bool]:
            begun = await tx.ensure(
                Lockdown,
                guild_id=guild_id,
                open=True,
                closes=plan.closes,
                started_at=self._clock(),
                started_by=by,
                until=until,
                pauses=plan.pauses,
                holds=bool(plan.holds),
                pause_before=pause_before,
                pause_over=False,
                skipped=list(plan.skipped),
            )
            row = await self._open(tx, guild_id)
            assert row is not None
            if not begun and row.ended_at is not None:
                raise StillUndoing
            if begun:
                tx.session.add_all(_rows(row, plan))
                await self._started(tx, row)
            row.until = max(row.until, until)
            await tx.session.flush()
            await self._promise(tx, row, self._clock())
            return _view(row), begun

        return await self._db.transaction(work)

    async def end(self, guild_id: int, by: int | None, lockdown_id: int | None = None) -> LockdownView:
        """End it now. Raises NoLockdown where there is none, or it was ended already."""

        async def work(tx: Transaction) -> LockdownView:
            row = await self._open(tx, guild_id)
            if row is None or row.ended_at is not None or lockdown_id not in (None, row.id):
                raise NoLockdown
            await self._ended(tx, row, by)
            await self._promise(tx, row, self._clock())
            return _view(row)

        return await self._db.transaction(work)

    async def expire(self, lockdown_id: int) -> LockdownView | None:
        """As it stands; ended if its time is up. None when there is none of that number."""

        async def work(tx: Transaction) -> LockdownView | None:
            row = await self._locked(tx, lockdown_id)
            if row is not None and row.ended_at is None and row.until <= self._clock():
                await self._ended(tx, row, None)
            return None if row is None else _view(row)

        return await self._db.transaction(work)

    async def mark(self, step_id: int, state: StepState) -> None:
        """How far a step is."""
        done = update(LockdownStep).where(LockdownStep.id == step_id).values(state=state)
        await self._db.transaction(lambda tx: tx.session.execute(done.execution_options(synchronize_session=False)))

    async def paused(self, lockdown_id: int, until: datetime | None, *, over: bool = False) -> None:
        """Until when Discord was told to pause invites; ``over``: nothing more is to be done about them."""
        values = {"pause_over": True} if over else {"pause_until": until}
        noted = update(Lockdown).where(Lockdown.id == lockdown_id).values(**values)
        await self._db.transaction(lambda tx: tx.session.execute(noted.execution_options(synchronize_session=False)))

    async def again(self, lockdown_id: int, at: datetime, *, ending: bool) -> None:
        """Look again at ``at``; at once when it was ended or prolonged while it was looked at."""

        async def work(tx: Transaction) -> None:
            row = await self._locked(tx, lockdown_id)
            if row is not None:
                changed = (row.ended_at is not None) is not ending
                await self._promise(tx, row, self._clock() if changed else at)

        await self._db.transaction(work)

    async def finish(self, lockdown_id: int) -> None:
        """Everything is as before: another one may begin."""

        async def work(tx: Transaction) -> None:
            row = await self._locked(tx, lockdown_id)
            if row is not None and row.ended_at is not None:
                row.open = None

        await self._db.transaction(work)

    async def hasten(self, guild_id: int) -> None:
        """Something changed that may have been in the way, or the bot was away: look at the open one now."""

        async def work(tx: Transaction) -> None:
            row = await self._open(tx, guild_id)
            if row is not None:
                await self._promise(tx, row, self._clock())

        await self._db.transaction(work)

    async def present(self, guild_id: int) -> LockdownView | None:
        """The open one."""
        async with self._db.read() as session:
            row = await session.scalar(select(Lockdown).filter_by(guild_id=guild_id, open=True))
            return None if row is None else _view(row)

    async def get(self, lockdown_id: int) -> LockdownView:
        """Raises NoLockdown."""
        async with self._db.read() as session:
            row = await session.get(Lockdown, lockdown_id)
            if row is None:
                raise NoLockdown
            return _view(row)

    async def steps(self, lockdown_id: int) -> list[StepView]:
        """All of its steps, in the order in which they are taken; they are undone backwards."""
        mine = select(LockdownStep).filter_by(lockdown_id=lockdown_id).order_by(LockdownStep.id)
        async with self._db.read() as session:
            return [
                StepView(**{one.name: getattr(row, one.name) for one in fields(StepView)})
                for row in await session.scalars(mine)
            ]

    async def _started(self, tx: Transaction, row: Lockdown) -> None:
        guild_id, since = row.guild_id, row.started_at
        if row.holds:
            tx.once_committed(lambda: self._holding.update({guild_id: since}))
        await tx.emit(LockdownStarted(guild_id, row.id, row.holds))

    async def _ended(self, tx: Transaction, row: Lockdown, by: int | None) -> None:
        row.ended_at, row.ended_by, guild_id = self._clock(), by, row.guild_id
        await tx.session.flush()
        tx.once_committed(lambda: self._released(guild_id))
        await tx.emit(LockdownEnded(guild_id, row.id, row.holds))

    async def _open(self, tx: Transaction, guild_id: int) -> Lockdown | None:
        found = select(Lockdown).filter_by(guild_id=guild_id, open=True).with_for_update()
        return await tx.session.scalar(found.execution_options(populate_existing=True))

    async def _locked(self, tx: Transaction, lockdown_id: int) -> Lockdown | None:
        return await tx.session.get(Lockdown, lockdown_id, with_for_update=True, populate_existing=True)

    async def _promise(self, tx: Transaction, row: Lockdown, at: datetime) -> None:
        key, payload = f"{CARRY}:{row.id}", {"lockdown": row.id}
        await self._timers.schedule(tx, kind=CARRY, key=key, due_at=at, guild_id=row.guild_id, payload=payload)


def _rows(row: Lockdown, plan: Plan) -> list[LockdownStep]:
    return [
        LockdownStep(
            guild_id=row.guild_id,
            lockdown_id=row.id,
            channel_id=step.channel_id,
            target=step.target,
            target_id=step.target_id,
            mask=step.mask,
            existed=step.existed,
            before=step.before,
            after=step.after,
            state=StepState.WANTED,
        )
        for step in plan.steps
    ]


def _view(row: Lockdown) -> LockdownView:
    return LockdownView(**{one.name: getattr(row, one.name) for one in fields(LockdownView)})
