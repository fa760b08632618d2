"""The kinds of items that the features which are loaded put before the team."""

import re
import string
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.contracts.inbox import InboxItem, InboxKind

if TYPE_CHECKING:
    from bot.i18n.localizer import Localizer
    from bot.ui import PersistentItem

ItemAction = Callable[[InboxItem, "Localizer"], "PersistentItem[Any] | None"]
"""Makes a button of the feature's own that is shown with the item; None where it does not fit this one."""

NAME = re.compile(r"[a-z][a-z_.]{0,39}")
"""It travels in custom_ids."""
ACTIONS = 5
"""Buttons of a feature that fit in one row."""
GIVEN = frozenset({"member", "place"})
"""Placeholders of a title that every item has."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A kind with what its feature added."""

    kind: InboxKind
    actions: Sequence[ItemAction]
    shown: Callable[[int], bool]
    permissions: frozenset[str] = frozenset()
    """Discord permissions with any of which somebody acts on it who is not on the team."""


class Kinds:
    """Items of a kind that nobody registered, or that is off in a server, are kept and not shown."""

    def __init__(self) -> None:
        self._by_name: dict[str, Registered] = {}

    def register(
        self,
        kind: InboxKind,
        actions: Sequence[ItemAction],
        shown: Callable[[int], bool],
        permissions: frozenset[str] = frozenset(),
    ) -> None:
        """Raises ValueError when the name does not fit, is taken, or too many actions are given."""
        if not NAME.fullmatch(kind.name):
            raise ValueError(f"{kind.name!r} is no name for a kind of items")
        if kind.name in self._by_name:
            raise ValueError(f"two kinds of items are called {kind.name}")
        if len(actions) > ACTIONS:
            raise ValueError(f"{kind.name} has more than {ACTIONS} actions")
        self._by_name[kind.name] = Registered(kind, actions, shown, permissions)

    def names(self) -> list[str]:
        """In the order they were registered."""
        return list(self._by_name)

    def permissions(self, guild_id: int) -> frozenset[str]:
        """Those with any of which somebody acts on a kind that is on in that server, though not on the team."""
        shown = [one.permissions for one in self._by_name.values() if one.shown(guild_id)]
        return frozenset().union(*shown)

    def acted_on_with(self, permissions: Collection[str]) -> frozenset[str]:
        """The names of the kinds that somebody with these permissions acts on without being on the team."""
        found = self._by_name.items()
        return frozenset(name for name, one in found if not one.permissions.isdisjoint(permissions))

    def find(self, name: str) -> InboxKind | None:
        """The kind, shown or not; None when no loaded feature has it."""
        found = self._by_name.get(name)
        return None if found is None else found.kind

    def shown(self, name: str, guild_id: int) -> InboxKind | None:
        """The kind, when its feature is loaded and on in that server."""
        found = self._by_name.get(name)
        return found.kind if found is not None and found.shown(guild_id) else None

    def actions(self, kind: InboxKind) -> Sequence[ItemAction]:
        found = self._by_name.get(kind.name)
        return () if found is None else found.actions


def missing_params(kind: InboxKind, params: Mapping[str, Any]) -> set[str]:
    """Placeholders of the title that nothing fills."""
    used = {name for _text, name, _spec, _conversion in string.Formatter().parse(kind.title) if name}
    return used - GIVEN - params.keys()
