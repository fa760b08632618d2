"""Promises 13 and 29a: killed at random points of a stream of messages, the bot counts what Discord counts."""

import asyncio
import datetime as dt
import random
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from tests.loopback import LoopbackDiscord
from tests.loopback.process import BotProcess
from tests.process.stream import Key, Stream, difference

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("schema")]
MESSAGES = 5000
QUICK_SEEDS = (1,)


def counted(database: Path) -> Counter[Key]:
    """What the bot has counted."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT day, user_id, channel_id, messages FROM activity_day").fetchall()
    return Counter({(dt.date.fromisoformat(day), user, channel): n for day, user, channel, n in rows if n})


def damage(database: Path) -> list[str]:
    """What SQLite finds wrong with the file."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [str(row) for row in connection.execute("PRAGMA foreign_key_check")]


async def settled(database: Path, stream: Stream, process: BotProcess, timeout: float = 40) -> None:
    """Wait until the count agrees with Discord's; when it never does, say where it differs."""
    wrong: dict[Key, tuple[int, int]] = {}
    for _ in range(int(timeout / 0.25)):
        wrong = difference(counted(database), stream.expected())
        if not wrong:
            return
        await asyncio.sleep(0.25)
    sums = [sum(pair[i] for pair in wrong.values()) for i in (0, 1)]
    pytest.fail(f"counted {sums[0]} instead of {sums[1]} in {len(wrong)} places: {wrong}\n{process.text[-8000:]}")


async def started(loopback: LoopbackDiscord, process: BotProcess, seed: int) -> Stream:
    """The bot has come to a guild that talked before, shortly before midnight, and counts from now on."""
    midnight = (loopback.now + dt.timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    loopback.world.clock.set(midnight - dt.timedelta(seconds=8))
    stream = Stream(loopback, loopback.create_guild("Agora"), seed)
    await stream.open_threads()
    await stream.write(50)
    await process.start()
    await process.ready()
    await process.said("counting begins")
    stream.begin()
    return stream


async def suffer(seed: int, loopback: LoopbackDiscord, process: BotProcess, database: Path, kills: int) -> None:
    """Start, stream, kill at random points (also while it starts and catches up), and compare in the end."""
    chance = random.Random(seed * 1000)
    stream = await started(loopback, process, seed)
    share = (MESSAGES - stream.written - 50 * kills) // (2 * kills + 1)
    for number in range(kills):
        await stream.write(share, per_second=chance.choice((0, 500, 1500)))
        # before the first flush, and after one with more that is not flushed yet
        await asyncio.sleep(chance.uniform(0, 1.5) if number % 2 else chance.uniform(4.5, 6.5))
        await stream.write(50)
        await process.kill9()
        await stream.write(share)  # nobody hears these
        await process.start()
        if chance.random() < 0.6:  # killed again while it starts or catches up
            await asyncio.sleep(chance.uniform(0.5, 5))
            await process.kill9()
            await process.start()
    await process.ready()
    await stream.write(MESSAGES - stream.written, per_second=1500)
    await settled(database, stream, process)
    end = await process.sigterm()
    assert end.code == 0
    assert difference(counted(database), stream.expected()) == {}
    assert damage(database) == []
    assert stream.written == MESSAGES


@pytest.mark.parametrize("seed", QUICK_SEEDS)
async def test_counts_equal_discords_own_after_kills(seed, loopback, bot_process, tmp_path):
    await suffer(seed, loopback, bot_process(), tmp_path / "parvis.db", kills=2)


async def test_counts_equal_discords_own_after_cut_and_lost_sessions(loopback, bot_process, tmp_path):
    process = bot_process()
    stream = await started(loopback, process, seed=3)
    for resume in (True, False):
        await stream.write(300, per_second=1500)
        with loopback.outage(resume=resume):
            await stream.write(500)
        await stream.write(300, per_second=1500)
    await settled(tmp_path / "parvis.db", stream, process)
    assert loopback.gateway.resumes == 1
    assert len(loopback.gateway.identifies) == 2
    assert (await process.sigterm()).code == 0
    assert difference(counted(tmp_path / "parvis.db"), stream.expected()) == {}


@pytest.mark.soak
@pytest.mark.parametrize("seed", [2, *range(10, 40)])
async def test_counts_equal_discords_own_after_many_kills(seed, loopback, bot_process, tmp_path):
    await suffer(seed, loopback, bot_process(), tmp_path / "parvis.db", kills=8)
