"""What the database tells about a server and about itself."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.community.models import Reconciliation
from bot.database.figures import DatabaseFigures, figures_of
from bot.timers.models import Timer

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds until a database counts as silent; the rest of the page does not wait for it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """``next_due`` is the nearest promise of the server, ``outage`` the last one that was caught up with."""

    database: DatabaseFigures
    waiting: int
    next_due: datetime | None
    stuck: int
    outage: Reconciliation | None


async def gather(bot: "CommunityBot", guild_id: int) -> Figures | None:
    """None when the database does not answer."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _gather(bot, guild_id)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("the database did not answer /status: %s", type(error).__name__)
        return None


async def _gather(bot: "CommunityBot", guild_id: int) -> Figures:
    database = await figures_of(bot.db)
    here = (Timer.guild_id == guild_id, Timer.paused.is_(False))
    last = select(Reconciliation).where(Reconciliation.guild_id == guild_id).order_by(Reconciliation.id.desc()).limit(1)
    async with bot.db.read() as session:
        waiting, next_due = (await session.execute(select(func.count(), func.min(Timer.due_at)).where(*here))).one()
        outage = await session.scalar(last)
    return Figures(database, waiting, next_due, len(await bot.timers.stuck(guild_id)), outage)
