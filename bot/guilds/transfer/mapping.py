"""Which channels and roles of this server those of a file are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.guilds.transfer.file import Entity


@dataclass(frozen=True, slots=True)
class Directory:
    """Channels (name and kind) and roles (name) of a server by id."""

    channels: Mapping[int, tuple[str, str]]
    roles: Mapping[int, str]

    def has(self, entity: Entity, known_id: int | None) -> bool:
        """Whether this id is something of the wanted kind."""
        if known_id is None:
            return False
        if entity.is_role:
            return known_id in self.roles
        return known_id in self.channels and self.channels[known_id][1] in entity.kinds

    def named(self, entity: Entity) -> list[int]:
        """Everything of the wanted kind that has the name, with or without the # that stands before a channel's."""
        if entity.name is None:
            return []
        if entity.is_role:
            return [one for one, name in self.roles.items() if name == entity.name]
        names = {entity.name, entity.name.removeprefix("#")}
        return [one for one, (name, kind) in self.channels.items() if kind in entity.kinds and name in names]


@dataclass(frozen=True, slots=True)
class Mapped:
    """``ids`` are what the entities of a file are here, by number; None for one that is left unset."""

    ids: tuple[int | None, ...]
    by_name: tuple[int, ...]
    """Numbers of those found under another id, by their name."""
    asked: tuple[int, ...]
    """Numbers of those that no one thing here fits: nothing has the name, or several have."""
    several: frozenset[int] = field(default_factory=frozenset)
    """Those of ``asked`` whose name several things have."""


def mapped(entities: tuple[Entity, ...], here: Directory, choices: Mapping[str, Any]) -> Mapped:
    """An id that exists here is used; else the only one of the name; else what was chosen, by number, if it exists."""
    ids: list[int | None] = []
    by_name, asked, several = [], [], set()
    for number, entity in enumerate(entities):
        if here.has(entity, entity.id):
            ids.append(entity.id)
            continue
        found = here.named(entity)
        if len(found) == 1:
            by_name.append(number)
            ids.append(found[0])
            continue
        asked.append(number)
        if found:
            several.add(number)
        chosen = choices.get(str(number))
        ids.append(chosen if here.has(entity, chosen) else None)
    return Mapped(tuple(ids), tuple(by_name), tuple(asked), frozenset(several))
