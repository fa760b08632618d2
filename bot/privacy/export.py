"""Exports everything the tables hold about a member, as plain values that JSON can carry."""

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, select

from bot.clock import Clock, now
from bot.database import Database
from bot.privacy.tables import Holding, holdings

EXACT_IN_JSON = 2**53
"""Readers of JSON round larger integers, and Discord's ids are larger: those are written as text."""


async def export_member(db: Database, guild_id: int | None, user_id: int, clock: Clock = now) -> dict[str, Any]:
    """What is stored about a person in one server, or everywhere (None).

    ``about_you``: table → rows about them. ``names_you``: table → rows about somebody or something else that name
    them, without what would tell about other people. Call ``bot.community.export`` of a running bot.
    """
    about: dict[str, list[dict[str, Any]]] = {}
    names: dict[str, list[dict[str, Any]]] = {}
    async with db.read() as session:
        for holding in holdings():
            table, within = holding.table, holding.within(guild_id)
            if within is None:
                continue
            if holding.subject:
                mine = select(table).where(within, table.c[holding.subject] == user_id)
                rows = [_plain(holding, dict(row)) for row in (await session.execute(mine)).mappings()]
                about |= {table.name: rows} if rows else {}
            for column in holding.others:
                named = select(table).where(within, table.c[column] == user_id)
                rows = [_about_others(holding, column, dict(row)) for row in (await session.execute(named)).mappings()]
                if rows:
                    names.setdefault(table.name, []).extend(rows)
    return {"user_id": str(user_id), "exported_at": clock().isoformat(), "about_you": about, "names_you": names}


def _plain(holding: Holding, row: dict[str, Any]) -> dict[str, Any]:
    """A row about them, without who else is in it."""
    return {name: _value(value) for name, value in row.items() if name not in holding.others}


def _about_others(holding: Holding, column: str, row: dict[str, Any]) -> dict[str, Any]:
    """Of a row that only names them: where, when, and as what."""
    hidden = {holding.subject, *holding.others, *holding.personal} - {column}
    hidden |= {found.name for found in holding.table.c if isinstance(found.type, JSON)}
    return {name: _value(value) for name, value in row.items() if name not in hidden}


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int) and abs(value) > EXACT_IN_JSON:
        return str(value)
    return value
