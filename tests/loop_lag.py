"""Measures how long the event loop was held up, without blaming it for other programs on the machine (promise 9)."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

LIMIT = 0.1
"""Seconds: what nothing in the bot may exceed."""
STEP = 0.005
_SCHEDULER = Path("/proc/thread-self/schedstat")


class LoopLag:
    """`worst` is the longest hold-up so far in seconds, `total` their sum."""

    def __init__(self) -> None:
        self.worst = 0.0
        self.total = 0.0

    def note(self, seconds: float) -> None:
        self.worst = max(self.worst, seconds)
        self.total += max(0.0, seconds)


def _waited_for_a_processor() -> float:
    """Seconds this thread was ready to run while other programs had the processor; always 0 where Linux is not."""
    try:
        return int(_SCHEDULER.read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


@contextlib.asynccontextmanager
async def loop_lag(limit: float | None = LIMIT) -> AsyncIterator[LoopLag]:
    """Watch the running loop; raises AssertionError at the end when it was ever held up longer than `limit`.

    None only measures. Needs the loop's real clock, so it does not work inside the simulated Discord.
    """
    loop = asyncio.get_running_loop()
    lag = LoopLag()
    seen = [time.perf_counter(), _waited_for_a_processor()]

    def tick() -> None:
        nonlocal handle
        present, waited = time.perf_counter(), _waited_for_a_processor()
        lag.note(present - seen[0] - STEP - (waited - seen[1]))
        seen[:] = present, waited
        handle = loop.call_later(STEP, tick)

    handle = loop.call_later(STEP, tick)
    try:
        yield lag
        await asyncio.sleep(2 * STEP)  # a hold-up that has only just ended is seen, too
    finally:
        handle.cancel()
    assert limit is None or lag.worst <= limit, f"the loop stood still for {lag.worst * 1000:.0f} ms"
