"""Counts reports, cases and appeals of a span of days in SQL, and tells what may be told. One snapshot each time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.models import TimeZoneChange
from bot.community.rules import ALWAYS, Calendar, ZoneChange
from bot.contracts.cases import SANCTIONS, CaseKind
from bot.contracts.moderation import ENOUGH, ModerationFigures
from bot.database import Database
from cogs.conduct.appeals.models import Appeal
from cogs.conduct.appeals.models import Outcome as Answer
from cogs.conduct.cases.models import Case
from cogs.conduct.reports.models import Outcome, Report
from cogs.conduct.transparency.months import beginning
from cogs.conduct.transparency.rules import overturned, part, told


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything as it is, small numbers included: never for a reader.

    ``reports`` by article, ``closed`` by outcome, ``cases`` by kind and whether they were automatic, ``answers`` by
    article as (upheld, overturned). ``sanctions`` were decided by people, ``departures`` of them not as proposed.
    """

    reports: Mapping[int | None, int]
    closed: Mapping[Outcome, int]
    median: timedelta | None
    cases: Mapping[tuple[CaseKind, bool], int]
    sanctions: int
    departures: int
    appeals: int
    answers: Mapping[int | None, tuple[int, int]]


class Figures:
    """``ModerationReader`` of the contracts. ``zone_of`` and ``articles_of`` answer from memory."""

    def __init__(
        self, db: Database, zone_of: Callable[[int], str], articles_of: Callable[[int], Sequence[int]]
    ) -> None:
        self._db = db
        self._zone_of = zone_of
        self._articles_of = articles_of

    async def calendar(self, guild_id: int) -> Calendar:
        """The local days of the server, under the history of its time zones."""
        async with self._db.read() as session:
            return await self._calendar(session, guild_id)

    async def figures(self, guild_id: int, first: date, last: date) -> ModerationFigures:
        """See the contract."""
        return published(await self.counted(guild_id, first, last), first, last, self._articles_of(guild_id))

    async def counted(self, guild_id: int, first: date, last: date) -> Counted:
        """The counts behind the figures."""
        async with self._db.read() as session:
            calendar = await self._calendar(session, guild_id)
            span = (beginning(calendar, first), beginning(calendar, last + timedelta(days=1)))
            closed = await _grouped(session, guild_id, Report, Report.outcome, within(Report.decided_at, span))
            sanctions, departures = await _departures(session, guild_id, span)
            return Counted(
                reports=await _grouped(session, guild_id, Report, Report.article, within(Report.made_at, span)),
                closed=closed,
                median=await self._median(session, guild_id, span, sum(closed.values())),
                cases=await _cases(session, guild_id, span),
                sanctions=sanctions,
                departures=departures,
                appeals=await _appeals(session, guild_id, span),
                answers=await _answers(session, guild_id, span),
            )

    async def _calendar(self, session: AsyncSession, guild_id: int) -> Calendar:
        rows = await session.scalars(select(TimeZoneChange).filter_by(guild_id=guild_id))
        kept = [ZoneChange(row.at, row.zone) for row in rows]
        return Calendar(kept or [ZoneChange(ALWAYS, self._zone_of(guild_id))])

    async def _median(self, session: AsyncSession, guild_id: int, span: "Span", count: int) -> timedelta | None:
        if not count:
            return None
        made, decided = Report.made_at, Report.decided_at
        length: Any = decided - made
        if self._db.dialect == "sqlite":  # which has no lengths of time
            length = func.julianday(decided) - func.julianday(made)
        query = select(made, decided).where(Report.guild_id == guild_id, within(decided, span))
        middle = query.order_by(length).offset((count - 1) // 2).limit(2 - count % 2)
        found = [until - since for since, until in await session.execute(middle) if until is not None]
        return sum(found, timedelta()) / len(found)


Span = tuple[datetime, datetime]


def within(at: Any, span: Span) -> ColumnElement[bool]:
    """From the first instant on, before the second."""
    condition: ColumnElement[bool] = (at >= span[0]) & (at < span[1])
    return condition


def published(counted: Counted, first: date, last: date, articles: Sequence[int]) -> ModerationFigures:
    """What may be told; every article of the code counts as a cell, also where nothing happened."""
    reports = told({None: 0} | dict.fromkeys(articles, 0) | dict(counted.reports))
    resolved = told(dict.fromkeys(Outcome, 0) | dict(counted.closed))
    cases = told(_by_whom(counted.cases))
    upheld, reversed_ = (sum(pair[side] for pair in counted.answers.values()) for side in (0, 1))
    answered = told({Answer.UPHELD: upheld, Answer.OVERTURNED: reversed_})
    return ModerationFigures(
        first=first,
        last=last,
        reports=reports.total,
        by_article=reports.named,
        resolved=resolved.total,
        by_outcome={outcome.value: count for outcome, count in resolved.named.items()},
        median=counted.median if sum(counted.closed.values()) >= ENOUGH else None,
        cases=cases.total,
        by_kind={kind: count for kind, count in cases.named.items() if kind is not None},
        by_filters=cases.named.get(None),
        departures=part(counted.sanctions, counted.departures),
        appeals=counted.appeals if counted.appeals >= ENOUGH else None,
        answered=answered.total,
        by_answer={answer.value: count for answer, count in answered.named.items()},
        overturned=overturned(counted.answers),
    )


def _by_whom(counted: Mapping[tuple[CaseKind, bool], int]) -> Mapping[CaseKind | None, int]:
    """By kind what people decided, and hits; None for sanctions that filters decided."""
    found: dict[CaseKind | None, int] = dict.fromkeys([None, *CaseKind], 0)
    for (kind, automatic), count in counted.items():
        found[None if automatic and kind in SANCTIONS else kind] += count
    return found


async def _grouped(session: AsyncSession, guild_id: int, table: Any, by: Any, *wanted: Any) -> dict[Any, int]:
    query = select(by, func.count()).select_from(table).where(table.guild_id == guild_id, *wanted).group_by(by)
    return dict([*await session.execute(query)])


async def _cases(session: AsyncSession, guild_id: int, span: Span) -> dict[tuple[CaseKind, bool], int]:
    query = select(Case.kind, Case.automatic, func.count()).where(Case.guild_id == guild_id)
    query = query.where(within(Case.created_at, span)).group_by(Case.kind, Case.automatic)
    return {(kind, automatic): count for kind, automatic, count in await session.execute(query)}


async def _departures(session: AsyncSession, guild_id: int, span: Span) -> tuple[int, int]:
    """Sanctions decided by people through the bot, and how many of them were not what was proposed."""
    query = select(func.count(), func.count(Case.proposed)).where(Case.guild_id == guild_id)
    query = query.where(Case.kind.in_(sorted(SANCTIONS)), Case.automatic.is_(False), Case.by_hand.is_(False))
    sanctions, departures = (await session.execute(query.where(within(Case.created_at, span)))).one()
    return sanctions, departures


async def _appeals(session: AsyncSession, guild_id: int, span: Span) -> int:
    query = select(func.count()).select_from(Appeal).where(Appeal.guild_id == guild_id, within(Appeal.made_at, span))
    return await session.scalar(query) or 0


async def _answers(session: AsyncSession, guild_id: int, span: Span) -> dict[int | None, tuple[int, int]]:
    sides = [func.sum(case((Appeal.outcome == answer, 1), else_=0)) for answer in (Answer.UPHELD, Answer.OVERTURNED)]
    query = select(Case.article, *sides).select_from(Appeal).outerjoin(Case, Case.id == Appeal.case_id)
    query = query.where(Appeal.guild_id == guild_id, within(Appeal.decided_at, span)).group_by(Case.article)
    return {article: (int(upheld), int(other)) for article, upheld, other in await session.execute(query)}
