"""Addresses inside a section: a field, a row of its list, a field of that row. They travel in custom_ids."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from bot.errors import UserError
from bot.guilds.shape import LISTS, shapes
from bot.i18n.marks import N_

if TYPE_CHECKING:
    from bot.guilds.sections import Section

PATH = r"[a-z0-9_]+(?:@\d+\.[0-9a-f]{6}(?:\.[a-z0-9_]+)?)?"
"""Pattern of a written ``Path``."""
_PARTS = re.compile(r"(?P<field>[a-z0-9_]+)(?:@(?P<index>\d+)\.(?P<digest>[0-9a-f]{6})(?:\.(?P<sub>[a-z0-9_]+))?)?")
_LONGEST_ROW = "@99.0123ab"


class ListChanged(UserError):
    """The row somebody clicked on is no longer there as they saw it."""

    def __init__(self) -> None:
        super().__init__(N_("This list has changed in the meantime. Nothing was done; here is how it is now."))


def digest(row: Any) -> str:
    """Six hexadecimal digits of a row's content, as JSON; whoever clicks on a row means this content."""
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:6]


@dataclass(frozen=True, slots=True)
class RowRef:
    """A row as somebody saw it: where it stood, and what was in it."""

    index: int
    digest: str

    @classmethod
    def to(cls, rows: list[Any], index: int) -> Self:
        return cls(index, digest(rows[index]))

    def locate(self, rows: list[Any]) -> int:
        """Where that row stands now, also when others moved it. Raises ListChanged when it is gone or edited."""
        if self.index < len(rows) and digest(rows[self.index]) == self.digest:
            return self.index
        found = [index for index, row in enumerate(rows) if digest(row) == self.digest]
        if len(found) != 1:
            raise ListChanged
        return found[0]


@dataclass(frozen=True, slots=True)
class Path:
    """``field``, ``field@row`` or ``field@row.sub``."""

    field: str
    row: RowRef | None = None
    sub: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError."""
        found = _PARTS.fullmatch(text)
        if found is None:
            raise ValueError(text)
        row = RowRef(int(found["index"]), found["digest"]) if found["digest"] else None
        return cls(found["field"], row, found["sub"])

    def __str__(self) -> str:
        row = f"@{self.row.index}.{self.row.digest}" if self.row else ""
        return f"{self.field}{row}" + (f".{self.sub}" if self.sub else "")

    def within(self, sub: str) -> Self:
        """The field ``sub`` of this row."""
        return replace(self, sub=sub)


def longest_address(section: "type[Section]") -> int:
    """Length of ``key:path`` for the section's longest path."""
    longest = 0
    for name, shape in shapes(section).items():
        row = len(_LONGEST_ROW) if shape.kind in LISTS else 0
        sub = max((len(f".{name}") for name in shapes(shape.row)), default=0) if shape.row else 0
        longest = max(longest, len(name) + row + sub)
    return len(section.key) + 1 + longest
