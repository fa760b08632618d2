"""Rows for every table of a database, made from its schema alone, and what is in them."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

ROWS = 7
BOOKKEEPING = frozenset({"alembic_version", "process_lease"})
Contents = dict[str, tuple[int, int]]


async def populate(url: str, rows: int = ROWS, *, only: Collection[str] | None = None) -> Counter[str]:
    """Put rows into every table, or into those named, parents first; how many are in each."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        tables = await _tables(connection, only)
        for table in tables:
            await connection.execute(table.insert(), [row_of(table, number) for number in range(1, rows + 1)])
    await engine.dispose()
    return Counter({table.name: rows for table in tables})


async def contents(url: str) -> Contents:
    """Of each table: its rows and the sum of its whole numbers."""
    engine: AsyncEngine = create_async_engine(url)
    found: Contents = {}
    async with engine.connect() as connection:
        for name, numbers in (await connection.run_sync(_numbers)).items():
            sums = "".join(f' + COALESCE(SUM("{column}"), 0)' for column in numbers)
            rows, amount = (await connection.exec_driver_sql(f'SELECT COUNT(*), 0{sums} FROM "{name}"')).one()
            found[name] = rows, int(amount)
    await engine.dispose()
    return found


def _numbers(connection: sa.Connection) -> dict[str, list[str]]:
    """The columns of whole numbers by table: a reflection of everything else would take most of a test's time."""
    found = sa.inspect(connection).get_multi_columns()
    return {
        name: [column["name"] for column in columns if isinstance(column["type"], sa.Integer)]
        for (_, name), columns in found.items()
        if name not in BOOKKEEPING
    }


async def _tables(connection: Any, only: Collection[str] | None) -> list[sa.Table]:
    def reflect(sync: sa.Connection) -> list[sa.Table]:
        metadata = sa.MetaData()
        metadata.reflect(sync, only=only)
        return [table for table in metadata.sorted_tables if table.name not in BOOKKEEPING]

    return await connection.run_sync(reflect)


def row_of(table: sa.Table, number: int) -> dict[str, Any]:
    """Values for every column; each third row leaves out what may be left out."""
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: sa.Column[Any], number: int) -> Any:
    if column.nullable and not column.foreign_keys and number % 3 == 0:
        return None
    kind = column.type.impl if isinstance(column.type, sa.TypeDecorator) else column.type
    if isinstance(kind, sa.Boolean):
        return number % 2 == 0
    if isinstance(kind, sa.DateTime):
        zone = dt.UTC if kind.timezone else None
        return dt.datetime(2026, 3, 1, 9, 30, tzinfo=zone) + dt.timedelta(days=number - 1)
    if isinstance(kind, sa.Date):
        return dt.date(2026, 3, 1) + dt.timedelta(days=number - 1)
    if isinstance(kind, sa.Enum):
        return kind.enums[number % len(kind.enums)]
    if isinstance(kind, sa.JSON):
        return {"n": number}
    if isinstance(kind, sa.Integer):
        return number
    if isinstance(kind, sa.Numeric | sa.Float):
        return number / 2
    if isinstance(kind, sa.LargeBinary):
        return bytes([number])
    return f"{column.name}{number}"[-(getattr(kind, "length", None) or 100) :]
