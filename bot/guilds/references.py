"""Which channels and roles a section names, and what it is without those that were deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.guilds.edits import rows_of
from bot.guilds.fields import Channel, Role
from bot.guilds.sections import Section
from bot.guilds.shape import FieldKind, FieldShape, shapes

_REFERRING = frozenset({FieldKind.CHANNEL, FieldKind.CHANNELS, FieldKind.ROLE, FieldKind.ROLES})


@dataclass(frozen=True, slots=True)
class Reference:
    """``id`` stands in ``field``, or in its rows' ``sub``."""

    id: int
    field: FieldShape
    sub: FieldShape | None = None

    @property
    def channel(self) -> Channel | None:
        return (self.sub or self.field).channel

    @property
    def role(self) -> Role | None:
        return (self.sub or self.field).role


def references(section: Section) -> Iterator[Reference]:
    """Every channel and role the section names, in the order of its fields."""
    for shape in shapes(type(section)).values():
        for found in _ids(section, shape):
            yield Reference(found, shape)
        if shape.row is not None:
            for row in getattr(section, shape.name):
                for sub in shapes(shape.row).values():
                    for found in _ids(row, sub):
                        yield Reference(found, shape, sub)


def without(section: Section, gone: frozenset[int]) -> dict[str, Any]:
    """The fields to change so that the section names none of ``gone``.

    A row that cannot do without is removed; a field that must not be empty goes back to its default.
    """
    changed: dict[str, Any] = {}
    for shape in shapes(type(section)).values():
        value = getattr(section, shape.name)
        if shape.kind in _REFERRING and gone & set(_ids(section, shape)):
            changed[shape.name] = _cleared(value, gone)
        elif shape.row is not None:
            rows = rows_of(section, shape.name)
            left = [row for row in (_row_without(shape, row, gone) for row in rows) if row is not None]
            if left != rows:
                changed[shape.name] = left
    return _acceptable(section, changed)


def _ids(holder: BaseModel, shape: FieldShape) -> list[int]:
    if shape.kind not in _REFERRING:
        return []
    value = getattr(holder, shape.name)
    return [] if value is None else list(value) if isinstance(value, tuple) else [value]


def _cleared(value: Any, gone: frozenset[int]) -> Any:
    return [one for one in value if one not in gone] if isinstance(value, tuple | list) else None


def _row_without(shape: FieldShape, row: dict[str, Any], gone: frozenset[int]) -> dict[str, Any] | None:
    assert shape.row is not None
    kept = dict(row)
    for sub in shapes(shape.row).values():
        value = kept[sub.name]
        if sub.kind in _REFERRING and value is not None and gone.intersection(value if sub.item else [value]):
            kept[sub.name] = _cleared(value, gone)
    try:
        shape.row.model_validate(kept)
    except ValidationError:
        return None
    return kept


def _acceptable(section: Section, changed: dict[str, Any]) -> dict[str, Any]:
    try:
        type(section).model_validate({**section.model_dump(mode="json"), **changed})
    except ValidationError as error:
        known = shapes(type(section))
        bad = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]} & changed.keys()
        return {**changed, **{name: known[name].default for name in bad}}
    return changed
