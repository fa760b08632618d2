"""SQLite in the thread of the event loop, for tests whose subject is not SQLite's own threads.

aiosqlite gives every connection a thread, and each statement is two changes of thread, which take longer than the
statement does. Here a statement runs at once, and other tasks have their turn after it, as they would there.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor

from bot.database.sqlite_connection import Connection

LOOK_AGAIN = 0.002
"""Seconds between two looks at a file that another connection has locked."""
PATIENCE = 5.0
"""Seconds that a statement waits for such a lock, as in the bot's own setting."""
SETTINGS = {
    "PRAGMA busy_timeout": "PRAGMA busy_timeout=0",  # it is waited for here, with the loop going on
    "PRAGMA synchronous": "PRAGMA synchronous=OFF",  # no test cuts the power
}
_sleep = asyncio.sleep
"""As it is, also for a test that lets nobody sleep."""
Work = tuple["asyncio.Future[Any] | None", Callable[[], Any]]


class _AtOnce:
    """What aiosqlite queues for its thread is done here and now; what finds a lock is tried again later."""

    def put_nowait(self, work: Work) -> None:
        self._do(*work, time.perf_counter() + PATIENCE)

    def _do(self, future: "asyncio.Future[Any] | None", function: Callable[[], Any], until: float) -> None:
        try:
            result = function()
        except sqlite3.OperationalError as error:
            if future is not None and "locked" in str(error) and time.perf_counter() < until:
                future.get_loop().call_later(LOOK_AGAIN, self._do, future, function, until)
            elif future is not None and not future.done():
                future.set_exception(error)
        except Exception as error:
            if future is not None and not future.done():
                future.set_exception(error)
        else:
            if future is not None:
                self._answer(
                    future, result, later=isinstance(function, partial) and function.func.__name__ == "execute"
                )

    def _answer(self, future: "asyncio.Future[Any]", result: Any, *, later: bool) -> None:
        if later:
            future.get_loop().call_soon(_set_result, future, result)
        else:
            _set_result(future, result)


def _set_result(future: "asyncio.Future[Any]", result: Any) -> None:
    if not future.done():
        future.set_result(result)


class _NoThread:
    daemon = True

    def start(self) -> None:
        """There is none."""

    def join(self, timeout: float | None = None) -> None:
        """It has ended."""


class _Connection(Connection):
    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector)
        self._tx = _AtOnce()  # type: ignore[assignment]
        self._thread = _NoThread()  # type: ignore[assignment]

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._running or not self._connection:
            raise ValueError("Connection closed")
        if args and isinstance(args[0], str) and args[0].startswith("PRAGMA "):
            args = (SETTINGS.get(args[0].partition("=")[0], args[0]), *args[1:])
        try:
            result = fn(*args, **kwargs)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            # queued: there it is tried again
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        if fn.__name__ == "execute":
            await _sleep(0)
        return result


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """SQLAlchemy's cursor on SQLite's own: only the statement itself is waited for, not each look at its result."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: Any) -> Any:
        try:
            return connection._conn.cursor()
        except Exception as error:  # the connection is closed
            self._adapt_connection._handle_exception(error)

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        cursor: Any = self._cursor
        async with self._adapt_connection._execute_mutex:
            await self._connection._execute(cursor.execute, operation, () if parameters is None else parameters)
            if cursor.description:
                self._rows = deque(cursor.fetchall())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        async with self._adapt_connection._execute_mutex:
            await self._connection._execute(self._cursor.executemany, operation, seq_of_parameters)


@cache
def _use_quick_cursors() -> None:
    """Let SQLAlchemy take our cursor for our connections, once a process; others keep their own."""
    usual = AsyncAdapt_aiosqlite_connection.cursor

    def cursor(connection: AsyncAdapt_aiosqlite_connection, server_side: bool = False) -> Any:
        ours = isinstance(connection._connection, _Connection) and not server_side
        return _Cursor(connection) if ours else usual(connection, server_side)

    AsyncAdapt_aiosqlite_connection.cursor = cursor  # type: ignore[method-assign, assignment]


async def open_sqlite(place: str, **options: Any) -> aiosqlite.Connection:
    """Instead of `bot.database.engines._open_sqlite`."""
    _use_quick_cursors()
    return await _Connection(lambda: sqlite3.connect(place, **options))
