"""The copy itself: one snapshot of the source, one transaction of the target, kept only once it is proven equal."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database, Transaction
from bot.database.copy import errors
from bot.database.copy.cells import Cell, cell_of
from bot.database.copy.ends import both_ends, refuse_rows, tables
from bot.database.copy.sequences import counted, go_on_after, last_number
from bot.database.copy.sums import Sums

BATCH = 1000
"""Rows in memory at a time."""

Row = dict[str, Any]
Progress = Callable[[float], None]
"""Called with the share done, from 0 to 1; reading back what was written is the second half."""


@dataclass
class Copied:
    """Rows per table, and the columns from which NULs were taken out because PostgreSQL cannot hold them."""

    counts: dict[str, int] = field(default_factory=dict)
    without_nul: dict[str, int] = field(default_factory=dict)
    """``table.column`` → values changed."""


def silent(_share: float) -> None:
    """Shows no progress."""


async def copy_database(from_url: str, to_url: str, progress: Progress = silent) -> Copied:
    """Copy every row into an empty database and compare the two.

    Raises StartupError (CopyError, LeaseHeld) in one line without a password. Whatever ends it, also a kill, leaves
    the target without a row, so that the same command can be given again.
    """
    async with both_ends(from_url, to_url) as ends, _snapshot(ends.source) as source:
        total = sum([await _rows(source, table) for table in tables()])

        async def work(tx: Transaction) -> Copied:
            target = await tx.session.connection()
            await refuse_rows(target, to_url)
            return await _Copy(source, target, total, progress).all()

        return await ends.target.transaction(work)


class _Copy:
    def __init__(self, source: AsyncConnection, target: AsyncConnection, total: int, progress: Progress) -> None:
        self._source = source
        self._target = target
        self._steps = max(total * 2, 1)
        self._progress = progress
        self._done = 0
        self._result = Copied()

    async def all(self) -> Copied:
        expected = {table.name: await self._guarded(table, self._table) for table in tables()}
        for table in tables():
            found = await self._guarded(table, self._read_back)
            _refuse_difference(table, expected[table.name], found)
            self._result.counts[table.name] = found.rows
        return self._result

    async def _guarded(self, table: sa.Table, work: Callable[[sa.Table], Any]) -> Sums:
        try:
            sums: Sums = await work(table)
        except DBAPIError as error:
            raise errors.not_taken(table.name, error) from None
        return sums

    async def _table(self, table: sa.Table) -> Sums:
        """Copy a table; the sums of what was written."""
        cells, sums = _cells(table), Sums()
        dialect = self._target.dialect.name
        insert = table.insert().values({cell.name: cell.write(dialect) for cell in cells})
        async for rows in _batches(self._source, table, cells):
            if dialect == "postgresql":
                self._without_nul(table, cells, rows)
            sums.add(cells, rows)
            await self._target.execute(insert, rows)
            self._advance(len(rows))
        if counted(table) is not None:
            await go_on_after(self._target, table, await last_number(self._source, table))
        return sums

    async def _read_back(self, table: sa.Table) -> Sums:
        cells, sums = _cells(table), Sums()
        async for rows in _batches(self._target, table, cells):
            sums.add(cells, rows)
            self._advance(len(rows))
        return sums

    def _without_nul(self, table: sa.Table, cells: Sequence[Cell], rows: list[Row]) -> None:
        for cell in cells:
            if not cell.is_text:
                continue
            for row in rows:
                if cell.has_nul(row[cell.name]):
                    row[cell.name] = cell.without_nul(row[cell.name])
                    name = f"{table.name}.{cell.name}"
                    self._result.without_nul[name] = self._result.without_nul.get(name, 0) + 1

    def _advance(self, rows: int) -> None:
        self._done += rows
        self._progress(min(self._done / self._steps, 1.0))


def _cells(table: sa.Table) -> list[Cell]:
    return [cell_of(column) for column in table.columns]


def _refuse_difference(table: sa.Table, expected: Sums, found: Sums) -> None:
    """Raises CopyError unless both sides have the same rows."""
    if expected.rows != found.rows:
        raise errors.differs(table.name, None)
    for column in table.columns:
        if expected.columns[column.name] != found.columns[column.name]:
            raise errors.differs(table.name, column.name)
    if expected.whole != found.whole:
        raise errors.differs(table.name, None)


@asynccontextmanager
async def _snapshot(database: Database) -> AsyncIterator[AsyncConnection]:
    """One state of the database for the whole copy."""
    async with database.read() as session:
        if database.dialect == "postgresql":
            yield await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        else:
            yield await session.connection()


async def _rows(connection: AsyncConnection, table: sa.Table) -> int:
    return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


async def _batches(connection: AsyncConnection, table: sa.Table, cells: Sequence[Cell]) -> AsyncIterator[list[Row]]:
    query = sa.select(*(cell.read(connection.dialect.name) for cell in cells))
    async with connection.stream(query, execution_options={"yield_per": BATCH}) as result:
        async for part in result.mappings().partitions(BATCH):
            yield [dict(row) for row in part]
