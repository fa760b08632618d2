"""SQLite's connection with its thread: ends without leaving a lock behind, or a complaint about a loop that is gone."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import aiosqlite
from aiosqlite import core

STATEMENTS_AT_ONCE = 64
"""Rows fetched by one visit to the thread when somebody iterates; aiosqlite's own number."""
THREAD_SECONDS = 1.0
"""How long the thread of a connection that could not be opened may take to end."""


class Connection(aiosqlite.Connection):
    """aiosqlite's, with two of its ends mended.

    A statement that was cancelled may stay alive in a traceback. SQLite then keeps the closed connection, and its
    lock, until somebody collects that garbage: so what is open is rolled back before every close.
    The thread answers to the loop of its caller; when that loop is closed already, it ends in silence.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, STATEMENTS_AT_ONCE)
        # a daemon, as SQLAlchemy wants it: a hanging file system must not keep the program from ending
        self._thread = threading.Thread(target=_work, args=(self._tx,), daemon=True)

    async def close(self) -> None:
        """Complete what is queued, give up the open transaction, and close."""
        self._roll_back()
        await super().close()

    def stop(self) -> "asyncio.Future[Any] | None":
        """The same without waiting for it."""
        self._roll_back()
        return super().stop()

    def _roll_back(self) -> None:
        if self._connection is not None:
            self._tx.put_nowait((None, self._connection.rollback))


def _work(queue: "core._TxQueue") -> None:
    with contextlib.suppress(RuntimeError):  # all that it may raise: the loop that waits for an answer is closed
        core._connection_worker_thread(queue)


async def open_connection(place: str, **options: Any) -> Connection:
    """Open a file. Raises sqlite3.Error, once the thread that tried has ended."""
    connection = Connection(lambda: sqlite3.connect(place, **options))
    try:
        await connection
    except Exception:
        await asyncio.to_thread(connection._thread.join, THREAD_SECONDS)
        raise
    return connection
