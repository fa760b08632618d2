"""Reports are made by members, closed by the team, and answered. Each public method is one transaction."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, delete, func, select

from bot.clock import Clock, now
from bot.community.facts import Facts
from bot.contracts.cases import SanctionOverturned
from bot.contracts.inbox import InboxKind, Link
from bot.database import Database, Transaction
from bot.i18n.marks import N_
from bot.inbox import Inbox
from bot.timers import Timers
from cogs.conduct.cases.models import Case
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.evidence.service import EvidenceRoom, Snapshot
from cogs.conduct.reports.events import ReportClosed
from cogs.conduct.reports.models import Outcome, Report
from cogs.conduct.reports.reading import ReportReader, ReportView, seen
from cogs.conduct.reports.refusals import (
    AlreadyClosed,
    ConcernsYou,
    OfYourself,
    ReportGone,
    TooManyReports,
    TooShort,
)

TELL = "conduct:reported"
"""Kind of the timer that tells the reporter what became of it; its payload is the report's number."""
SHORTEST, LONGEST = 10, 1500
"""Characters of the details."""
OPEN_AT_ONCE = 10
"""Open reports of one member."""
KEPT = timedelta(days=365)
UPHELD = "report_upheld"
"""The fact that is recorded, for figures only."""
RIGHT = frozenset({Outcome.SANCTIONED, Outcome.UPHELD})
DAY_SECONDS = 86400.0
REPORT = InboxKind(
    name="conduct.report",
    label=N_("Reports"),
    title=N_("Report about {member}"),
    hint=N_("Read it, decide, and say how it ended: whoever reported it is told the outcome, and nothing else."),
    urgent_after=timedelta(hours=12),
    personal=True,
    by_hand=False,
)


@dataclass(frozen=True, slots=True)
class NewReport:
    """What a member tells. ``source`` is unique in the server: the same click makes one report."""

    guild_id: int
    reporter_id: int
    subject_id: int
    source: str
    details: str
    article: int | None = None
    message: Snapshot | None = None


class Reports:
    """``read`` has the queries. Who is on the team is for the caller to say.

    Reporting earns nothing; that it was upheld is only counted.
    """

    def __init__(
        self, db: Database, evidence: EvidenceRoom, inbox: Inbox, facts: Facts, timers: Timers, clock: Clock = now
    ) -> None:
        self._db = db
        self.read = ReportReader(db)
        self._evidence = evidence
        self._inbox = inbox
        self._facts = facts
        self._timers = timers
        self._clock = clock
        timers.every("conduct:reports", DAY_SECONDS, self.forget)

    async def make(self, new: NewReport) -> ReportView:
        """Put it before the team, with the message as it is now; the report there is when the source was known,
        or when this member has reported this message already and it is still open.

        Raises OfYourself, TooShort (without a message) or TooManyReports.
        """
        if new.reporter_id == new.subject_id:
            raise OfYourself
        if new.message is None and len(new.details.strip()) < SHORTEST:
            raise TooShort

        async def work(tx: Transaction) -> ReportView:
            query = select(Report).filter_by(guild_id=new.guild_id)
            if known := await tx.session.scalar(query.filter_by(source=new.source)):
                return seen(known)
            if new.message is not None:
                same = query.filter_by(reporter_id=new.reporter_id, message_id=new.message.message_id, decided_at=None)
                if open_already := await tx.session.scalar(same.order_by(Report.id).limit(1)):
                    return seen(open_already)
            mine = select(func.count()).select_from(Report).filter_by(guild_id=new.guild_id, decided_at=None)
            if (await tx.session.scalar(mine.filter_by(reporter_id=new.reporter_id)) or 0) >= OPEN_AT_ONCE:
                raise TooManyReports
            values = {
                "reporter_id": new.reporter_id,
                "subject_id": new.subject_id,
                "article": new.article,
                "details": new.details.strip(),
                "made_at": self._clock(),
            }
            await tx.ensure(Report, guild_id=new.guild_id, source=new.source, **values)
            row = (await tx.session.scalars(query.filter_by(source=new.source).with_for_update())).one()
            link = None
            if new.message is not None:
                row.channel_id, row.message_id = new.message.channel_id, new.message.message_id
                taken = f"report:{row.id}"
                row.evidence_id = await self._evidence.take(tx, new.guild_id, taken, new.message, new.reporter_id)
                link = Link(new.message.channel_id, new.message.message_id)
            await self._inbox.add(tx, new.guild_id, REPORT, str(row.id), subject=new.subject_id, link=link)
            await tx.session.flush()
            return seen(row)

        return await self._db.transaction(work)

    async def close(self, guild_id: int, report_id: int, by: int, outcome: Outcome) -> ReportView:
        """The team says how it ended, once. Raises ReportGone, AlreadyClosed or ConcernsYou."""
        return await self._db.transaction(lambda tx: self.close_in(tx, guild_id, report_id, by, outcome))

    async def close_in(
        self,
        tx: Transaction,
        guild_id: int,
        report_id: int,
        by: int,
        outcome: Outcome,
        case_id: int | None = None,
    ) -> ReportView:
        """The same in the caller's transaction; the evidence goes with the case, when one was made."""
        row = await tx.session.get(Report, report_id, with_for_update=True, populate_existing=True)
        if row is None or row.guild_id != guild_id:
            raise ReportGone
        if row.subject_id == by:
            raise ConcernsYou
        if row.decided_at is not None:
            raise AlreadyClosed
        row.decided_at, row.decided_by, row.outcome, row.case_id = self._clock(), by, outcome, case_id
        if row.evidence_id is not None and case_id is not None:
            await self._evidence.attach(tx, row.evidence_id, case_id)
        elif row.evidence_id is not None:
            await self._evidence.release(tx, row.evidence_id)
        await self._inbox.done(tx, guild_id, REPORT, str(row.id), by, outcome.value)
        if outcome in RIGHT and row.reporter_id is not None:
            await self._facts.record(tx, guild_id, row.reporter_id, UPHELD, f"report:{row.id}", self._clock())
        await self._promise(tx, guild_id, row.id)
        await tx.session.flush()
        await tx.emit(ReportClosed(guild_id, row.id))
        return seen(row)

    async def on_overturned(self, event: SanctionOverturned, tx: Transaction) -> None:
        """The case was undone, in this transaction: what it was made of counts for nothing in any figure, and what
        the reporter was told is corrected."""
        query = select(Report).filter_by(guild_id=event.guild_id, case_id=event.case_id).order_by(Report.id)
        for row in list(await tx.session.scalars(query.with_for_update())):
            if row.reporter_id is not None:
                await self._facts.revoke(tx, event.guild_id, row.reporter_id, UPHELD, f"report:{row.id}")
                row.told_at = None
                await self._promise(tx, event.guild_id, row.id)

    async def told(self, report: ReportView, *, undone: bool) -> None:
        """The reporter was told, or cannot be, what became of the report as it was read; ``undone``: that its case no
        longer stands. When something else became of it meanwhile, they are still to be told that."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Report, report.id, with_for_update=True, populate_existing=True)
            if row is None or row.case_id != report.case_id:
                return
            state = await tx.session.scalar(select(Case.state).filter_by(id=row.case_id))
            if (state in ENDED) is undone:
                row.told_at = row.told_at or self._clock()

        await self._db.transaction(work)

    async def again(self, guild_id: int, report_id: int) -> None:
        """Promise anew that the reporter is told."""
        await self._db.transaction(lambda tx: self._promise(tx, guild_id, report_id))

    async def _promise(self, tx: Transaction, guild_id: int, report_id: int) -> None:
        key, payload = f"{TELL}:{report_id}", {"report": report_id}
        await self._timers.schedule(tx, kind=TELL, key=key, due_at=self._clock(), guild_id=guild_id, payload=payload)

    async def acted_in(self, tx: Transaction, guild_id: int, message_id: int, by: int, case_id: int) -> None:
        """In the transaction that makes a case about a message: every open report of it was right, and so was every
        one whose case was undone since."""
        for row in list(await tx.session.scalars(_open_of(guild_id, message_id))):
            if row.subject_id != by:
                await self.close_in(tx, guild_id, row.id, by, Outcome.SANCTIONED, case_id)
        for row in list(await tx.session.scalars(_undone_of(guild_id, message_id).with_for_update(of=Report))):
            if row.subject_id != by:
                await self._follow(tx, row, case_id)

    async def _follow(self, tx: Transaction, row: Report, case_id: int) -> None:
        """From now on this case came of it. When it was first decided stays: figures of past months rest on it."""
        row.case_id, row.told_at = case_id, None
        if row.evidence_id is not None:
            await self._evidence.attach(tx, row.evidence_id, case_id)
        if row.reporter_id is not None:
            await self._facts.record(tx, row.guild_id, row.reporter_id, UPHELD, f"report:{row.id}", self._clock())
        await self._promise(tx, row.guild_id, row.id)
        await tx.session.flush()
        await tx.emit(ReportClosed(row.guild_id, row.id))

    async def forget(self) -> None:
        """Delete what was closed long ago."""
        old = self._clock() - KEPT
        await self._db.transaction(lambda tx: tx.session.execute(delete(Report).where(Report.decided_at < old)))


def _open_of(guild_id: int, message_id: int) -> Select[Report]:
    return select(Report).filter_by(guild_id=guild_id, message_id=message_id, decided_at=None).order_by(Report.id)


def _undone_of(guild_id: int, message_id: int) -> Select[Report]:
    query = select(Report).join(Case, Case.id == Report.case_id).where(Case.state.in_(sorted(ENDED)))
    query = query.where(Report.guild_id == guild_id, Report.message_id == message_id)
    return query.order_by(Report.id).execution_options(populate_existing=True)
