"""SQLite's cursor that makes one trip: results of every length are whole, and a cancelled statement leaves nothing."""

import asyncio
import sqlite3

import pytest
import sqlalchemy as sa

from bot.database import Database
from bot.database.sqlite import PREFETCHED, connect
from bot.events import EventBus

NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last) SELECT i FROM n WHERE i <= :last"
)


@pytest.fixture
async def database(tmp_path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'parvis.db'}", EventBus())
    yield database
    await database.close()


@pytest.mark.parametrize("length", [0, 1, PREFETCHED - 1, PREFETCHED, PREFETCHED + 1, 3 * PREFETCHED])
async def test_a_result_is_whole_read_at_once_or_streamed(database, length):
    query, expected = sa.text(NUMBERS if length else "SELECT 1 WHERE :last = 1"), list(range(1, length + 1))
    async with database.read() as session:
        assert list((await session.scalars(query, {"last": length})).all()) == expected
        for size in (1, 7, PREFETCHED, 10 * length + 1):
            result = await session.stream_scalars(query, {"last": length})
            assert [row async for part in result.partitions(size) for row in part] == expected
        streamed = await session.stream_scalars(query, {"last": length})
        assert await streamed.first() == (1 if length else None)
        assert (await session.scalars(query, {"last": length})).first() == (1 if length else None)


async def test_a_begin_that_is_cancelled_while_it_waits_for_the_lock_is_rolled_back(tmp_path):
    holder = sqlite3.connect(tmp_path / "parvis.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    connection = await connect(str(tmp_path / "parvis.db"), isolation_level=None, timeout=30)
    cursor = connection.cursor()
    waiting = asyncio.create_task(cursor.execute("BEGIN IMMEDIATE"))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    undoing = asyncio.gather(connection.rollback(), cursor.close())
    await asyncio.sleep(0)
    holder.execute("ROLLBACK")
    await undoing
    assert not connection.in_transaction
    await connection.close()
    holder.close()
