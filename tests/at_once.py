"""SQLite in the thread of the event loop, for tests whose subject is not SQLite's own threads.

aiosqlite gives every connection a thread, and each statement is two changes of thread, which take longer than the
statement does. Here a statement runs at once, and other tasks have their turn after it, as they would there.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import aiosqlite

from bot.database.sqlite_connection import Connection

LOOK_AGAIN = 0.002
"""Seconds between two looks at a file that another connection has locked."""
PATIENCE = 5.0
"""Seconds that a statement waits for such a lock, as in the bot's own setting."""
SETTINGS = {
    "PRAGMA busy_timeout": "PRAGMA busy_timeout=0",  # it is waited for here, with the loop going on
    "PRAGMA synchronous": "PRAGMA synchronous=OFF",  # no test cuts the power
}
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
        if args and isinstance(args[0], str) and args[0].startswith("PRAGMA "):
            args = (SETTINGS.get(args[0].partition("=")[0], args[0]), *args[1:])
        return await super()._execute(fn, *args, **kwargs)


async def open_sqlite(place: str, **options: Any) -> aiosqlite.Connection:
    """Instead of `bot.database.engines._open_sqlite`."""
    return await _Connection(lambda: sqlite3.connect(place, **options))
