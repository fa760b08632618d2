"""Writes a batch of counts: a few statements, whatever the number of rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, insert, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.community.batches import Batch
from bot.community.models import ActivityDay, ChannelCursor, Counting, Member, ParkedActivity, TimeZoneChange
from bot.community.rules import ALWAYS, instant_of
from bot.contracts.events import ActivityChange
from bot.database import Transaction

SUMS = ("messages", "reactions_given", "reactions_received", "voice_minutes")
"""Columns of ``activity_day`` that add up."""
_ACTIVITY = cast("Table", ActivityDay.__table__)
_CURSOR = cast("Table", ChannelCursor.__table__)
_MEMBER = cast("Table", Member.__table__)
_COUNTING = cast("Table", Counting.__table__)


class OutOfOrder(RuntimeError):
    """The server's count in the database is not where this process left it: another process counts too."""


def _insert(tx: Transaction, table: Table) -> Any:
    return (postgresql if tx.session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)


async def claim(tx: Transaction, batch: Batch, at: datetime) -> bool:
    """Make this batch the newest; False when it is committed already. Raises OutOfOrder."""
    values = {**batch.standing, "seen_at": at}
    mine = _COUNTING.c.guild_id == batch.guild_id
    before = mine & (_COUNTING.c.batch == batch.number - 1)
    moved = update(_COUNTING).where(before).values(values).returning(_COUNTING.c.batch)
    if (await tx.session.execute(moved)).one_or_none() is not None:
        return True
    if await tx.ensure(Counting, **values):
        await tx.ensure(TimeZoneChange, guild_id=batch.guild_id, at=ALWAYS, zone=batch.zone)
        return True
    present = (await tx.session.get_one(Counting, batch.guild_id)).batch
    if present != batch.number:
        raise OutOfOrder(f"batch {batch.number} of server {batch.guild_id} meets batch {present}")
    return False


async def add_activity(tx: Transaction, batch: Batch) -> None:
    """Add the counts to ``activity_day``; what was uncounted never brings a number below zero."""
    added = [change for change in batch.changes if not _takes_back(change)]
    if added:
        statement = _insert(tx, _ACTIVITY)
        new = statement.excluded
        sums: dict[str, Any] = {name: _ACTIVITY.c[name] + new[name] for name in SUMS}
        sums["hours"] = _ACTIVITY.c.hours.op("|")(new.hours)
        upsert = statement.on_conflict_do_update(index_elements=list(_ACTIVITY.primary_key), set_=sums)
        await tx.session.execute(upsert, [_row(batch.guild_id, change) for change in added])
    taken = [_row(batch.guild_id, change) for change in batch.changes if _takes_back(change)]
    if taken:
        await tx.session.execute(_TAKE_BACK, [{f"p_{name}": value for name, value in row.items()} for row in taken])


async def move_cursors(tx: Transaction, cursors: list[dict[str, Any]]) -> None:
    """Store how far channels are counted."""
    if cursors:
        statement = _insert(tx, _CURSOR)
        moved = {name: statement.excluded[name] for name in cursors[0] if name not in {"guild_id", "channel_id"}}
        upsert = statement.on_conflict_do_update(index_elements=list(_CURSOR.primary_key), set_=moved)
        await tx.session.execute(upsert, cursors)


async def touch_members(tx: Transaction, batch: Batch) -> None:
    """Note when members were last active."""
    seen = [
        {"p_guild_id": batch.guild_id, "p_user_id": user_id, "p_at": instant_of(ms)}
        for user_id, ms in sorted(batch.active.items())
    ]
    if seen:
        await tx.session.execute(_TOUCH, seen)


async def park(tx: Transaction, batch: Batch, error: str, at: datetime) -> None:
    """Keep the batch for the handlers that failed on it."""
    rows = [
        {**_row(batch.guild_id, change), "batch": batch.number, "parked_at": at, "error": error}
        for change in batch.changes
    ]
    if rows:
        await tx.session.execute(insert(ParkedActivity.__table__), rows)  # type: ignore[arg-type]


def changes_of(rows: Iterable[ParkedActivity]) -> tuple[ActivityChange, ...]:
    """What a handler is given, from parked rows."""
    return tuple(
        ActivityChange(
            row.day,
            row.user_id,
            row.channel_id,
            row.messages,
            row.reactions_given,
            row.reactions_received,
            row.voice_minutes,
            row.hours,
        )
        for row in rows
    )


def _takes_back(change: ActivityChange) -> bool:
    return min(change.messages, change.reactions_given, change.reactions_received) < 0


def _row(guild_id: int, change: ActivityChange) -> dict[str, Any]:
    return {
        "guild_id": guild_id,
        "day": change.day,
        "user_id": change.user_id,
        "channel_id": change.channel_id,
        "messages": change.messages,
        "reactions_given": change.reactions_given,
        "reactions_received": change.reactions_received,
        "voice_minutes": change.voice_minutes,
        "hours": change.hours,
    }


def _not_below_zero(name: str) -> Any:
    total = _ACTIVITY.c[name] + bindparam(f"p_{name}")
    return case((total < 0, 0), else_=total)


_TAKE_BACK = (
    update(_ACTIVITY)
    .where(*(_ACTIVITY.c[key.name] == bindparam(f"p_{key.name}") for key in _ACTIVITY.primary_key))
    .values({name: _not_below_zero(name) for name in SUMS} | {"hours": _ACTIVITY.c.hours.op("|")(bindparam("p_hours"))})
)
_TOUCH = (
    update(_MEMBER)
    .where(_MEMBER.c.guild_id == bindparam("p_guild_id"), _MEMBER.c.user_id == bindparam("p_user_id"))
    .where(or_(_MEMBER.c.last_active_at.is_(None), _MEMBER.c.last_active_at < bindparam("p_at")))
    .values(last_active_at=bindparam("p_at"))
)
