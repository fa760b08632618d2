"""A connection leaves nothing behind: no lock, and no thread that would die with a traceback on the terminal."""

import asyncio
import sqlite3
import sys
import threading

import pytest

from bot.database.sqlite_connection import open_connection
from bot.errors import StartupError
from bot.opening import opened


def test_a_database_that_cannot_be_opened_is_one_line_and_no_dying_thread(monkeypatch):
    died = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    before = threading.active_count()
    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # the thread and the closing of the loop race each other
    try:
        for _ in range(8):
            with pytest.raises(StartupError):
                asyncio.run(_open())
    finally:
        sys.setswitchinterval(often)
    assert threading.active_count() == before
    assert died == []


async def _open():
    async with opened("sqlite+aiosqlite:////proc/nowhere.db"):
        raise AssertionError


@pytest.mark.parametrize("graceful", [True, False], ids=["closed", "stopped"])
async def test_no_lock_outlives_a_connection_though_a_cancelled_statement_is_still_in_a_traceback(tmp_path, graceful):
    path = str(tmp_path / "parvis.db")
    connection = await open_connection(path, isolation_level=None)
    await connection.execute("CREATE TABLE thing (id INTEGER)")
    await connection.execute("BEGIN IMMEDIATE")
    await connection.execute("INSERT INTO thing VALUES (1), (2), (3)")
    kept = await connection.execute("SELECT id FROM thing")  # as the frames of a cancelled task keep it
    assert await kept.fetchone() == (1,)
    if graceful:
        await connection.close()
    else:
        await connection.stop()
    other = sqlite3.connect(path, timeout=0.2, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert other.execute("SELECT count(*) FROM thing").fetchone() == (0,)
    other.close()


def test_a_statement_whose_loop_is_gone_ends_its_thread_in_silence(tmp_path, monkeypatch):
    died = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    entered, leave = threading.Event(), threading.Event()

    def slow():
        entered.set()
        leave.wait(10)
        return 1

    async def abandon():
        connection = await open_connection(str(tmp_path / "parvis.db"), check_same_thread=False)
        await connection.create_function("slow", 0, slow)
        abandoned.append((connection, asyncio.ensure_future(connection.execute("SELECT slow()"))))
        await asyncio.to_thread(entered.wait, 10)

    abandoned = []
    asyncio.run(abandon())
    [(connection, _)] = abandoned
    leave.set()
    connection._thread.join(10)
    assert not connection._thread.is_alive()
    assert died == []
    connection._connection.close()
    connection._connection = None
