"""A process that keeps promises is killed at random points: every promise is kept, and few are kept twice."""

import asyncio
import os
import random
import signal
import sqlite3
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from bot.database import Database
from bot.events import EventBus
from bot.timers.models import Timer
from bot.timers.service import WORKERS
from tests.loopback import nursery

PROMISES = 600


def left(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return connection.execute("SELECT count(*) FROM timer").fetchone()[0]


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.soak) for n in range(2, 8))])
async def test_killed_at_random_points_every_promise_is_kept(sqlite_url, tmp_path, seed):
    chance = random.Random(seed)
    database, effects = sqlite_url.partition("///")[2], tmp_path / "effects"
    db, at = Database(sqlite_url, EventBus()), datetime.now(UTC)
    row = {"kind": "effect", "due_at": at, "next_at": at, "payload": {}, "attempts": 0, "paused": False}
    await db.transaction(
        lambda tx: tx.session.execute(insert(Timer), [{"key": f"{n}", **row} for n in range(PROMISES)])
    )
    await db.close()
    kills = 0
    while left(database):
        process = await nursery.fork(
            ["tests.bot.timer_keeper", sqlite_url, str(effects)], cwd=tmp_path, env=nursery.warm()
        )
        try:
            await process.stdout.readline()
            async with asyncio.timeout(30):
                if kills < 4:
                    await asyncio.sleep(chance.uniform(0.02, 0.25))
                else:
                    while left(database):
                        await asyncio.sleep(0.05)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            await process.wait()
        kills += 1
    kept = Counter(effects.read_text().split())
    assert set(kept) == {f"{n}" for n in range(PROMISES)}
    assert sum(kept.values()) - PROMISES <= kills * 2 * WORKERS
