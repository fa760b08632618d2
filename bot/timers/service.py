"""Schedules promises and keeps them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Clock, now
from bot.contracts.events import TimersChanged
from bot.database import Database, Transaction
from bot.timers.alarm import Alarm
from bot.timers.claims import LEASE, Claims, DueTimer, StuckTimer, TimerCounts
from bot.timers.models import Timer
from bot.timers.ownership import Share

log = logging.getLogger(__name__)

Handler = Callable[[DueTimer], Awaitable[None]]

WORKERS = 16
"""Handlers under way at once; each is mostly one wait on Discord."""
HANDLER_SECONDS = (LEASE - timedelta(minutes=1)).total_seconds()
"""A handler that takes longer has failed: its lease must not run out under it."""
STOP_SECONDS = 3.0
LOOK_AGAIN_SECONDS = 86400
"""Without being asked the table is looked at once a day, in case another program wrote to it."""
DATABASE_AWAY = timedelta(seconds=30)
LOCKED_ELSEWHERE = timedelta(seconds=1)


class Timers:
    """``handle`` registers what a kind does; ``schedule``, ``cancel``, ``pause`` and ``resume`` belong to the
    caller's transaction.

    A due promise is claimed, handled, and only then deleted: a crash repeats it, so handlers are safe to repeat. A
    handler that raises is tried again after 30 s, then twice as long each time up to an hour, for ever. Promises of a
    kind without a handler (its feature is off) wait. Two runs of one key never overlap.
    """

    def __init__(self, db: Database, clock: Clock = now, share: Share | None = None) -> None:
        self._db = db
        self._clock = clock
        self._claims = Claims(db, clock, share or Share())
        self._handlers: dict[str, Handler] = {}
        self._alarm = Alarm(self.wake)
        self._alarm.every("timers", LOOK_AGAIN_SECONDS, self._look)
        self._running: dict[str, tuple[DueTimer, asyncio.Task[None]]] = {}
        self._to_delete: list[DueTimer] = []
        self._pump: asyncio.Task[None] | None = None
        self._opening: asyncio.Task[None] | None = None
        self._context = copy_context()
        self._again = False
        self._open = False
        self._stopped = False
        self.kept = 0
        """Promises kept by this process."""
        self.failures = 0
        """Handlers that raised in this process."""

    def handle(self, kind: str, handler: Handler) -> None:
        """``handler`` keeps promises of this kind; it must be safe to repeat. Register before ``start``."""
        self._handlers[kind] = handler

    def every(self, kind: str, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Run housekeeping at intervals while the bot is up. What must not be missed is a timer instead."""
        self._alarm.every(kind, seconds, work)

    async def schedule(
        self, tx: Transaction, *, kind: str, key: str, due_at: datetime, guild_id: int | None, payload: dict[str, Any]
    ) -> None:
        """Promise ``kind`` at ``due_at``; the same ``key`` replaces the earlier promise, its failures included.

        A handler may schedule its own key again (the next week's digest); a run under way is not stopped by it.
        """
        dialect = postgresql if self._db.dialect == "postgresql" else sqlite
        values = {"kind": kind, "due_at": due_at, "next_at": due_at, "guild_id": guild_id, "payload": payload}
        values |= {"attempts": 0, "claimed_by": None, "last_error": None}
        insert = dialect.insert(Timer).values(key=key, paused=False, **values)
        await tx.session.execute(insert.on_conflict_do_update(index_elements=[Timer.key], set_=values))
        await _announce(tx, due_at)

    async def cancel(self, tx: Transaction, key: str) -> bool:
        """Take a promise back; False when there was none. A run under way is not stopped by it."""
        statement = delete(Timer).where(Timer.key == key).returning(Timer.id)
        found = await tx.session.scalars(statement.execution_options(synchronize_session=False))
        return found.first() is not None

    async def hasten(self, tx: Transaction, key: str) -> bool:
        """What was promised for later is due now, unless it rests; False when there is no such promise."""
        due = update(Timer).where(Timer.key == key, Timer.claimed_by.is_(None)).values(due_at=self._clock())
        found = await tx.session.scalars(
            due.values(next_at=self._clock()).returning(Timer.id).execution_options(synchronize_session=False)
        )
        await _announce(tx, self._clock())
        return found.first() is not None

    async def pause(self, tx: Transaction, guild_id: int) -> None:
        """Let the promises of a server rest, because the bot was removed from it. Those made later do not rest."""
        statement = update(Timer).where(Timer.guild_id == guild_id).values(paused=True)
        await tx.session.execute(statement.execution_options(synchronize_session=False))

    async def resume(self, tx: Transaction, guild_id: int) -> None:
        """The bot is back in the server: what fell due meanwhile is due now."""
        statement = update(Timer).where(Timer.guild_id == guild_id).values(paused=False)
        await tx.session.execute(statement.execution_options(synchronize_session=False))
        await _announce(tx, self._clock())

    async def stuck(self, guild_id: int | None) -> list[StuckTimer]:
        """Promises of a server (None: those without one) that failed five times in a row or more, oldest first."""
        return await self._claims.stuck(guild_id)

    async def stuck_in(self) -> set[int]:
        """The servers that have such promises."""
        return await self._claims.stuck_in()

    async def counts(self) -> TimerCounts:
        """How many promises are pending, late, stuck and paused."""
        return await self._claims.counts()

    async def start(self, ready: Callable[[], Awaitable[None]]) -> None:
        """Begin to keep promises once ``ready`` returns.

        One process serves a cluster's servers (``bot.lease``), so claims an earlier one left behind are void.
        """
        self._context = copy_context()
        self._db.bus.after(TimersChanged, self._changed)
        await self._claims.release()
        self._alarm.start()
        self._opening = asyncio.get_running_loop().create_task(self._open_when(ready))

    async def stop(self) -> None:
        """Finish what is under way, at most three seconds; the rest is given back for the next process."""
        self._open, self._stopped = False, True
        self._alarm.stop()
        if self._opening is not None:
            self._opening.cancel()
        if pumping := self._pumping():
            await asyncio.wait(pumping, timeout=STOP_SECONDS)
        left = await self._finish(STOP_SECONDS)
        try:
            await self._claims.turn(self._to_delete, 0, (), ())
            if left:
                await self._claims.release(left)
        except Exception:
            log.exception("%d timers could not be given back; the next process takes them at its start", len(left))

    def wake(self) -> None:
        """Look at the table now. Also for a machine that slept: the alarm's clock stood still meanwhile."""
        if self._open:
            self._start_pump()

    async def run_due(self) -> int:
        """Keep everything that is due by now, whether started or not; returns how many promises were kept."""
        before = self.kept
        self._start_pump()
        while under_way := {task for _, task in self._running.values()} | self._pumping():
            await asyncio.wait(under_way)
        return self.kept - before

    async def _open_when(self, ready: Callable[[], Awaitable[None]]) -> None:
        await ready()
        self._open = True
        self.wake()

    async def _look(self) -> None:
        self.wake()

    async def _changed(self, event: TimersChanged) -> None:
        if self._pumping():
            self._again = True
        elif self._alarm.at is None or event.due_at < self._alarm.at:
            self.wake()

    def _pumping(self) -> set[asyncio.Task[None]]:
        return {self._pump} if self._pump is not None and not self._pump.done() else set()

    def _start_pump(self) -> None:
        self._again = True
        if not self._stopped and not self._pumping():
            # Not in the context of whoever made a promise: a timer is no part of their interaction.
            self._pump = self._context.copy().run(asyncio.create_task, self._work_off())

    async def _work_off(self) -> None:
        """Claim while something is due and a worker is free, then set the alarm. No task waits in between."""
        try:
            while self._again and not self._stopped:
                self._again = False
                claimed = await self._turn()
                for timer in claimed:
                    self._begin(timer)
                if claimed:
                    self._again = True
                elif len(self._running) < WORKERS:
                    at = await self._claims.next_at(self._handlers, self._running)
                    if not self._again:
                        self._set_alarm(at)
        except Exception:
            log.exception("timers cannot be read; they are looked at again in %d s", DATABASE_AWAY.seconds)
            self._alarm.set(self._clock() + DATABASE_AWAY)

    async def _turn(self) -> list[DueTimer]:
        kept, self._to_delete = self._to_delete, []
        try:
            return await self._claims.turn(kept, WORKERS - len(self._running), self._handlers, self._running)
        except BaseException:
            self._to_delete += kept
            raise

    def _set_alarm(self, at: datetime | None) -> None:
        # A row that is due and could not be claimed is locked by somebody else at this moment.
        present = self._clock()
        self._alarm.set(present + LOCKED_ELSEWHERE if at is not None and at <= present else at)

    def _begin(self, timer: DueTimer) -> None:
        task = asyncio.get_running_loop().create_task(self._keep(timer), name=f"timer {timer.kind}")
        self._running[timer.key] = timer, task

    async def _keep(self, timer: DueTimer) -> None:
        try:
            await self._attempt(timer)
        except Exception:
            log.exception("timer %s could not be settled; it is tried again after its lease", timer.key)
        finally:
            del self._running[timer.key]
        if not self._stopped:
            self._start_pump()

    async def _attempt(self, timer: DueTimer) -> None:
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await self._handlers[timer.kind](timer)
        except Exception as error:
            self.failures += 1
            log.exception("timer %s failed (%d in a row)", timer.key, timer.attempts + 1)
            await self._claims.failed(timer, error)
        else:
            self.kept += 1
            self._to_delete.append(timer)

    async def _finish(self, seconds: float) -> list[DueTimer]:
        """Wait for handlers under way, then cancel them; returns those that did not finish."""
        tasks = [task for _, task in self._running.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        left = dict(self._running)
        for _, task in left.values():
            task.cancel()
        await asyncio.gather(*(task for _, task in left.values()), return_exceptions=True)
        return [timer for timer, _ in left.values()]


async def _announce(tx: Transaction, due_at: datetime) -> None:
    """One event a transaction, with the earliest instant: a thousand promises wake the clock once."""
    for place, event in enumerate(tx.events):
        if isinstance(event, TimersChanged):
            tx.events[place] = replace(event, due_at=min(event.due_at, due_at))
            return
    await tx.emit(TimersChanged(0, due_at))
