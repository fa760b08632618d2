"""Reads records a page at a time: a server may have ten thousand cases. Each public method is one snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, now
from bot.contracts.cases import SANCTIONS
from bot.database import Database
from cogs.conduct.appeals.models import Appeal
from cogs.conduct.appeals.models import Outcome as AppealOutcome
from cogs.conduct.cases.models import Case, Measure, MeasureKind
from cogs.conduct.cases.reading import CaseView, names_of, seen
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.record.rules import OWN_PER_PAGE, PER_PAGE, What, page_within
from cogs.conduct.reports.models import Outcome as ReportOutcome
from cogs.conduct.reports.models import Report


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A report about the member. Who reported it is for the report's own page to show."""

    id: int
    at: datetime
    article: int | None
    details: str | None
    outcome: ReportOutcome | None


@dataclass(frozen=True, slots=True)
class AppealEntry:
    """An appeal of the member; ``number`` is its case's."""

    id: int
    at: datetime
    number: int | None
    decided_at: datetime | None
    decided_by: int | None
    outcome: AppealOutcome | None


Entry = CaseView | ReportEntry | AppealEntry


@dataclass(frozen=True, slots=True)
class Points:
    """What counts in the ladder now, when the first of it expires, and the last; None where nothing counts."""

    total: int = 0
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """A timeout or ban that stands. ``until`` is None without an end; ``number`` is the case's that decides."""

    kind: MeasureKind
    until: datetime | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page (from 0) of a record, newest first; ``total`` entries in all."""

    entries: Sequence[Entry]
    page: int
    total: int
    points: Points
    in_force: Sequence[InForce]


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """One page (from 0) of a member's own sanctions, newest first; ``total`` in all."""

    cases: Sequence[CaseView]
    page: int
    total: int
    points: Points


class Records:
    """Who may read what is for the caller to say, but for one thing: nobody reads reports about themselves."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock

    async def timeline(self, guild_id: int, user_id: int, viewer_id: int, page: int = 0) -> Timeline:
        """A page of everything about a member, what is kept under an erased name's hash included.

        The last page for one beyond it. Reports are left out when the viewer is whom they are about.
        """
        async with self._db.read() as session:
            names = await names_of(session, user_id)
            known = union_all(*_parts(guild_id, user_id, names, reports=viewer_id != user_id)).subquery()
            total = await session.scalar(select(func.count()).select_from(known)) or 0
            page = page_within(page, total, PER_PAGE)
            query = select(known.c.what, known.c.id).order_by(known.c.at.desc(), known.c.what, known.c.id.desc())
            found = [(What(what), id_) for what, id_ in await session.execute(_cut(query, page, PER_PAGE))]
            entries = await self._loaded(session, found)
            points = await self._points(session, guild_id, names)
            return Timeline(entries, page, total, points, await self._in_force(session, guild_id, names))

    async def own(self, guild_id: int, user_id: int, page: int = 0) -> OwnRecord:
        """A page of a member's sanctions: neither notes nor hits of filters, of which they were told nothing."""
        async with self._db.read() as session:
            names = await names_of(session, user_id)
            mine = (Case.guild_id == guild_id, Case.user_id.in_(names), Case.kind.in_(sorted(SANCTIONS)))
            total = await session.scalar(select(func.count()).select_from(Case).where(*mine)) or 0
            page = page_within(page, total, OWN_PER_PAGE)
            query = select(Case).where(*mine).order_by(Case.created_at.desc(), Case.id.desc())
            cases = [seen(row, self._clock()) for row in await session.scalars(_cut(query, page, OWN_PER_PAGE))]
            return OwnRecord(cases, page, total, await self._points(session, guild_id, names))

    async def _loaded(self, session: AsyncSession, found: Sequence[tuple[What, int]]) -> Sequence[Entry]:
        """The entries themselves, in the same order."""
        wanted = {what: [id_ for one, id_ in found if one is what] for what in What}
        loaded: dict[tuple[What, int], Entry] = {}
        for case in await session.scalars(select(Case).where(Case.id.in_(wanted[What.CASE]))):
            loaded[What.CASE, case.id] = seen(case, self._clock())
        for report in await session.scalars(select(Report).where(Report.id.in_(wanted[What.REPORT]))):
            entry = ReportEntry(report.id, report.made_at, report.article, report.details, report.outcome)
            loaded[What.REPORT, report.id] = entry
        query = select(Appeal, Case.number).outerjoin(Case, Case.id == Appeal.case_id)
        for appeal, number in await session.execute(query.where(Appeal.id.in_(wanted[What.APPEAL]))):
            decided = (appeal.decided_at, appeal.decided_by, appeal.outcome)
            loaded[What.APPEAL, appeal.id] = AppealEntry(appeal.id, appeal.made_at, number, *decided)
        return [loaded[one] for one in found]

    async def _points(self, session: AsyncSession, guild_id: int, names: Sequence[int]) -> Points:
        """As ``cases.rules.points_at`` counts them."""
        query = select(func.sum(Case.points), func.min(Case.expires_at), func.max(Case.expires_at))
        query = query.where(Case.guild_id == guild_id, Case.user_id.in_(names), *_counting(self._clock()))
        total, first, last = (await session.execute(query)).one()
        return Points(int(total or 0), first, last)

    async def _in_force(self, session: AsyncSession, guild_id: int, names: Sequence[int]) -> Sequence[InForce]:
        query = select(Measure.kind, Measure.until, Case.number).outerjoin(Case, Case.id == Measure.case_id)
        query = query.where(Measure.guild_id == guild_id, Measure.user_id.in_(names), Measure.in_force)
        unended = or_(Measure.until.is_(None), Measure.until > self._clock())
        return [InForce(*row) for row in await session.execute(query.where(unended).order_by(Measure.id))]


def _parts(guild_id: int, user_id: int, names: Sequence[int], *, reports: bool) -> Sequence[Select[Any]]:
    def part(what: What, table: Any, at: Any, *wanted: ColumnElement[bool]) -> Select[Any]:
        columns = (literal(what.value).label("what"), table.id.label("id"), at.label("at"))
        return select(*columns).where(table.guild_id == guild_id, *wanted)

    parts = [
        part(What.CASE, Case, Case.created_at, Case.user_id.in_(names)),
        part(What.APPEAL, Appeal, Appeal.made_at, Appeal.user_id.in_(names)),
    ]
    if reports:
        parts.append(part(What.REPORT, Report, Report.made_at, Report.subject_id == user_id))
    return parts


def _counting(at: datetime) -> Sequence[ColumnElement[bool]]:
    """Cases that have points at that instant."""
    return (
        Case.kind.in_(sorted(SANCTIONS)),
        Case.points > 0,
        Case.state.not_in(sorted(ENDED)),
        Case.noticed_at <= at,
        or_(Case.expires_at.is_(None), Case.expires_at > at),
    )


def _cut(query: Select[Any], page: int, per_page: int) -> Select[Any]:
    return query.offset(page * per_page).limit(per_page)
