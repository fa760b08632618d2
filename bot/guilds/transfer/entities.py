"""Channels and roles that a file names, each numbered once."""

from dataclasses import replace
from typing import Any

from bot.guilds.shape import FieldShape
from bot.guilds.transfer.file import ENTITY, Entity, WrongValue
from bot.i18n.marks import N_

LARGEST_ID = 2**63
NAME = 101
"""Characters of a channel's or role's name, as Discord allows, and a # before it."""


class Entities:
    """Gathers them while a file is read."""

    def __init__(self) -> None:
        self._numbers: dict[Entity, int] = {}
        self._needed: set[int] = set()

    def of(self, shape: FieldShape, value: Any, *, needed: bool) -> dict[str, int]:
        """The reference to what ``value`` names: a table of id and name, or one of them alone. Raises WrongValue."""
        kinds = tuple(str(kind) for kind in shape.channel.kinds) if shape.channel else ()
        entity = Entity(*_named(shape, value), kinds)
        number = self._numbers.setdefault(entity, len(self._numbers))
        if needed:
            self._needed.add(number)
        return {ENTITY: number}

    def all(self) -> tuple[Entity, ...]:
        """In the order of their numbers."""
        return tuple(replace(entity, needed=number in self._needed) for entity, number in self._numbers.items())

    def supposed(self, number: int) -> int:
        """An id to judge the file with before it is known what there is: its own, else one that nothing has."""
        found = list(self._numbers)[number].id
        return found if found is not None else -1 - number


def _named(shape: FieldShape, value: Any) -> tuple[int | None, str | None]:
    refusal = _refusal(shape)
    if isinstance(value, dict):
        if not value or set(value) - {"id", "name"}:
            raise refusal
        return _id(value.get("id"), refusal), _name(value.get("name"), refusal)
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        return None, _name(value, refusal)
    return _id(value, refusal), None


def _refusal(shape: FieldShape) -> WrongValue:
    name = "#general" if shape.channel else "Team"
    example = f'{{ name = "{name}", id = "123456789" }}'
    return WrongValue(N_("Write it like {example}; the name or the id alone will do."), example=example)


def _id(value: Any, refusal: WrongValue) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if value is None:
        return None
    if type(value) is not int or not 0 < value < LARGEST_ID:
        raise refusal
    return value


def _name(value: Any, refusal: WrongValue) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > NAME or not value.isprintable():
        raise refusal
    return value
