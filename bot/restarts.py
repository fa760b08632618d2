"""Waits before it tries again: while the network is down, and when the program keeps being restarted.

Discord resets the token of a bot that identifies more than 1,000 times a day.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.lease import RuntimeFact

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=10)
FREE_STARTS = 4
"""Starts within the window that wait for nothing."""
FIRST_WAIT = 30.0
LONGEST_WAIT = 300.0


def restart_wait(starts: int) -> float:
    """Seconds to wait before the last of ``starts`` starts within the window: 0, then 30, 60, 120, 240, 300.

    A program restarted for ever at once settles below 950 starts a day.
    """
    if starts <= FREE_STARTS:
        return 0.0
    doublings = min(starts - FREE_STARTS - 1, 10)
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0**doublings)


async def note_start(db: Database, cluster: str, clock: Clock = now) -> int:
    """Remember this start; returns how many there were within the window, this one included."""
    key = f"starts {cluster}"

    async def work(tx: Transaction) -> int:
        await tx.ensure(RuntimeFact, key=key, value="[]")
        fact = await tx.session.get_one(RuntimeFact, key, with_for_update=True)
        present = clock()
        known = [datetime.fromisoformat(at) for at in json.loads(fact.value)]
        starts = [*(at for at in known if present - WINDOW < at <= present), present]
        fact.value = json.dumps([at.isoformat() for at in starts[-100:]])
        return len(starts)

    return await db.transaction(work)


async def pace_restarts(db: Database, cluster: str) -> None:
    """Wait when the program was started too often of late."""
    starts = await note_start(db, cluster)
    if wait := restart_wait(starts):
        log.warning(
            "start %d within ten minutes: waiting %.0f s so that Discord does not reset the token", starts, wait
        )
        await asyncio.sleep(wait)


async def patience() -> AsyncIterator[None]:
    """Yields at once, then after 1 s, 2 s, 4 s … 5 minutes, varied so that many bots do not return at once."""
    wait = 1.0
    while True:
        yield
        pause = wait * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret
        log.warning("Discord cannot be reached; trying again in %.1f s", pause)
        await asyncio.sleep(pause)
        wait = min(LONGEST_WAIT, wait * 2)
