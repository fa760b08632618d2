"""Changes of a section as plain functions of its present value; a transaction applies them, so nobody's is lost."""

from collections.abc import Callable, Iterable
from typing import Any

from bot.errors import UserError
from bot.guilds.paths import Path, RowRef
from bot.guilds.sections import Section
from bot.guilds.shape import shape_of
from bot.i18n.marks import N_

Edit = Callable[[Any], dict[str, Any]]
"""Takes the section's present value, returns the fields to set (as JSON values or as the model's own)."""


class ListFull(UserError):
    def __init__(self, limit: int) -> None:
        super().__init__(N_("This list is full. Entries it has room for: {max_length}."), max_length=limit)


def rows_of(section: Section, field: str) -> list[Any]:
    """The rows of a list as JSON values, which is what their digests are made of."""
    rows: list[Any] = section.model_dump(mode="json", include={field})[field]
    return rows


def setting(path: Path, value: Any) -> Edit:
    """Put ``value`` there."""

    def edit(section: Section) -> dict[str, Any]:
        if path.row is None:
            return {path.field: value}
        rows = rows_of(section, path.field)
        index = path.row.locate(rows)
        rows[index] = {**rows[index], path.sub: value} if path.sub else value
        return {path.field: rows}

    return edit


def merging(path: Path, added: Iterable[Any], removed: Iterable[Any]) -> Edit:
    """Add to and remove from a set-like list (roles, channels, choices), keeping what others did to it meanwhile."""
    wanted, unwanted = list(added), set(removed)

    def edit(section: Section) -> dict[str, Any]:
        present = _present(section, path)
        kept = [value for value in present if value not in unwanted]
        merged = kept + [value for value in wanted if value not in kept]
        return setting(path, merged)(section)

    return edit


def resetting(path: Path, default: Section) -> Edit:
    """Put back the default: of the field, or of a row's field what its model says."""

    def edit(section: Section) -> dict[str, Any]:
        shape = shape_of(type(section), path.field, path.sub)
        value = shape.default if path.sub else getattr(default, path.field)
        return setting(path, value)(section)

    return edit


def adding(field: str, row: Any) -> Edit:
    """Append a row. Raises ListFull."""

    def edit(section: Section) -> dict[str, Any]:
        rows = rows_of(section, field)
        limit = shape_of(type(section), field).longest
        if limit is not None and len(rows) >= limit:
            raise ListFull(limit)
        return {field: [*rows, row]}

    return edit


def moving(field: str, row: RowRef, by: int) -> Edit:
    """Move a row up (-1) or down (1); at the end of the list it stays."""

    def edit(section: Section) -> dict[str, Any]:
        rows = rows_of(section, field)
        index = row.locate(rows)
        rows.insert(min(max(index + by, 0), len(rows) - 1), rows.pop(index))
        return {field: rows}

    return edit


def removing(field: str, row: RowRef) -> Edit:
    """Take a row away."""

    def edit(section: Section) -> dict[str, Any]:
        rows = rows_of(section, field)
        rows.pop(row.locate(rows))
        return {field: rows}

    return edit


def _present(section: Section, path: Path) -> list[Any]:
    if path.row is None:
        return rows_of(section, path.field)
    rows = rows_of(section, path.field)
    row = rows[path.row.locate(rows)]
    return list(row[path.sub] if path.sub else row)
