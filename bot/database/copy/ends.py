"""The two ends of a copy: opened, and refused before a byte moves when they cannot be what they should."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Base, Database
from bot.database.address import database_address, shown, sqlite_file
from bot.database.copy.errors import CopyError
from bot.database.migrations import SchemaState, migrate, schema_state
from bot.database.registry import LEASE_TABLE, import_models
from bot.i18n.marks import N_
from bot.lease import Lease, held, refuse_while_running
from bot.opening import opened

FROM, TO = "FROM_URL", "TO_URL"
BOOKKEEPING = frozenset({LEASE_TABLE, "alembic_version"})


@dataclass(frozen=True, slots=True)
class Ends:
    source: Database
    target: Database


def tables() -> list[sa.Table]:
    """Everything that is copied, those that others refer to first."""
    import_models()
    return [table for table in Base.metadata.sorted_tables if table.name not in BOOKKEEPING]


@asynccontextmanager
async def both_ends(from_url: str, to_url: str) -> AsyncIterator[Ends]:
    """Both databases, held so that no bot starts on them meanwhile; the target has the schema and no rows.

    Raises StartupError (and its kinds CopyError, LeaseHeld); then nothing was changed but for an empty schema.
    """
    _refuse_same(database_address(from_url, FROM), database_address(to_url, TO))
    file = sqlite_file(from_url)
    if file is not None and not file.is_file():
        raise CopyError(N_("There is no database at {path}."), path=file)
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(opened(from_url, FROM))
        await _refuse_source(source, from_url)
        _for_the_owner_alone(sqlite_file(to_url))
        target = await stack.enter_async_context(opened(to_url, TO))
        await _refuse_target(target, to_url)
        for database in (source, target):
            await refuse_while_running(database)
            await stack.enter_async_context(held(Lease(database, "cluster 0")))
        if await _state(target) is SchemaState.EMPTY:
            await migrate(to_url)
        yield Ends(source, target)


async def refuse_rows(connection: AsyncConnection, to_url: str) -> None:
    """Raises CopyError when the target holds anything that a copy would mix with."""
    for table in tables():
        if (await connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1))).first() is not None:
            raise CopyError(
                N_("{where} is not empty: there are rows in {table}. Name an empty database; nothing was changed."),
                where=shown(database_address(to_url, TO)),
                table=table.name,
            )


def _for_the_owner_alone(file: Path | None) -> None:
    """A file that SQLite makes by itself can be read by everybody on the machine."""
    if file is not None and not file.exists():
        with suppress(OSError):  # opening it says why
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.touch(mode=0o600)


def _refuse_same(source: URL, target: URL) -> None:
    if _place(source) == _place(target):
        raise CopyError(N_("FROM_URL and TO_URL name the same database. Name two."))


def _place(address: URL) -> tuple[object, ...]:
    """Where a database is, whoever asks for it."""
    if address.get_backend_name() == "sqlite":
        return ("sqlite", Path(address.database or "").resolve())
    host = address.host or address.query.get("host") or "localhost"
    return ("postgresql", host, address.port or address.query.get("port") or 5432, address.database)


async def _state(database: Database) -> SchemaState:
    async with database.read() as session:
        return await schema_state(await session.connection())


async def _refuse_source(source: Database, url: str) -> None:
    where = shown(database_address(url, FROM))
    state = await _state(source)
    if state is SchemaState.OLDER:
        raise CopyError(
            N_("{where} is of an older version. Bring it up to date first: DATABASE_URL=… parvis db upgrade."),
            where=where,
        )
    if state is not SchemaState.CURRENT:
        raise _not_ours(state, where, N_("There is nothing of Parvis in {where}."))
    async with source.read() as session:
        connection = await session.connection()
        present = set(await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()))
    unknown = present - BOOKKEEPING - {table.name for table in tables()}
    if unknown:
        raise CopyError(
            N_("{where} has a table that Parvis does not know ({table}); it would be lost. Move it elsewhere first."),
            where=where,
            table=min(unknown),
        )


async def _refuse_target(target: Database, url: str) -> None:
    where = shown(database_address(url, TO))
    state = await _state(target)
    if state is SchemaState.EMPTY:
        return
    if state is not SchemaState.CURRENT:
        raise _not_ours(state, where, N_("{where} holds tables already. Name an empty database; nothing was changed."))
    async with target.read() as session:
        await refuse_rows(await session.connection(), url)


def _not_ours(state: SchemaState, where: str, otherwise: str) -> CopyError:
    if state is SchemaState.NEWER:
        return CopyError(N_("{where} is newer than this version of Parvis. Install the newer Parvis."), where=where)
    return CopyError(otherwise, where=where)
