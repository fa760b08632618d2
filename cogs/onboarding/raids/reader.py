"""Reads raids and who came."""

from datetime import timedelta

from sqlalchemy import func, select

from bot.clock import Clock, now
from bot.community.models import Member
from bot.database import Database
from cogs.onboarding.models import Journey
from cogs.onboarding.raids.models import Raid, RaidJoiner
from cogs.onboarding.raids.refusals import RaidGone
from cogs.onboarding.raids.states import Counts, Joiner, RaidState, joiner_of, state_of

LOOKED_AFTER = timedelta(days=7)
"""How long an alert is kept up to date after the last join, when nothing is in force."""


class RaidReader:
    """Each method is one snapshot."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock

    async def state(self, guild_id: int, raid_id: int) -> RaidState:
        """Raises RaidGone."""
        async with self._db.read() as session:
            raid = await session.get(Raid, raid_id)
            if raid is None or raid.guild_id != guild_id:
                raise RaidGone
            return state_of(raid)

    async def newest(self, guild_id: int) -> RaidState | None:
        """The server's raid that counts, None before the first."""
        async with self._db.read() as session:
            raid = await session.scalar(select(Raid).filter_by(guild_id=guild_id).order_by(Raid.id.desc()).limit(1))
            return None if raid is None else state_of(raid)

    async def looked_after(self, guild_id: int) -> list[RaidState]:
        """Raids of the server that something may be left to do about."""
        recent = Raid.last_at > self._clock() - LOOKED_AFTER
        paused = Raid.paused_at.is_not(None) & Raid.pause_ended_at.is_(None)
        held = Raid.level_done | (Raid.held_at.is_not(None) & Raid.hold_ended_at.is_(None))
        query = select(Raid).where(Raid.guild_id == guild_id, recent | paused | held).order_by(Raid.id)
        async with self._db.read() as session:
            return [state_of(raid) for raid in await session.scalars(query)]

    async def joiners(self, guild_id: int, raid_id: int) -> list[Joiner]:
        """Everybody who came during the raid, in the order they came."""
        query = (
            select(RaidJoiner, Member.display_name, Member.left_at, Journey.answered_at)
            .outerjoin(Member, (Member.guild_id == RaidJoiner.guild_id) & (Member.user_id == RaidJoiner.user_id))
            .outerjoin(Journey, (Journey.guild_id == RaidJoiner.guild_id) & (Journey.user_id == RaidJoiner.user_id))
            .where(RaidJoiner.guild_id == guild_id, RaidJoiner.raid_id == raid_id)
            .order_by(RaidJoiner.joined_at, RaidJoiner.user_id)
        )
        async with self._db.read() as session:
            return [joiner_of(*row) for row in await session.execute(query)]

    async def counts(self, guild_id: int, raid_id: int) -> Counts:
        """How many of them are what."""
        done, refused = RaidJoiner.banned_at.is_not(None), RaidJoiner.refused_at.is_not(None)
        waiting = RaidJoiner.held_at.is_not(None) & RaidJoiner.released_at.is_(None)
        columns = (
            RaidJoiner.young,
            waiting & ~done,
            RaidJoiner.released_at.is_not(None) & ~done,
            RaidJoiner.ban_at.is_not(None) & ~done & ~refused,
            done,
            refused,
        )
        mine = RaidJoiner.guild_id == guild_id, RaidJoiner.raid_id == raid_id
        counted = select(*(func.count().filter(column) for column in columns)).where(*mine)
        async with self._db.read() as session:
            row = await session.execute(counted)
            return Counts(*(int(count) for count in row.one()))
