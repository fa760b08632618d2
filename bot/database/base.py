"""Declarative base: portable column types, named constraints, and what each table holds about members."""

import enum
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, Date, DateTime, Enum, Integer, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from bot.database.member_data import Declaration

Snowflake = Annotated[int, mapped_column(BigInteger)]
"""A Discord id."""

RowId = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
"""Our own row number: 64 bits, and still SQLite's rowid."""


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python on every backend; SQLite would otherwise hand back naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise TypeError("naive datetime reached the database layer")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """Every table leads with ``guild_id`` where it belongs to a server, so that it can be partitioned on it."""

    __member_data__: ClassVar[Declaration]
    """What the table holds about members; a table without the declaration fails the tests."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        date: Date,
        dict[str, Any]: JSON().with_variant(JSONB, "postgresql"),
        list[Any]: JSON().with_variant(JSONB, "postgresql"),
        enum.Enum: Enum(enum.Enum, native_enum=False, length=32, values_callable=lambda kind: [m.value for m in kind]),
    }
