"""Answers about what members did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from bot.community.models import ActivityDay
from bot.community.storage import SUMS
from bot.database import Database


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over days and channels."""

    messages: int = 0
    reactions_given: int = 0
    reactions_received: int = 0
    voice_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of a member."""

    day: date
    totals: Totals
    hours: int
    """The local hours with activity, hour h being bit h of 24."""


class Activity:
    """Reads what was flushed; the last seconds may be missing."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def totals(self, guild_id: int, user_id: int | None = None, since: date | None = None) -> Totals:
        """Of a member, or of the whole server (None), from a local day on."""
        sums = [func.coalesce(func.sum(getattr(ActivityDay, name)), 0) for name in SUMS]
        query = select(*sums).where(*_wanted(guild_id, user_id, since))
        async with self._db.read() as session:
            return Totals(*(int(total) for total in (await session.execute(query)).one()))

    async def days(self, guild_id: int, user_id: int, since: date | None = None) -> Sequence[Day]:
        """A member's days with activity, oldest first."""
        columns = [getattr(ActivityDay, name) for name in SUMS]
        query = select(ActivityDay.day, ActivityDay.hours, *columns).where(*_wanted(guild_id, user_id, since))
        found: dict[date, tuple[list[int], int]] = {}
        async with self._db.read() as session:
            for day, hours, *counted in await session.execute(query.order_by(ActivityDay.day)):
                sums, mask = found.get(day, ([0] * len(SUMS), 0))
                found[day] = ([a + b for a, b in zip(sums, counted, strict=True)], mask | hours)
        return [Day(day, Totals(*sums), mask) for day, (sums, mask) in found.items()]


def _wanted(guild_id: int, user_id: int | None, since: date | None) -> list[ColumnElement[bool]]:
    wanted = [ActivityDay.guild_id == guild_id]
    if user_id is not None:
        wanted.append(ActivityDay.user_id == user_id)
    if since is not None:
        wanted.append(ActivityDay.day >= since)
    return wanted
