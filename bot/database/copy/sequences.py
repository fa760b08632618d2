"""The numbers rows get by themselves go on where they stood, so that no number is ever given twice."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection


def counted(table: sa.Table) -> sa.Column[int] | None:
    """The column that the database numbers, None where there is none."""
    return table.autoincrement_column


async def last_number(connection: AsyncConnection, table: sa.Table) -> int:
    """The highest number ever given, also to a row that is gone, as far as the database remembers."""
    column = counted(table)
    assert column is not None
    highest = (await connection.execute(sa.select(sa.func.coalesce(sa.func.max(column), 0)))).scalar_one()
    return max(int(highest), await _remembered(connection, table, column))


async def go_on_after(connection: AsyncConnection, table: sa.Table, number: int) -> None:
    """The next row gets a number beyond ``number``."""
    column = counted(table)
    assert column is not None
    if connection.dialect.name == "postgresql":
        sequence = await _sequence(connection, table, column)
        value = {"sequence": sequence, "number": max(number, 1), "given": number > 0}
        await connection.execute(sa.text("SELECT setval(CAST(:sequence AS regclass), :number, :given)"), value)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        named = {"name": table.name, "number": number}
        await connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        await connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), named)


async def _remembered(connection: AsyncConnection, table: sa.Table, column: sa.Column[int]) -> int:
    if connection.dialect.name == "postgresql":
        sequence = await _sequence(connection, table, column)
        query = sa.text(f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}")  # noqa: S608 - quoted by PostgreSQL itself
        return int((await connection.execute(query)).scalar_one())
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return 0
    query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return int((await connection.execute(query, {"name": table.name})).scalar() or 0)


async def _sequence(connection: AsyncConnection, table: sa.Table, column: sa.Column[int]) -> str:
    """The name of the sequence behind a column, quoted where it must be."""
    quoted = connection.dialect.identifier_preparer.format_table(table)
    query = sa.text("SELECT pg_get_serial_sequence(:table, :column)")
    return str((await connection.execute(query, {"table": quoted, "column": column.name})).scalar_one())
