"""The clock: APScheduler wakes whoever asked, and holds no promise itself."""

import logging
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

_DUE = "due"


@dataclass(frozen=True, slots=True)
class _Chore:
    """A housekeeping job: its failure is logged and its next turn comes all the same."""

    kind: str
    seconds: float
    work: Callable[[], Awaitable[None]]

    async def run(self) -> None:
        try:
            await self.work()
        except Exception:
            log.exception("housekeeping %s failed; its next turn is in %d s", self.kind, self.seconds)


class Alarm:
    """Rings at the next due instant and runs housekeeping at intervals, between ``start`` and ``stop``."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._chores: dict[str, _Chore] = {}
        self._scheduler: AsyncIOScheduler | None = None
        self._context = copy_context()
        self.at: datetime | None = None
        """When it rings next."""

    def every(self, kind: str, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Run ``work`` every ``seconds``, never twice at once; the same ``kind`` replaces the earlier one."""
        self._chores[kind] = _Chore(kind, seconds, work)
        if self._scheduler is not None:
            self._add(self._chores[kind])

    def start(self) -> None:
        """Begin. What was due while nothing ran is run, once, however late."""
        self._context = copy_context()
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.start()
        for chore in self._chores.values():
            self._add(chore)

    def stop(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
            self.at = None

    def set(self, at: datetime | None) -> None:
        """Ring at ``at`` instead of when it was set before; None: not at all."""
        if self._scheduler is None or at == self.at:
            return
        self.at = at
        if at is not None:
            self._scheduler.add_job(self._fire, DateTrigger(at, UTC), id=_DUE, replace_existing=True)
        elif self._scheduler.get_job(_DUE):
            self._scheduler.remove_job(_DUE)

    async def _fire(self) -> None:
        # A coroutine, because APScheduler runs plain functions in a thread.
        self.at = None
        self._ring()

    def _add(self, chore: _Chore) -> None:
        assert self._scheduler is not None
        trigger = IntervalTrigger(seconds=chore.seconds, timezone=UTC)
        add = partial(self._scheduler.add_job, chore.run, trigger, id=f"every:{chore.kind}", replace_existing=True)
        self._context.copy().run(add)  # a chore is no part of the interaction during which it was asked for
