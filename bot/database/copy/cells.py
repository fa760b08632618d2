"""How each kind of column is read, written, and summed up, so that both databases say the same of the same value."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from bot.database import UTCDateTime

NUL = "\x00"
"""PostgreSQL takes it in no text."""
_NUL_IN_JSON = "\\u0000"
_WIDTH = 8

Written = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One column: the type it is read and written with, and the one text a value has in both databases."""

    column: sa.Column[Any]
    kind: sa.types.TypeEngine[Any]
    written: Written

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def is_text(self) -> bool:
        """Whether it holds words, in which a NUL may hide."""
        return isinstance(self.kind, sa.String)

    @property
    def is_json(self) -> bool:
        return isinstance(self.column.type, sa.JSON)

    def read(self, dialect: str) -> sa.ColumnElement[Any]:
        """What selects it. JSON is read as it is stored: a missing value and ``null`` are different."""
        if self.is_json and dialect == "postgresql":
            return sa.cast(self.column, sa.Text).label(self.name)
        return sa.type_coerce(self.column, self.kind).label(self.name)

    def write(self, dialect: str) -> sa.ColumnElement[Any]:
        """What inserts it, from a parameter of its name."""
        given = sa.bindparam(self.name, type_=self.kind)
        return sa.cast(given, JSONB) if self.is_json and dialect == "postgresql" else sa.type_coerce(given, self.kind)

    def without_nul(self, value: str) -> str:
        """The words without a NUL, also where JSON escapes one."""
        if not self.is_json:
            return _stripped(value)
        return json.dumps(_each(json.loads(value), _stripped))

    def has_nul(self, value: Any) -> bool:
        """Whether PostgreSQL would refuse the words for a NUL in them."""
        if not isinstance(value, str):
            return False
        if not self.is_json:
            return NUL in value
        return _NUL_IN_JSON in value and self.without_nul(value) != json.dumps(_each(json.loads(value), str))

    def digest(self, value: Any) -> bytes:
        """Eight bytes that stand for the value."""
        text = b"\x00" if value is None else b"\x01" + self.written(value).encode("utf-8", "surrogatepass")
        return blake2b(text, digest_size=_WIDTH).digest()


def cell_of(column: sa.Column[Any]) -> Cell:
    """Raises TypeError for a kind of column that nobody taught the copy yet."""
    kind = column.type
    if isinstance(kind, UTCDateTime):
        return Cell(column, kind, _instant)
    if isinstance(kind, sa.JSON):
        return Cell(column, sa.Text(), _canonical)
    if isinstance(kind, sa.Enum | sa.String):
        return Cell(column, sa.Text(), str)
    if isinstance(kind, sa.Boolean):
        return Cell(column, kind, lambda value: str(int(value)))
    if isinstance(kind, sa.Integer | sa.Float):
        return Cell(column, kind, repr)
    if isinstance(kind, sa.Date):
        return Cell(column, kind, date.isoformat)
    if isinstance(kind, sa.LargeBinary):
        return Cell(column, kind, bytes.hex)
    raise TypeError(f"{column.table.name}.{column.name} is of a kind that cannot be copied: {kind!r}")


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _canonical(text: str) -> str:
    """JSON as PostgreSQL and SQLite agree on it: keys in order, whole numbers without a fraction."""
    return json.dumps(_each(json.loads(text), str), sort_keys=True)


def _stripped(text: str) -> str:
    return text.replace(NUL, "")


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed, and numbers written the one way."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    if isinstance(value, dict):
        return {change(key): _each(one, change) for key, one in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value
