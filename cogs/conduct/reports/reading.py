"""Reports as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.database import Database
from cogs.conduct.reports.models import Outcome, Report
from cogs.conduct.reports.refusals import ReportGone


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as it was read. People are None once they were erased."""

    id: int
    guild_id: int
    reporter_id: int | None
    subject_id: int | None
    article: int | None
    details: str | None
    evidence_id: int | None
    channel_id: int | None
    message_id: int | None
    made_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    outcome: Outcome | None
    case_id: int | None
    told_at: datetime | None


def seen(row: Report) -> ReportView:
    return ReportView(**{name: getattr(row, name) for name in ReportView.__slots__})


class ReportReader:
    """Queries; each is a snapshot of its own."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, guild_id: int, report_id: int) -> ReportView:
        """Raises ReportGone."""
        async with self._db.read() as session:
            row = await session.get(Report, report_id)
        if row is None or row.guild_id != guild_id:
            raise ReportGone
        return seen(row)

    async def by_id(self, report_id: int) -> ReportView | None:
        """The report of a timer or of a button in private messages; None when it is gone."""
        async with self._db.read() as session:
            row = await session.get(Report, report_id)
        return None if row is None else seen(row)

    async def about(self, guild_id: int, user_id: int) -> Sequence[ReportView]:
        """Reports about a member, newest first."""
        query = select(Report).filter_by(guild_id=guild_id, subject_id=user_id).order_by(Report.id.desc())
        async with self._db.read() as session:
            return [seen(row) for row in await session.scalars(query)]

    async def untold(self, guild_id: int) -> Sequence[int]:
        """Closed reports whose reporter is still to be told."""
        query = select(Report.id).where(Report.guild_id == guild_id, Report.decided_at.is_not(None))
        async with self._db.read() as session:
            return list(await session.scalars(query.where(Report.told_at.is_(None)).order_by(Report.id)))
