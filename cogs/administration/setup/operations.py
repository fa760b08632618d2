"""What a run has to do, one operation at a time, each kept with what became of it. Pure values."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from cogs.administration.setup.problems import Problem


class Kind(StrEnum):
    """What an operation makes."""

    ROLE = "role"
    TEXT = "text"
    FORUM = "forum"
    SETTINGS = "settings"
    DOOR = "door"
    """The panel that newcomers enter by."""


CREATIONS = frozenset({Kind.ROLE, Kind.TEXT, Kind.FORUM})


class State(StrEnum):
    """How far an operation is."""

    WAITING = "waiting"
    TRYING = "trying"
    """Noted before Discord is asked: after a crash, what was asked for may exist already."""
    DONE = "done"
    FAILED = "failed"


class Undone(StrEnum):
    """What Undo did about an operation."""

    NOT = ""
    REMOVED = "removed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Operation:
    """``key`` is ``section.field`` of what is created for it, or the key of a section.

    ``values`` are the fields to set; ``made`` those that get the id of what was created under ``section.field``.
    ``switches`` are toggles with the keys without which they stay off. ``known`` are the ids of that name before the
    attempt: whatever has it afterwards and is not among them is ours.
    """

    kind: Kind
    key: str
    name: str = ""
    topic: str = ""
    audience: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    made: tuple[str, ...] = ()
    switches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    state: State = State.WAITING
    known: tuple[int, ...] = ()
    id: int | None = None
    where: int | None = None
    """The channel of a message."""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    undone: Undone = Undone.NOT
    kept_because: tuple[Problem, ...] = ()

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:
        """What ``written`` wrote."""
        told = dict(row)
        told |= {"kind": Kind(row["kind"]), "state": State(row["state"]), "undone": Undone(row["undone"])}
        told["switches"] = {name: tuple(needed) for name, needed in row["switches"].items()}
        told |= {name: tuple(row[name]) for name in ("made", "known", "problems", "kept_because")}
        return cls(**told)

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @property
    def over(self) -> bool:
        """Nothing is left to do, for better or worse."""
        return self.state in {State.DONE, State.FAILED}

    def failed(self, *problems: Problem) -> Self:
        return replace(self, state=State.FAILED, problems=problems)


def creation(operations: Iterable[Operation], key: str) -> Operation | None:
    """The operation that creates what goes into ``key``."""
    return next((one for one in operations if one.key == key and one.kind in CREATIONS), None)
