"""Cases as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, now
from bot.contracts.cases import SANCTIONS, CaseKind
from bot.contracts.conduct import Severity
from bot.database import Database
from bot.guilds.service import GuildSettings
from bot.privacy import hashed
from bot.privacy.erasures import salt_of
from cogs.conduct.cases.models import Case, CaseChange, Measure, Notice
from cogs.conduct.cases.refusals import CaseGone
from cogs.conduct.cases.rules import ENDED, ONCE, State, Step, Weighed, points_at, proposed, state_at
from cogs.conduct.settings import ConductSettings

PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it was read. ``user_id`` is negative when the member was erased."""

    id: int
    guild_id: int
    number: int
    kind: CaseKind
    user_id: int
    moderator_id: int | None
    automatic: bool
    by_hand: bool
    article: int | None
    severity: Severity | None
    points: int
    reason: str
    created_at: datetime
    until: datetime | None
    expires_at: datetime | None
    state: State
    ended_at: datetime | None
    ended_by: int | None
    lifted_at: datetime | None
    lifted_by: int | None
    delete_seconds: int
    notice: Notice
    noticed_at: datetime | None
    notice_tried_at: datetime | None
    notice_channel_id: int | None
    notice_message_id: int | None
    done_at: datetime | None
    proposed: str | None
    departure: str | None
    follows: int | None

    def in_force(self, at: datetime) -> bool:
        """Whether its timeout or ban is to stand on Discord at that instant, unless a newer one decides."""
        over = self.until is not None and self.until <= at
        return self.kind in (CaseKind.TIMEOUT, CaseKind.BAN) and not over and not self.undone

    @property
    def undone(self) -> bool:
        """Lifted, voided or overturned."""
        return self.lifted_at is not None or self.state in ENDED


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a case's history."""

    at: datetime
    by: int | None
    what: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A timeout or ban as it is to be on Discord."""

    id: int
    guild_id: int
    user_id: int
    kind: str
    case_id: int
    in_force: bool
    until: datetime | None
    owed: bool
    revision: int


def seen(case: Case, at: datetime) -> CaseView:
    """The row as of an instant: a case whose time is up has expired."""
    values = {name: getattr(case, name) for name in CaseView.__slots__}
    return CaseView(**values | {"state": state_at(case.state, case.expires_at, at)})


def measure_seen(row: Measure) -> MeasureView:
    return MeasureView(**{name: getattr(row, name) for name in MeasureView.__slots__})


def weighed(case: Case | CaseView) -> Weighed:
    """The case as the ladder sees it."""
    return Weighed(case.kind, case.points, case.noticed_at, case.expires_at, case.state in ENDED)


async def names_of(session: AsyncSession, user_id: int) -> tuple[int, ...]:
    """Under which numbers a person may stand in the tables: their id, and the hash of an erasure."""
    salt = await salt_of(session)
    return (user_id,) if salt is None or user_id < 0 else (user_id, hashed(salt, user_id))


class CaseReader:
    """Queries; each is a snapshot of its own."""

    def __init__(self, db: Database, settings: GuildSettings, clock: Clock = now) -> None:
        self._db = db
        self._settings = settings
        self._clock = clock

    async def case(self, guild_id: int, number: int) -> CaseView:
        """Raises CaseGone, also for a number of another server."""
        async with self._db.read() as session:
            row = await session.scalar(select(Case).filter_by(guild_id=guild_id, number=number))
        if row is None:
            raise CaseGone
        return seen(row, self._clock())

    async def by_id(self, case_id: int) -> CaseView | None:
        """The case of a timer or a button; None when it is gone."""
        async with self._db.read() as session:
            row = await session.get(Case, case_id)
        return None if row is None else seen(row, self._clock())

    async def of_member(self, guild_id: int, user_id: int) -> Sequence[CaseView]:
        """Every case of a member, newest first; those from before an erasure included."""
        async with self._db.read() as session:
            mine = Case.user_id.in_(await names_of(session, user_id))
            query = select(Case).where(Case.guild_id == guild_id, mine).order_by(Case.id.desc())
            return [seen(row, self._clock()) for row in await session.scalars(query)]

    async def page(
        self,
        guild_id: int,
        page: int,
        *,
        user_id: int | None = None,
        moderator_id: int | None = None,
        article: int | None = None,
        kind: CaseKind | None = None,
    ) -> tuple[Sequence[CaseView], int]:
        """Cases of a page (from 0), newest first, and how many there are in all."""
        async with self._db.read() as session:
            wanted: list[ColumnElement[bool]] = [Case.guild_id == guild_id]
            if user_id is not None:
                wanted.append(Case.user_id.in_(await names_of(session, user_id)))
            for column, value in ((Case.moderator_id, moderator_id), (Case.article, article), (Case.kind, kind)):
                if value is not None:
                    wanted.append(column == value)
            total = await session.scalar(select(func.count()).select_from(Case).where(*wanted)) or 0
            query = select(Case).where(*wanted).order_by(Case.number.desc())
            rows = await session.scalars(query.offset(page * PER_PAGE).limit(PER_PAGE))
            return [seen(row, self._clock()) for row in rows], total

    async def history(self, case: CaseView) -> Sequence[Change]:
        """What was changed, oldest first."""
        query = select(CaseChange).filter_by(guild_id=case.guild_id, case_id=case.id).order_by(CaseChange.id)
        async with self._db.read() as session:
            return [Change(row.at, row.by, row.what, row.before, row.after) for row in await session.scalars(query)]

    async def next_steps(self, case: CaseView) -> Sequence[CaseView]:
        """What was done as the next step after this warning, what was undone since included; oldest first."""
        query = select(Case).filter_by(guild_id=case.guild_id, follows=case.id).order_by(Case.id)
        async with self._db.read() as session:
            return [seen(row, self._clock()) for row in await session.scalars(query)]

    async def points(self, guild_id: int, user_id: int) -> int:
        """What counts in the ladder now."""
        return points_at(map(weighed, await self.of_member(guild_id, user_id)), self._clock())

    async def proposal(self, guild_id: int, user_id: int, severity: Severity) -> Step:
        """The step that the ladder proposes for a new breach of that severity."""
        cases = map(weighed, await self.of_member(guild_id, user_id))
        return proposed(cases, severity, self._settings.get(guild_id, ConductSettings).rungs(), self._clock())

    async def similar(self, guild_id: int, article: int, limit: int = 20) -> Sequence[CaseView]:
        """The newest sanctions under an article that stand, whoever got them: what proportionality compares with."""
        query = (
            select(Case)
            .where(Case.guild_id == guild_id, Case.article == article, Case.kind.in_(sorted(SANCTIONS)))
            .where(Case.state.not_in(sorted(ENDED)), Case.automatic.is_(False))
            .order_by(Case.id.desc())
            .limit(limit)
        )
        async with self._db.read() as session:
            return [seen(row, self._clock()) for row in await session.scalars(query)]

    async def measure(self, measure_id: int) -> MeasureView | None:
        async with self._db.read() as session:
            row = await session.get(Measure, measure_id)
            return None if row is None else measure_seen(row)

    async def measure_and_case(self, measure_id: int) -> tuple[MeasureView, CaseView | None] | None:
        """A measure with the case that decides it; None when it is gone."""
        query = select(Measure, Case).outerjoin(Case, Case.id == Measure.case_id).where(Measure.id == measure_id)
        async with self._db.read() as session:
            found = (await session.execute(query)).one_or_none()
        if found is None:
            return None
        measure, case = found
        return measure_seen(measure), None if case is None else seen(case, self._clock())

    async def measures(self, guild_id: int, *, user_id: int | None = None) -> Sequence[MeasureView]:
        """What is in force or still owed in a server, or of one member."""
        async with self._db.read() as session:
            live = or_(Measure.in_force, Measure.owed)
            query = select(Measure).where(Measure.guild_id == guild_id, live).order_by(Measure.id)
            if user_id is not None:
                query = query.where(Measure.user_id.in_(await names_of(session, user_id)))
            return [measure_seen(row) for row in await session.scalars(query)]

    async def untold(self, guild_id: int) -> Sequence[CaseView]:
        """Cases whose effects were begun and perhaps not finished: a notice, a kick or an unban is owed."""
        unfinished = or_(Case.notice == Notice.OWED, Case.kind.in_(sorted(ONCE)) & Case.done_at.is_(None))
        query = select(Case).where(Case.guild_id == guild_id, unfinished, Case.by_hand.is_(False)).order_by(Case.id)
        async with self._db.read() as session:
            return [seen(row, self._clock()) for row in await session.scalars(query)]
