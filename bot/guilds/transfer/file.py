"""A settings file as it was read: values of sections, with channels and roles still as the file names them."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from bot.errors import UserError
from bot.guilds.shape import FieldKind, FieldShape, shapes

FORMAT = 1
"""Version of the files this program writes and reads."""
LARGEST = 256 * 1024
"""Bytes of a file that is read."""
LONGEST_LIST = 1000
"""Entries of a list that are read; no panel shows as many."""
ENTITY = "entity"
"""In the values of a file, ``{"entity": 3}`` stands for the fourth channel or role that it names."""
CHANNEL_KINDS = frozenset({FieldKind.CHANNEL, FieldKind.CHANNELS})
ENTITY_KINDS = CHANNEL_KINDS | {FieldKind.ROLE, FieldKind.ROLES}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong in a file. ``key`` is where, as the file writes it; ``message`` is an ``N_`` text."""

    line: int | None
    key: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


class FileRefused(UserError):
    """The file cannot be used; ``troubles`` say why, in the order of its lines. The message is the first of them."""

    def __init__(self, troubles: list[Trouble]) -> None:
        self.troubles = sorted(troubles, key=lambda trouble: trouble.line or 0)
        super().__init__(self.troubles[0].message, **self.troubles[0].params)


class WrongValue(UserError):
    """A value is of another type than its field; ``at`` says which of its entries."""

    def __init__(self, message: str, *at: int, **params: Any) -> None:
        super().__init__(message, **params)
        self.at = at


@dataclass(frozen=True, slots=True)
class Entity:
    """A channel or role that the file names, by id, by name, or both. ``kinds`` are those of channels, () for a role.

    ``needed``: something in the file cannot be without it.
    """

    id: int | None
    name: str | None
    kinds: tuple[str, ...] = ()
    needed: bool = False

    @property
    def is_role(self) -> bool:
        return not self.kinds


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """``sections`` holds the fields by name, by section; JSON values, with ``ENTITY`` for channels and roles."""

    server: str
    sections: Mapping[str, Mapping[str, Any]]
    entities: tuple[Entity, ...]

    def stored(self) -> dict[str, Any]:
        """As JSON values."""
        entities = [asdict(entity) for entity in self.entities]
        return {"server": self.server, "sections": dict(self.sections), "entities": entities}

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Self:
        """What ``stored`` gave."""
        entities = (Entity(**{**one, "kinds": tuple(one["kinds"])}) for one in stored["entities"])
        return cls(stored["server"], stored["sections"], tuple(entities))


def filled(shape: FieldShape, value: Any, entity: Callable[[int], int | None]) -> Any:
    """``value`` of a file with every channel and role as what ``entity`` says of its number; None leaves it out."""
    if shape.kind in ENTITY_KINDS and value is not None:
        if shape.item is None:
            return entity(value[ENTITY])
        ids = (entity(one[ENTITY]) for one in value)
        return list(dict.fromkeys(one for one in ids if one is not None))
    if shape.row is not None:
        known = shapes(shape.row)
        return [{name: filled(known[name], one, entity) for name, one in row.items()} for row in value]
    return value
