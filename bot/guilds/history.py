"""What was changed, by whom, and what it was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.guilds.models import GuildSectionChange
from bot.i18n.marks import N_


class UnknownChange(UserError):
    """There is no such change in this server."""

    def __init__(self) -> None:
        super().__init__(N_("This change is no longer in the history."))


class NothingToUndo(UserError):
    """What a change touched is as it was before it already."""

    def __init__(self) -> None:
        super().__init__(N_("Everything is as it was before this change already. Nothing was done."))


class Origin(StrEnum):
    """What made a change, other than somebody on a panel."""

    IMPORT = "import"
    SETUP = "setup"
    UNDO = "undo"


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
    batch: int | None = None
    """Shared by the changes that were made together; None for one made alone."""
    origin: str | None = None

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
    return Change(row.id, row.section, row.changed_by, row.changed_at, row.before, row.after, row.batch, row.origin)


def reverted(row: GuildSectionChange | Change, present: Mapping[str, Any]) -> dict[str, Any]:
    """``present`` with the fields that the change touched as they were before it."""
    touched = changed_fields(row.before, row.after)
    kept = {name: value for name, value in present.items() if name not in touched}
    return {**kept, **{name: row.before[name] for name in touched if name in row.before}}


async def changes(
    session: AsyncSession, guild_id: int, section: str | None, before: int | None, limit: int
) -> list[Change]:
    """Changes of a server, or of one of its sections, newest first, from before that id."""
    query = select(GuildSectionChange).where(GuildSectionChange.guild_id == guild_id)
    if section is not None:
        query = query.where(GuildSectionChange.section == section)
    if before is not None:
        query = query.where(GuildSectionChange.id < before)
    rows = await session.scalars(query.order_by(GuildSectionChange.id.desc()).limit(limit))
    return [seen(row) for row in rows]


async def entries(session: AsyncSession, guild_id: int, before: int | None, limit: int) -> list[tuple[Change, ...]]:
    """As ``changes`` of the whole server, with those that were made together as one entry, first one first."""
    table = GuildSectionChange
    heads = select(table.id).where(table.guild_id == guild_id, or_(table.batch.is_(None), table.batch == table.id))
    if before is not None:
        heads = heads.where(table.id < before)
    wanted = list(await session.scalars(heads.order_by(table.id.desc()).limit(limit)))
    rows = await session.scalars(
        select(table)
        .where(table.guild_id == guild_id, or_(table.id.in_(wanted), table.batch.in_(wanted)))
        .order_by(table.id)
    )
    found: dict[int, list[Change]] = {head: [] for head in wanted}
    for row in rows:
        found[row.batch or row.id].append(seen(row))
    return [tuple(entry) for entry in found.values()]


async def together(session: AsyncSession, guild_id: int, change_id: int) -> list[GuildSectionChange]:
    """That change and those made with it, by section, which is the order rows are locked in. Raises UnknownChange."""
    table = GuildSectionChange
    row = await session.get(table, change_id)
    if row is None or row.guild_id != guild_id:
        raise UnknownChange
    if row.batch is None:
        return [row]
    query = select(table).where(table.guild_id == guild_id, table.batch == row.batch)
    return sorted(await session.scalars(query), key=lambda one: one.section)
