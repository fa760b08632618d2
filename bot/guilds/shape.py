"""What each field of a section is, read from its pydantic model: the one place that looks at annotations."""

import types
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import annotated_types as limits
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.guilds.fields import Channel, LongText, Role, Suggested

M = TypeVar("M")


class FieldKind(StrEnum):
    """How a field is shown and changed."""

    TOGGLE = "toggle"
    CHOICE = "choice"
    CHOICES = "choices"
    CHANNEL = "channel"
    CHANNELS = "channels"
    ROLE = "role"
    ROLES = "roles"
    DURATION = "duration"
    NUMBER = "number"
    TEXT = "text"
    LONG_TEXT = "long text"
    ITEMS = "items"
    """A list of texts, numbers or durations."""
    ROWS = "rows"
    """A table: a list of sub-models."""


LISTS = frozenset({FieldKind.ITEMS, FieldKind.ROWS})
"""Kinds whose elements are edited one by one."""
_SEVERAL = {
    FieldKind.CHOICE: FieldKind.CHOICES,
    FieldKind.CHANNEL: FieldKind.CHANNELS,
    FieldKind.ROLE: FieldKind.ROLES,
    FieldKind.DURATION: FieldKind.ITEMS,
    FieldKind.NUMBER: FieldKind.ITEMS,
    FieldKind.TEXT: FieldKind.ITEMS,
    FieldKind.LONG_TEXT: FieldKind.ITEMS,
}


@dataclass(frozen=True, eq=False)
class FieldShape:
    """A field as the panels see it. ``title`` and ``description`` are ``N_`` texts.

    ``minimum`` and ``maximum`` bound a number or duration, ``shortest`` and ``longest`` a text or a list.
    """

    name: str
    kind: FieldKind
    title: str
    description: str
    default: Any
    required: bool
    optional: bool
    metadata: tuple[Any, ...] = ()
    choices: type[StrEnum] | None = None
    row: type[BaseModel] | None = None
    item: "FieldShape | None" = None
    number: type[int] | type[float] = int

    def first(self, kind: type[M]) -> M | None:
        """The field's annotation of this class, None when it has none."""
        return next((found for found in self.metadata if isinstance(found, kind)), None)

    @property
    def channel(self) -> Channel | None:
        return self.item.channel if self.item else self.first(Channel)

    @property
    def role(self) -> Role | None:
        return self.item.role if self.item else self.first(Role)

    @property
    def minimum(self) -> Any:
        return next((m.ge if isinstance(m, limits.Ge) else m.gt for m in self._bounds(limits.Ge, limits.Gt)), None)

    @property
    def maximum(self) -> Any:
        return next((m.le if isinstance(m, limits.Le) else m.lt for m in self._bounds(limits.Le, limits.Lt)), None)

    @property
    def shortest(self) -> int:
        found = self.first(limits.MinLen)
        return found.min_length if found else 0

    @property
    def longest(self) -> int | None:
        found, long = self.first(limits.MaxLen), self.first(LongText)
        return found.max_length if found else long.max_length if long else None

    @property
    def suggested(self) -> tuple[timedelta, ...] | None:
        found = self.first(Suggested)
        return found.spans if found else None

    def _bounds(self, *kinds: type[Any]) -> list[Any]:
        return [m for m in self.metadata if isinstance(m, kinds)]


@cache
def shapes(model: type[BaseModel]) -> dict[str, FieldShape]:
    """The fields of a section or row by name, in order. Raises TypeError for one that no panel could show."""
    return {name: _field(model, name, info) for name, info in model.model_fields.items()}


def shape_of(model: type[BaseModel], field: str, sub: str | None = None) -> FieldShape:
    """A field, or a field of its rows. Raises KeyError."""
    found = shapes(model)[field]
    if sub is None:
        return found
    if found.row is None:
        raise KeyError(sub)
    return shapes(found.row)[sub]


def _field(model: type[BaseModel], name: str, info: FieldInfo) -> FieldShape:
    where = f"{model.__name__}.{name}"
    if not info.title or not info.description:
        raise TypeError(f"{where} needs a title and a description")
    base = FieldShape(
        name=name,
        kind=FieldKind.TEXT,
        title=info.title,
        description=info.description,
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        required=info.is_required(),
        optional=False,
    )
    return _typed(base, info.annotation, tuple(info.metadata), where)


def _typed(base: FieldShape, annotation: Any, metadata: tuple[Any, ...], where: str) -> FieldShape:
    annotation, metadata, optional = _peeled(annotation, metadata)
    described = {**base.__dict__, "metadata": metadata, "optional": optional}
    if get_origin(annotation) is tuple:
        return _several(base, described, annotation, where)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        raise TypeError(f"{where}: a sub-model stands in a tuple[…, ...]")
    kind = _scalar_kind(annotation, metadata)
    if kind is None:
        raise TypeError(f"{where}: no panel for {annotation!r}")
    if kind is FieldKind.CHOICE:
        described["choices"] = annotation
    if kind is FieldKind.NUMBER:
        described["number"] = annotation
    return FieldShape(**{**described, "kind": kind})


def _several(base: FieldShape, described: dict[str, Any], annotation: Any, where: str) -> FieldShape:
    arguments = get_args(annotation)
    if len(arguments) != 2 or arguments[1] is not Ellipsis:
        raise TypeError(f"{where}: lists are tuple[…, ...]")
    inner, _, _ = _peeled(arguments[0], ())
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        if any(sub.kind is FieldKind.ROWS for sub in shapes(inner).values()):
            raise TypeError(f"{where}: rows of rows have no panel")
        return FieldShape(**{**described, "kind": FieldKind.ROWS, "row": inner})
    item = _typed(replace(base, default=None, required=True), arguments[0], (), where)
    if item.kind not in _SEVERAL:
        raise TypeError(f"{where}: no panel for a list of {item.kind}")
    return FieldShape(**{**described, "kind": _SEVERAL[item.kind], "item": item, "choices": item.choices})


def _peeled(annotation: Any, metadata: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...], bool]:
    """The bare type, everything annotated on it, and whether None is allowed."""
    optional = False
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *inner = get_args(annotation)
            metadata = (*metadata, *_expanded(inner))
        elif get_origin(annotation) in (Union, types.UnionType):
            members = [member for member in get_args(annotation) if member is not type(None)]
            if len(members) != 1:
                return annotation, metadata, optional
            annotation, optional = members[0], True
        else:
            return annotation, metadata, optional


def _expanded(metadata: list[Any]) -> list[Any]:
    found: list[Any] = []
    for part in metadata:
        found += part.metadata if isinstance(part, FieldInfo) else [part]
    return found


def _scalar_kind(annotation: Any, metadata: tuple[Any, ...]) -> FieldKind | None:
    if not isinstance(annotation, type):
        return None
    marks = {type(mark) for mark in metadata}
    if issubclass(annotation, StrEnum):
        return FieldKind.CHOICE
    if issubclass(annotation, bool):
        return FieldKind.TOGGLE
    if annotation is timedelta:
        return FieldKind.DURATION
    if annotation is int and Channel in marks:
        return FieldKind.CHANNEL
    if annotation is int and Role in marks:
        return FieldKind.ROLE
    if annotation in (int, float):
        return FieldKind.NUMBER
    if annotation is str:
        return FieldKind.LONG_TEXT if LongText in marks else FieldKind.TEXT
    return None
