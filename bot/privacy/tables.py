"""What each table says about members, read from its ``__member_data__``."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import BigInteger, Column, ColumnElement, Table, true

from bot.database import Base, MemberData, NoMemberData, OnErase
from bot.database.member_data import Declaration


@dataclass(frozen=True, slots=True)
class Holding:
    """A table and its declaration."""

    table: Table
    declared: Declaration

    @property
    def subject(self) -> str | None:
        """The column with the member a row is about."""
        return self.declared.subject if isinstance(self.declared, MemberData) else None

    @property
    def others(self) -> tuple[str, ...]:
        """Columns that may name somebody whom the row is not about."""
        if isinstance(self.declared, MemberData):
            return self.declared.counterparties
        return self.declared.mentions

    @property
    def personal(self) -> tuple[str, ...]:
        """Columns with what the subject wrote, or is called."""
        return self.declared.personal if isinstance(self.declared, MemberData) else ()

    def within(self, guild_id: int | None) -> ColumnElement[bool] | None:
        """The rows of a server (None: all rows); None when the table is about no server, though one was asked for."""
        if guild_id is None:
            return true()
        return self.table.c.guild_id == guild_id if "guild_id" in self.table.c else None


def holdings() -> Iterator[Holding]:
    """Every table, those that others refer to first. Raises AttributeError for one that declares nothing."""
    declared = {mapper.local_table: mapper.class_.__member_data__ for mapper in Base.registry.mappers}
    for table in Base.metadata.sorted_tables:
        yield Holding(table, declared[table])


def faults(model: type[Base]) -> list[str]:
    """What is wrong with a table's declaration; empty when export and erase can be generated from it."""
    declared: Any = getattr(model, "__member_data__", None)
    if not isinstance(declared, (MemberData, NoMemberData)):
        return ["it does not declare what it holds about members"]
    holding = Holding(cast("Table", model.__table__), declared)
    columns = holding.table.c
    named = [*([holding.subject] if holding.subject else []), *holding.others, *holding.personal]
    found = [f"it has no column {name}" for name in named if name not in columns]
    must_be_empty = [*holding.others]
    if isinstance(declared, MemberData) and declared.on_erase is not OnErase.DELETE:
        must_be_empty += declared.personal
        if declared.on_erase is OnErase.ANONYMISE:
            must_be_empty.append(declared.subject)
    found += [f"{name} cannot be emptied" for name in must_be_empty if name in columns and not columns[name].nullable]
    undeclared = [column.name for column in columns if _names_somebody(column) and column.name not in named]
    return found + [f"{name} looks like a person and is not declared" for name in undeclared]


def _names_somebody(column: Column[Any]) -> bool:
    if not isinstance(column.type, BigInteger):
        return False
    if column.name in {"user_id", "member_id", "author_id", "owner_id", "for_member"}:
        return True
    return column.name.endswith(("_by", "_user", "_user_id", "_member_id", "_author_id"))
