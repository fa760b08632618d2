"""A process that keeps promises is killed at random points: every promise is kept, and few are kept twice."""

import asyncio
import random
import signal
import sqlite3
import sys
import textwrap
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from bot.database import Database
from bot.events import EventBus
from bot.timers.models import Timer
from bot.timers.service import WORKERS

PROMISES = 600
KEEPER = """
    import asyncio, os, sys
    from bot.database import Database
    from bot.events import EventBus
    from bot.timers import Timers

    async def main(url, path):
        effects = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        timers = Timers(Database(url, EventBus()))

        async def handler(timer):
            await asyncio.sleep(0.01)
            os.write(effects, (timer.key + chr(10)).encode())

        async def ready():
            os.write(1, b"ready" + bytes([10]))

        timers.handle("effect", handler)
        await timers.start(ready)
        await asyncio.Event().wait()

    asyncio.run(main(*sys.argv[1:]))
"""


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
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", textwrap.dedent(KEEPER), sqlite_url, str(effects), stdout=asyncio.subprocess.PIPE
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
            process.send_signal(signal.SIGKILL)
            await process.communicate()
        kills += 1
    kept = Counter(effects.read_text().split())
    assert set(kept) == {f"{n}" for n in range(PROMISES)}
    assert sum(kept.values()) - PROMISES <= kills * 2 * WORKERS
