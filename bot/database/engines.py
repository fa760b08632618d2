"""The engine recipe: one engine that writes and one that reads, each begun the way its database needs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    import aiosqlite

BUSY_TIMEOUT_MS = 5000


def create_engines(url: str) -> tuple[AsyncEngine, AsyncEngine]:
    """The (writer, reader) engines for a ``sqlite+aiosqlite`` or ``postgresql+asyncpg`` address.

    Their errors do not quote parameters, which may be what a member wrote.
    """
    if make_url(url).get_backend_name() == "sqlite":
        _make_folder(url)
        opening = {"async_creator_fn": _open_sqlite}
        writer = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True, connect_args=opening)
        reader = create_async_engine(url, pool_size=4, max_overflow=4, hide_parameters=True, connect_args=opening)
        _configure_sqlite(writer, "BEGIN IMMEDIATE")
        _configure_sqlite(reader, "BEGIN")
        return writer, reader
    writer = create_async_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True)
    return writer, writer.execution_options(postgresql_readonly=True)


def create_migration_engine(url: str) -> AsyncEngine:
    """One connection that changes the schema; SQLite without foreign keys: rebuilding a table would delete children."""
    opening = {"async_creator_fn": _open_sqlite} if make_url(url).get_backend_name() == "sqlite" else {}
    engine = create_async_engine(url, poolclass=NullPool, connect_args=opening)
    if engine.dialect.name == "sqlite":
        _make_folder(url)
        _configure_sqlite(engine, "BEGIN IMMEDIATE", foreign_keys=False)
    return engine


async def _open_sqlite(place: str, **options: Any) -> "aiosqlite.Connection":
    from bot.database.sqlite_connection import open_connection  # not above: who lacks the driver is told so by name

    return await open_connection(place, **options)


def _make_folder(url: str) -> None:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # members' data: for the owner alone


def _configure_sqlite(engine: AsyncEngine, begin: str, *, foreign_keys: bool = True) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        # A writer takes the lock up front: SQLite ignores FOR UPDATE, and upgrading a read lock loses updates.
        connection.exec_driver_sql(begin)
