"""Reads what the attribution knows: of one member, and per invite, per inviter and per week."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, now
from bot.community.models import Member
from bot.contracts.invites import Guest, InviteCounts, Origin, Totals
from bot.database import Database
from cogs.onboarding.attribution.counting import Brought, Counting
from cogs.onboarding.attribution.models import Arrival, Invite, InviteWeek


class InviteReader:
    """``InviteFigures`` of the contracts."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock

    async def origin(self, guild_id: int, user_id: int) -> Origin | None:
        """Of a member's present or last stay."""
        async with self._db.read() as session:
            return await origin_of(session, guild_id, user_id)

    async def guests(self, guild_id: int, inviter_id: int, since: datetime | None = None) -> Sequence[Guest]:
        """Who came by this person's invites for certain."""
        async with self._db.read() as session:
            return await guests_of(session, guild_id, inviter_id, since)

    async def by_code(self, guild_id: int, since: datetime | None = None) -> Sequence[InviteCounts]:
        """Every invite that is there or was used."""
        async with self._db.read() as session:
            invites, names = await _invites(session, guild_id)
            brought = await Counting(session, guild_id, since, self._clock()).by_code()
        found = [_counts(row.code, [row], brought.get(row.code), names) for row in invites]
        return sorted(found, key=lambda one: (-one.uses, one.code or ""))

    async def by_inviter(self, guild_id: int, since: datetime | None = None) -> Sequence[InviteCounts]:
        """Everything one person made."""
        async with self._db.read() as session:
            invites, names = await _invites(session, guild_id)
            brought = await Counting(session, guild_id, since, self._clock()).by_inviter()
        theirs: dict[int, list[Invite]] = {}
        for row in invites:
            if row.inviter_id is not None and not row.vanity:
                theirs.setdefault(row.inviter_id, []).append(row)
        found = [_counts(None, rows, brought.get(inviter_id), names) for inviter_id, rows in theirs.items()]
        return sorted(found, key=lambda one: (-one.uses, one.inviter_id or 0))

    async def by_week(self, guild_id: int, since: date) -> dict[date, dict[str, int]]:
        """Week → code → uses."""
        query = select(InviteWeek).where(InviteWeek.guild_id == guild_id, InviteWeek.week > since - timedelta(days=7))
        found: dict[date, dict[str, int]] = {}
        async with self._db.read() as session:
            for row in await session.scalars(query.order_by(InviteWeek.week, InviteWeek.code)):
                found.setdefault(row.week, {})[row.code] = row.uses
        return found

    async def totals(self, guild_id: int, since: datetime | None = None, until: datetime | None = None) -> Totals:
        """How much is known about those who joined."""
        async with self._db.read() as session:
            return await Counting(session, guild_id, since, self._clock()).totals(until)


async def origin_of(session: AsyncSession, guild_id: int, user_id: int) -> Origin | None:
    """Of a member's present or last stay; None when nothing was noted."""
    query = select(Arrival).filter_by(guild_id=guild_id, user_id=user_id).order_by(Arrival.joined_at.desc())
    row = await session.scalar(query.limit(1))
    if row is None:
        return None
    candidates = tuple(str(code) for code in row.candidates)
    return Origin(row.joined_at, row.settled_at is not None, row.code, row.inviter_id, candidates)


async def guests_of(
    session: AsyncSession, guild_id: int, inviter_id: int, since: datetime | None = None
) -> list[Guest]:
    """Who came by this person's invites for certain, oldest first."""
    columns = (Arrival.user_id, Arrival.joined_at, Arrival.left_at, Arrival.code)
    query = select(*columns).filter_by(guild_id=guild_id, inviter_id=inviter_id).where(Arrival.code.is_not(None))
    query = query if since is None else query.where(Arrival.joined_at >= since)
    rows = await session.execute(query.order_by(Arrival.joined_at, Arrival.user_id))
    return [Guest(user_id, joined_at, left_at, str(code)) for user_id, joined_at, left_at, code in rows]


async def _invites(session: AsyncSession, guild_id: int) -> tuple[list[Invite], dict[int, str]]:
    """Those that are there or were used, and the names of those who made them."""
    here = select(Invite).filter_by(guild_id=guild_id).where(or_(Invite.gone_at.is_(None), Invite.uses > 0))
    invites = list(await session.scalars(here))
    makers = select(Invite.inviter_id).filter_by(guild_id=guild_id)
    named = select(Member.user_id, Member.display_name).where(Member.guild_id == guild_id, Member.user_id.in_(makers))
    return invites, dict([*await session.execute(named)])


def _counts(code: str | None, rows: Sequence[Invite], brought: Brought | None, names: dict[int, str]) -> InviteCounts:
    first, came = rows[0], brought or Brought()
    return InviteCounts(
        code=code,
        inviter_id=first.inviter_id,
        inviter=names.get(first.inviter_id or 0),
        vanity=first.vanity,
        gone=all(row.gone_at is not None for row in rows),
        uses=sum(row.uses for row in rows),
        joined=came.joined,
        perhaps=came.perhaps,
        kept=came.kept,
    )
