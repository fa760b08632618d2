"""A clock that stands still while other programs have the processor, so that a busy machine delays nobody."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

BEAT = 0.01
"""Seconds after which the event loop should have its turn."""


class FairClock:
    """Call it: seconds, without those in which this process could have gone on and was not let.

    What it computes itself counts in full, in whatever thread, and so does what it waits for.
    """

    def __init__(self) -> None:
        self._stolen = 0.0
        self._beat = self._now()

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def _stolen_since_beat(self) -> float:
        (at, used), (before, used_before) = self._now(), self._beat
        return max(0.0, at - before - BEAT - (used - used_before))

    def __call__(self) -> float:
        return time.perf_counter() - self._stolen - self._stolen_since_beat()

    async def run(self) -> None:
        while True:
            self._beat = self._now()
            await asyncio.sleep(BEAT)
            self._stolen += self._stolen_since_beat()


@contextlib.asynccontextmanager
async def fair_clock() -> AsyncIterator[FairClock]:
    """A clock that watches this event loop."""
    clock = FairClock()
    running = asyncio.create_task(clock.run())
    try:
        yield clock
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
