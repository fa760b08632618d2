"""Promise 13, without Discord: what was acknowledged survives kill -9, and the file is sound."""

import asyncio
import os
import random
import signal

from sqlalchemy import select

from bot.database import Database
from bot.database.backups import verify_database
from bot.events import EventBus
from bot.lease import RuntimeFact
from tests.loopback import nursery

KILLS = 4


async def acknowledged_until_killed(url, start, seconds, folder):
    process = await nursery.fork(["tests.bot.database.writer", url, str(start)], cwd=folder, env=nursery.warm())
    assert process.stdout is not None
    first = await process.stdout.readline()  # it is at work
    await asyncio.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    rest = await process.stdout.read()
    await process.wait()
    return {line.decode() for line in (first + rest).split()}


async def test_every_acknowledged_write_survives_kill_9(database_url, tmp_path):
    chance = random.Random(4)
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        acknowledged |= await acknowledged_until_killed(database_url, kill * 10**6, chance.random() * 0.25, tmp_path)
    db = Database(database_url, EventBus())
    async with db.read() as session:
        stored = set(await session.scalars(select(RuntimeFact.key)))
    await db.close()
    assert len(acknowledged) > KILLS
    assert acknowledged <= stored
    assert {f"{number}+" for number in stored if not number.endswith("+")} == {k for k in stored if k.endswith("+")}
    assert (await verify_database(database_url))[1] == []
