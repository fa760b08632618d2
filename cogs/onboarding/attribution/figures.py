"""Reads what the attribution knows: of one member, and per invite, per inviter and per week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot.clock import Clock, now
from bot.community.models import Member
from bot.database import Database
from cogs.onboarding.attribution.models import Arrival, Invite, InviteWeek

STAYS = (7, 30)
"""Days after which it is asked whether somebody is still here."""


@dataclass(frozen=True, slots=True)
class Origin:
    """By which invite a member came. ``code`` is certain; else ``candidates`` may have brought them, or none did."""

    joined_at: datetime
    settled: bool
    code: str | None
    inviter_id: int | None
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Of those who came ``days`` ago or earlier: how many they are, and how many stayed that long."""

    days: int
    came: int
    stayed: int


@dataclass(frozen=True, slots=True)
class InviteFigures:
    """An invite, or everything one person made (then ``code`` is None)."""

    code: str | None
    inviter_id: int | None
    inviter: str | None
    """The inviter's name as last seen."""
    vanity: bool
    gone: bool
    uses: int
    """Exact, as Discord counted them."""
    joined: int
    """Those who came by it for certain."""
    perhaps: int
    """Those who may have come by it or by another."""
    kept: tuple[Kept, ...]
    """Of those who came for certain."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Everybody who joined: by a known invite, by one of several, by none that was counted, and not looked at yet."""

    certain: int
    ambiguous: int
    unknown: int
    waiting: int


class InviteReader:
    """The one service that answers questions about invites."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock

    async def origin(self, guild_id: int, user_id: int) -> Origin | None:
        """Of a member's present or last stay; None when nothing was noted."""
        query = select(Arrival).filter_by(guild_id=guild_id, user_id=user_id).order_by(Arrival.joined_at.desc())
        async with self._db.read() as session:
            row = await session.scalar(query.limit(1))
        if row is None:
            return None
        candidates = tuple(str(code) for code in row.candidates)
        return Origin(row.joined_at, row.settled_at is not None, row.code, row.inviter_id, candidates)

    async def by_code(self, guild_id: int, since: datetime | None = None) -> Sequence[InviteFigures]:
        """Every invite that is there or was used, most used first; arrivals from ``since`` on. Uses are of all time."""
        invites, names, arrivals = await self._read(guild_id, since)
        brought = _by_code(arrivals)
        shown = [row for row in invites if row.gone_at is None or row.uses]
        found = [self._figures(row.code, [row], brought, names) for row in shown]
        return sorted(found, key=lambda one: (-one.uses, one.code or ""))

    async def by_inviter(self, guild_id: int, since: datetime | None = None) -> Sequence[InviteFigures]:
        """The same for everything one person made, most used first. Vanity addresses belong to nobody."""
        invites, names, arrivals = await self._read(guild_id, since)
        brought = _by_code(arrivals)
        theirs: dict[int, list[Invite]] = {}
        for row in invites:
            if row.inviter_id is not None and not row.vanity:
                theirs.setdefault(row.inviter_id, []).append(row)
        found = [self._figures(None, rows, brought, names) for rows in theirs.values()]
        return sorted(found, key=lambda one: (-one.uses, one.inviter_id or 0))

    async def by_week(self, guild_id: int, since: date) -> dict[date, dict[str, int]]:
        """Week (its local Monday) → code → uses, from the week of ``since`` on."""
        query = select(InviteWeek).where(InviteWeek.guild_id == guild_id, InviteWeek.week > since - timedelta(days=7))
        found: dict[date, dict[str, int]] = {}
        async with self._db.read() as session:
            for row in await session.scalars(query.order_by(InviteWeek.week, InviteWeek.code)):
                found.setdefault(row.week, {})[row.code] = row.uses
        return found

    async def totals(self, guild_id: int, since: datetime | None = None) -> Totals:
        """How much is known about those who joined from ``since`` on."""
        _, _, arrivals = await self._read(guild_id, since)
        settled = [one for one in arrivals if one.settled_at is not None]
        certain = sum(one.code is not None for one in settled)
        ambiguous = sum(one.code is None and bool(one.candidates) for one in settled)
        return Totals(certain, ambiguous, len(settled) - certain - ambiguous, len(arrivals) - len(settled))

    async def _read(self, guild_id: int, since: datetime | None) -> tuple[list[Invite], dict[int, str], list[Arrival]]:
        stays = select(Arrival).filter_by(guild_id=guild_id)
        if since is not None:
            stays = stays.where(Arrival.joined_at >= since)
        makers = select(Invite.inviter_id).filter_by(guild_id=guild_id)
        named = select(Member.user_id, Member.display_name).where(
            Member.guild_id == guild_id, Member.user_id.in_(makers)
        )
        async with self._db.read() as session:
            invites = list(await session.scalars(select(Invite).filter_by(guild_id=guild_id)))
            names = {row.user_id: row.display_name for row in await session.execute(named)}
            return invites, names, list(await session.scalars(stays))

    def _figures(
        self, code: str | None, rows: Sequence[Invite], brought: "Brought", names: dict[int, str]
    ) -> InviteFigures:
        first = rows[0]
        theirs = {(one.user_id, one.joined_at): one for row in rows for one in brought.get(row.code, ())}
        sure = [one for one in theirs.values() if one.code is not None]
        return InviteFigures(
            code=code,
            inviter_id=first.inviter_id,
            inviter=names.get(first.inviter_id or 0),
            vanity=first.vanity,
            gone=all(row.gone_at is not None for row in rows),
            uses=sum(row.uses for row in rows),
            joined=len(sure),
            perhaps=len(theirs) - len(sure),
            kept=tuple(self._kept(sure, days) for days in STAYS),
        )

    def _kept(self, arrivals: Sequence[Arrival], days: int) -> Kept:
        span = timedelta(days=days)
        old = [one for one in arrivals if one.joined_at + span <= self._clock()]
        stayed = sum(one.left_at is None or one.left_at >= one.joined_at + span for one in old)
        return Kept(days, len(old), stayed)


Brought = dict[str, list[Arrival]]


def _by_code(arrivals: Sequence[Arrival]) -> Brought:
    """Who came by each invite, or may have."""
    found: Brought = {}
    for one in arrivals:
        for code in [one.code] if one.code is not None else one.candidates:
            found.setdefault(code, []).append(one)
    return found
