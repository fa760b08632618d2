"""Fills every table by reflection, so that a table nobody thought of is tested too."""

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from bot.database import Database
from bot.privacy.tables import Holding, holdings
from tests.conftest import NOW

GUILD = 1477953611366400005


_NUMBERS = itertools.count(1000)


class Filler:
    """Writes one row about a person and one row for each other way in which a table can name them."""

    def __init__(self, db: Database, guild_id: int = GUILD) -> None:
        self._db = db
        self._guild_id = guild_id
        self._parents: dict[str, dict[str, Any]] = {}

    async def fill(self, person: int, other: int) -> None:
        """``person`` is the subject, then the counterparty of rows about ``other``."""
        for holding in holdings():
            if holding.subject:
                await self.insert(holding, {holding.subject: person, **dict.fromkeys(holding.others, other)})
            for named in holding.others:
                people = {holding.subject: other} if holding.subject else {}
                await self.insert(holding, {**people, **dict.fromkeys(holding.others, None), named: person})

    async def insert(self, holding: Holding, people: dict[str, Any]) -> None:
        """One row of the table, and one of each it refers to; ``people`` by column."""
        for key in holding.table.foreign_keys:
            if key.column.table.name not in self._parents and not key.parent.nullable:
                await self.insert(self._holding(key.column.table), {})
        self._number = next(_NUMBERS)
        row = {column.name: self._value(column) for column in holding.table.c} | people
        async with self._db.writer.begin() as connection:
            if [column.name for column in holding.table.primary_key] == ["guild_id"]:  # one row a server
                here = sa.select(sa.func.count()).where(holding.table.c.guild_id == self._guild_id)
                row["guild_id"] = self._guild_id + (self._number if await connection.scalar(here) else 0)
            await connection.execute(sa.insert(holding.table).values(row))
        self._parents[holding.table.name] = row

    def _holding(self, table: sa.Table) -> Holding:
        return next(holding for holding in holdings() if holding.table is table)

    def _value(self, column: sa.Column[Any]) -> Any:
        for key in column.foreign_keys:
            parent = self._parents.get(key.column.table.name)
            return parent[key.column.name] if parent else None
        if column.name == "guild_id":
            return self._guild_id
        kind = column.type
        if column.nullable and isinstance(kind, sa.Boolean):
            return None  # a flag that only one row of a server may have
        if isinstance(kind, sa.JSON):
            return {}
        if isinstance(kind, sa.Enum):
            return kind.enum_class and next(iter(kind.enum_class))
        known: dict[type, Any] = {
            bool: False,
            int: self._number,
            str: f"text {self._number}",
            dt.datetime: NOW + dt.timedelta(seconds=self._number),
            dt.date: NOW.date() + dt.timedelta(days=self._number),
            float: 1.0,
        }
        return known[kind.python_type if not isinstance(kind, sa.types.TypeDecorator) else dt.datetime]


async def everything(db: Database) -> Iterator[tuple[str, str, str]]:
    """(table, column, value as text) of every cell of the database."""
    cells: list[tuple[str, str, str]] = []
    async with db.read() as session:
        for table in (holding.table for holding in holdings()):
            for row in (await session.execute(sa.select(table))).mappings():
                cells += [(table.name, name, _text(value)) for name, value in row.items() if value is not None]
    return iter(cells)


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict | list) else str(value)
