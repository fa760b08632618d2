"""One use case, one transaction: begun right on both databases, retried when the database asks for it."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.contracts.events import Event
from bot.database.base import Base
from bot.database.engines import create_engines
from bot.events import EventBus

log = logging.getLogger(__name__)
T = TypeVar("T")

ATTEMPTS = 8
"""Tries of one transaction; with the pauses below they span about three seconds."""
RETRIED_SQLSTATES = frozenset({"40001", "40P01"})
"""PostgreSQL: serialization_failure and deadlock_detected, the two it documents as "try again"."""


class Transaction:
    """A session plus the events to announce when it commits."""

    def __init__(self, session: AsyncSession, bus: EventBus) -> None:
        self.session = session
        self.events: list[Event] = []
        self._bus = bus
        self._committed: list[Callable[[], None]] = []

    def once_committed(self, remember: Callable[[], None]) -> None:
        """Call ``remember`` right after the commit, in order of commits, even when the caller is cancelled meanwhile.

        For memory that mirrors the database; it must not fail.
        """
        self._committed.append(remember)

    def committed(self) -> None:
        """The transaction is durable: let memory follow."""
        for remember in self._committed:
            remember()

    async def ensure(self, model: type[Base], **values: Any) -> bool:
        """Insert the row unless it exists, without racing another transaction to it; True when it was inserted."""
        dialect = postgresql if self.session.get_bind().dialect.name == "postgresql" else sqlite
        statement = dialect.insert(model).values(**values).on_conflict_do_nothing()
        result = await self.session.execute(statement)
        return bool(result.rowcount)  # type: ignore[attr-defined]

    async def emit(self, event: Event) -> None:
        """Run the event's ``on`` handlers now, and its ``after`` handlers once this transaction committed."""
        await self._bus.react(event, self)
        self.events.append(event)


class Database:
    """``read()`` for queries, ``transaction(work)`` for writes.

    Writers to SQLite queue first come, first served, and take the lock up front; readers never wait for them.
    """

    def __init__(self, url: str, bus: EventBus) -> None:
        self.bus = bus
        self.writer, self.reader = create_engines(url)
        self._writing = async_sessionmaker(self.writer, expire_on_commit=False)
        self._reading = async_sessionmaker(self.reader, expire_on_commit=False)
        self._turn: asyncio.Lock | None = asyncio.Lock() if self.dialect == "sqlite" else None
        self.retries = 0
        """Transactions run again because the database asked for it."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.writer.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A snapshot for queries."""
        async with self._reading() as session:
            yield session

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``work`` in a transaction and return what it returns; publish its events once committed.

        ``work`` may run several times, so it must have no effect outside its transaction. An exception rolls back.
        A commit under way is finished even when the caller is cancelled, so that nobody has to guess its outcome.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._my_turn():
                    result, events = await self._attempt(work)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not _worth_retrying(error):
                    raise
                self.retries += 1
                log.info(
                    "transaction %s is tried again (%d): %s", work.__qualname__, attempt, type(error.orig).__name__
                )
                await asyncio.sleep(random.uniform(0.5, 1) * 0.01 * 2**attempt)  # noqa: S311 - jitter, not a secret
                continue
            self.bus.publish(events)
            return result
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """Give back every connection."""
        await self.writer.dispose()
        await self.reader.dispose()

    def _my_turn(self) -> AbstractAsyncContextManager[Any]:
        return self._turn or nullcontext()

    async def _attempt(self, work: Callable[[Transaction], Awaitable[T]]) -> tuple[T, list[Event]]:
        async with self._writing() as session:
            tx = Transaction(session, self.bus)
            result = await work(tx)
            await session.flush()
            commit = asyncio.ensure_future(session.commit())
            try:
                await asyncio.shield(commit)
            except asyncio.CancelledError:
                await asyncio.wait([commit])
                if not commit.cancelled() and commit.exception() is None:
                    tx.committed()
                    self.bus.publish(tx.events)
                raise
            tx.committed()
            return result, tx.events


def _worth_retrying(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in RETRIED_SQLSTATES:
        return True
    return any(sign in str(error.orig) for sign in ("database is locked", "database table is locked", "SQLITE_BUSY"))
