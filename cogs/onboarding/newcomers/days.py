"""The server's local days, as they were counted."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.models import TimeZoneChange
from bot.community.rules import ALWAYS, Calendar, ZoneChange


async def calendar_of(session: AsyncSession, guild_id: int, zone: str) -> Calendar:
    """The history that the counted days follow; ``zone`` where none was kept yet."""
    rows = await session.scalars(select(TimeZoneChange).filter_by(guild_id=guild_id))
    kept = [ZoneChange(row.at, row.zone) for row in rows]
    return Calendar(kept or [ZoneChange(ALWAYS, zone)])
