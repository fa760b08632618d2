"""SQLite with one trip to the connection's thread for a statement, where aiosqlite's own cursor makes four.

A trip costs about as much as a small statement, and a bot's statements are small.
"""

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import aiosqlite

PREFETCHED = 200
"""Rows that come back with the execution; a result that is streamed fetches the rest when it is asked for them."""


class OneTripConnection(aiosqlite.Connection):
    """aiosqlite's connection with cursors that save trips; a rollback of nothing makes none either."""

    _begun = _ended = 0
    """Calls sent to the thread, counted here, and calls that have run, counted there."""

    @property
    def idle(self) -> bool:
        """Whether nothing runs in its thread: whoever was cancelled leaves a statement that goes on."""
        return self._begun == self._ended

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._begun += 1
        return await super()._execute(self._count, partial(fn, *args, **kwargs))  # type: ignore[no-untyped-call]

    def _count(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            self._ended += 1

    def cursor(self) -> "OneTripCursor":  # type: ignore[override]
        return OneTripCursor(self, self._conn.cursor())

    async def rollback(self) -> None:
        if self.in_transaction or not self.idle:
            await super().rollback()


class OneTripCursor(aiosqlite.Cursor):
    """Runs a statement and brings its first rows in one trip. What is left of a result is fetched on demand."""

    def __init__(self, connection: OneTripConnection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._connection = connection
        self._rows: list[Any] = []
        self._complete = True

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> aiosqlite.Cursor:
        await self._connection._execute(self._run, sql, parameters or ())
        return self

    def _run(self, sql: str, parameters: Any) -> None:
        self._cursor.execute(sql, parameters)
        self._rows = self._cursor.fetchmany(PREFETCHED) if self._cursor.description else []
        self._complete = len(self._rows) < PREFETCHED

    async def fetchone(self) -> Any:
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        size = self.arraysize if size is None else size
        missing = size - len(self._rows)
        if missing > 0 and not self._complete:
            more = list(await super().fetchmany(missing))
            self._complete = len(more) < missing
            self._rows += more
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        if not self._complete:
            rows += await super().fetchall()
            self._complete = True
        return rows

    async def close(self) -> None:
        if self._connection.idle:
            self._cursor.close()
        else:
            await super().close()


def connect(database: str, **options: Any) -> OneTripConnection:
    """An unopened connection, for SQLAlchemy's ``async_creator_fn``; its thread ends with the process."""
    # Cursors are made and closed outside its thread; statements run only in it, one at a time.
    options = {**options, "check_same_thread": False}
    connection = OneTripConnection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection
