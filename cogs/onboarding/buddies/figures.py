"""Reads what became of buddies."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, now
from bot.community.models import Contribution
from bot.contracts.buddies import BuddyOutcomes, BuddyPlaces
from bot.database import Database
from cogs.onboarding.buddies.models import BuddyOffer, BuddyPair, BuddyWish, Ending
from cogs.onboarding.newcomers.days import calendar_of

MARGIN = timedelta(days=2)
"""More than any zone's local day is away from UTC's."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Fate:
    day: date
    ending: Ending | None
    met: bool
    succeeded: bool


class BuddyReader:
    """``BuddyFigures`` of the contracts. ``zone_of`` is the server's zone where no history was kept yet."""

    def __init__(self, db: Database, zone_of: Callable[[int], str], clock: Clock = now) -> None:
        self._db = db
        self._zone_of = zone_of
        self._clock = clock

    async def outcomes(self, guild_id: int, first: date, last: date) -> BuddyOutcomes:
        """Of the pairs that began on these local days."""
        fates, _ = await self._fates(guild_id, first, last)
        return _outcomes(first, last, fates)

    async def weeks(self, guild_id: int, since: date) -> Mapping[date, BuddyOutcomes]:
        """By local week."""
        monday = since - timedelta(days=since.weekday())
        fates, today = await self._fates(guild_id, monday, None)
        mondays = [monday + WEEK * n for n in range((today - monday) // WEEK + 1)]
        return {one: _outcomes(one, one + timedelta(days=6), fates) for one in mondays}

    async def places(self, guild_id: int) -> BuddyPlaces:
        """As it is now."""
        free = BuddyOffer.paused.is_(False)
        offers = select(
            func.count().filter(free),
            func.count().filter(~free),
            func.coalesce(func.sum(BuddyOffer.capacity).filter(free), 0),
        ).filter_by(guild_id=guild_id)
        pairs = select(func.count()).select_from(BuddyPair).filter_by(guild_id=guild_id, ended_at=None)
        wishes = select(func.count()).select_from(BuddyWish).filter_by(guild_id=guild_id)
        async with self._db.read() as session:
            buddies, pausing, places = (await session.execute(offers)).one()
            taken, waiting = await session.scalar(pairs), await session.scalar(wishes)
        return BuddyPlaces(buddies, pausing, places, taken or 0, waiting or 0)

    async def _fates(self, guild_id: int, first: date, last: date | None) -> tuple[list[_Fate], date]:
        """Of the pairs of about these days, and the local day it is."""
        async with self._db.read() as session:
            calendar = await calendar_of(session, guild_id, self._zone_of(guild_id))
            rows = await _rows(session, guild_id, first, last)
        fates = [_Fate(calendar.day(at), ending, met is not None, fact is not None) for at, ending, met, fact in rows]
        return fates, calendar.day(self._clock())


async def _rows(
    session: AsyncSession, guild_id: int, first: date, last: date | None
) -> Sequence[tuple[datetime, Ending | None, datetime | None, int | None]]:
    success = (
        (Contribution.guild_id == BuddyPair.guild_id)
        & (Contribution.kind == "buddy_success")
        & (Contribution.source == literal("buddy:") + cast(BuddyPair.id, String))
        & Contribution.revoked_at.is_(None)
    )
    query = select(BuddyPair.begun_at, BuddyPair.ending, BuddyPair.met_at, Contribution.id)
    query = query.select_from(BuddyPair).outerjoin(Contribution, success).where(BuddyPair.guild_id == guild_id)
    query = query.where(BuddyPair.begun_at >= datetime.combine(first, time.min, UTC) - MARGIN)
    if last is not None:
        query = query.where(BuddyPair.begun_at < datetime.combine(last, time.min, UTC) + MARGIN)
    return [(at, ending, met, fact) for at, ending, met, fact in await session.execute(query)]


def _outcomes(first: date, last: date, fates: Sequence[_Fate]) -> BuddyOutcomes:
    mine = [one for one in fates if first <= one.day <= last]
    ended = Counter(one.ending for one in mine)
    return BuddyOutcomes(
        first=first,
        last=last,
        begun=len(mine),
        under_way=ended[None],
        over=ended[Ending.OVER],
        changed=ended[Ending.CHANGED],
        withdrew=ended[Ending.WITHDREW],
        left=ended[Ending.LEFT],
        unreachable=ended[Ending.UNREACHABLE],
        met=sum(one.met for one in mine),
        succeeded=sum(one.succeeded for one in mine),
    )
