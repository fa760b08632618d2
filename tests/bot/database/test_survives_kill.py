"""Promise 13, without Discord: what was acknowledged survives kill -9, and the file is sound."""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

from sqlalchemy import select

from bot.database import Database
from bot.database.backups import verify_database
from bot.events import EventBus
from bot.lease import RuntimeFact

ROOT = Path(__file__).parents[3]
KILLS = 4
WRITER = """
import asyncio, os, sys
from bot.database import Database
from bot.events import EventBus
from bot.lease import RuntimeFact

async def main(url, start):
    db = Database(url, EventBus())
    async def write(number):
        async def work(tx):
            # two rows: one never stands without the other
            await tx.ensure(RuntimeFact, key=f"{number}", value="debit")
            await tx.ensure(RuntimeFact, key=f"{number}+", value="credit")
        await db.transaction(work)
        os.write(1, f"{number}\\n".encode())
    number = start
    while True:
        await asyncio.gather(*(write(number + n) for n in range(20)))
        number += 20

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


async def acknowledged_until_killed(url, start, seconds):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, url, str(start), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    first = await process.stdout.readline()  # it is at work
    await asyncio.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    rest = await process.stdout.read()
    await process.wait()
    return {line.decode() for line in (first + rest).split()}


async def test_every_acknowledged_write_survives_kill_9(database_url):
    chance = random.Random(4)
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        acknowledged |= await acknowledged_until_killed(database_url, kill * 10**6, chance.random() * 0.25)
    db = Database(database_url, EventBus())
    async with db.read() as session:
        stored = set(await session.scalars(select(RuntimeFact.key)))
    await db.close()
    assert len(acknowledged) > KILLS
    assert acknowledged <= stored
    assert {f"{number}+" for number in stored if not number.endswith("+")} == {k for k in stored if k.endswith("+")}
    assert (await verify_database(database_url))[1] == []
