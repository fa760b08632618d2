"""Where somebody is in the settings: pages have an address that fits into a custom_id."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from bot.guilds.paths import PATH, Path, RowRef


class Kind(StrEnum):
    """The kinds of page; one letter each, because a custom_id has 100 characters."""

    OVERVIEW = "o"
    SECTION = "s"
    LIST = "l"
    ROW = "r"
    REMOVE = "x"
    HISTORY = "h"
    UNDO = "u"


PLACE = rf"[a-z]:[a-z_]*:(?:{PATH})?:\d+"
"""Pattern of a written ``Place``."""
_PARTS = re.compile(rf"(?P<kind>[a-z]):(?P<section>[a-z_]*):(?P<path>{PATH}|):(?P<page>\d+)")


@dataclass(frozen=True, slots=True)
class Place:
    """A page. ``page`` counts from 0; in the history it is the id of the last change already seen, 0 for none;
    before an undo it is the id of the change."""

    kind: Kind
    section: str = ""
    path: Path | None = None
    page: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError."""
        found = _PARTS.fullmatch(text)
        if found is None:
            raise ValueError(text)
        path = Path.parse(found["path"]) if found["path"] else None
        return cls(Kind(found["kind"]), found["section"], path, int(found["page"]))

    def __str__(self) -> str:
        return f"{self.kind}:{self.section}:{self.path or ''}:{self.page}"

    def at(self, page: int) -> Self:
        return replace(self, page=page)


OVERVIEW = Place(Kind.OVERVIEW)


def section_place(section: str, page: int = 0) -> Place:
    return Place(Kind.SECTION, section, None, page)


def list_place(section: str, field: str, page: int = 0) -> Place:
    return Place(Kind.LIST, section, Path(field), page)


def row_place(section: str, field: str, row: RowRef, page: int = 0) -> Place:
    return Place(Kind.ROW, section, Path(field, row), page)
