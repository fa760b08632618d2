"""What was changed, by whom, and what it was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import UserError
from bot.guilds.models import GuildSectionChange
from bot.i18n.marks import N_


class UnknownChange(UserError):
    """There is no such change in this server."""

    def __init__(self) -> None:
        super().__init__(N_("This change is no longer in the history."))


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one section. ``before`` and ``after`` hold what differed from the defaults, as JSON values."""

    id: int
    section: str
    by: int | None
    """None when the bot did it, or when the person was erased."""
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def fields(self) -> list[str]:
        """Names of the fields that changed."""
        return changed_fields(self.before, self.after)


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names whose value differs, a missing one counting as its default."""
    missing = object()
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name, missing) != after.get(name, missing)
    )


def seen(row: GuildSectionChange) -> Change:
    """A change as readers get it."""
    return Change(row.id, row.section, row.changed_by, row.changed_at, row.before, row.after)


def reverted(row: GuildSectionChange, present: Mapping[str, Any]) -> dict[str, Any]:
    """``present`` with the fields that the change touched as they were before it."""
    touched = changed_fields(row.before, row.after)
    kept = {name: value for name, value in present.items() if name not in touched}
    return {**kept, **{name: row.before[name] for name in touched if name in row.before}}
