"""Open panels, and what their decisions entail. Each public method is one transaction unless it takes one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, select, update

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.timers import Timers
from cogs.conduct.cases.models import Case, Draft
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.deciding.decisions import Decision
from cogs.conduct.deciding.refusals import DraftGone
from cogs.conduct.deciding.sanctions import Sanction
from cogs.conduct.deciding.service import KEPT_FOR, Deciding
from cogs.conduct.evidence.models import Evidence
from cogs.conduct.evidence.service import EvidenceRoom, Snapshot
from cogs.conduct.moderate.models import Panel
from cogs.conduct.moderate.refusals import AlreadyActed
from cogs.conduct.reports.models import Outcome, Report
from cogs.conduct.reports.reading import ReportView
from cogs.conduct.reports.refusals import AlreadyClosed
from cogs.conduct.reports.service import Reports

DELETE = "conduct:delete"
"""Kind of the timer that deletes a message; its payload has the numbers of the channel and the message."""
LOOKED_EVERY = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A panel as it was read: what was chosen so far. ``step`` is None while the proposal is followed."""

    draft_id: int
    decision: Decision
    evidence_id: int | None
    report_id: int | None
    channel_id: int | None
    message_id: int | None
    step: Sanction | None
    delete_message: bool


class Panels:
    """A panel belongs to the moderator who opened it, for a day, through restarts."""

    def __init__(
        self,
        db: Database,
        deciding: Deciding,
        evidence: EvidenceRoom,
        reports: Reports,
        timers: Timers,
        clock: Clock = now,
    ) -> None:
        self._db = db
        self._deciding = deciding
        self._evidence = evidence
        self._reports = reports
        self._timers = timers
        self._clock = clock
        deciding.recording.append(self.on_recorded)
        timers.every("conduct:panels", LOOKED_EVERY, self.prune)

    async def open(
        self, decision: Decision, source: str, *, shot: Snapshot | None = None, report: ReportView | None = None
    ) -> int:
        """Begin a decision about a member, a message of theirs or a report; the number of its draft.

        The message is kept for a day, and longer only when a case comes of it.
        """

        async def work(tx: Transaction) -> int:
            draft_id = await self._deciding.keep_in(tx, decision)
            panel = Panel(draft_id=draft_id, guild_id=decision.guild_id)
            if report is not None:
                panel.report_id, panel.evidence_id = report.id, report.evidence_id
                panel.channel_id, panel.message_id = report.channel_id, report.message_id
            if shot is not None:
                panel.channel_id, panel.message_id = shot.channel_id, shot.message_id
                by, taken = decision.moderator_id, f"panel:{source}"
                panel.evidence_id = await self._evidence.take(tx, decision.guild_id, taken, shot, by, keep=KEPT_FOR)
            tx.session.add(panel)
            return draft_id

        return await self._db.transaction(work)

    async def get(self, guild_id: int, draft_id: int, moderator_id: int) -> Sheet:
        """Raises DraftGone or NotYourDraft."""
        decision = await self._deciding.draft(guild_id, draft_id, moderator_id)
        async with self._db.read() as session:
            panel = await session.get(Panel, draft_id)
        if panel is None:
            raise DraftGone
        step = Sanction.parse(panel.step) if panel.step else None
        names = ("evidence_id", "report_id", "channel_id", "message_id", "delete_message")
        return Sheet(draft_id=draft_id, decision=decision, step=step, **{one: getattr(panel, one) for one in names})

    async def choose(self, draft_id: int, **values: Any) -> None:
        """Note columns of the panel (``step``, ``delete_message``) or of its draft."""
        mine = {name: values.pop(name) for name in ("step", "delete_message") if name in values}

        async def work(tx: Transaction) -> None:
            if mine:
                await tx.session.execute(update(Panel).filter_by(draft_id=draft_id).values(**mine))
            if values:
                await tx.session.execute(update(Draft).filter_by(id=draft_id).values(**values))

        await self._db.transaction(work)

    async def close(self, sheet: Sheet) -> None:
        """Nothing comes of it: what was kept for it goes."""

        async def work(tx: Transaction) -> None:
            await tx.session.execute(delete(Draft).filter_by(id=sheet.draft_id))
            await tx.session.execute(delete(Panel).filter_by(draft_id=sheet.draft_id))
            if sheet.evidence_id is not None and sheet.report_id is None:
                await self._evidence.drop(tx, sheet.evidence_id)

        await self._db.transaction(work)

    async def acted(self, guild_id: int, message_id: int | None) -> int | None:
        """The number of a case that was made about the message and stands; None when there is none."""
        if message_id is None:
            return None
        async with self._db.read() as session:
            return await session.scalar(_cases_about(guild_id, message_id))

    async def on_recorded(self, tx: Transaction, case: CaseView, source: str) -> None:
        """In the transaction that makes the case: its evidence, the reports that led to it, and the message.

        Raises AlreadyActed, or AlreadyClosed when somebody else has decided about the report meanwhile.
        """
        what, _, number = source.partition(":")
        panel = await tx.session.get(Panel, int(number)) if what == "draft" and number.isdecimal() else None
        if panel is None or panel.guild_id != case.guild_id:
            return
        by = case.moderator_id or 0
        if panel.message_id is not None:
            query = _cases_about(panel.guild_id, panel.message_id).where(Case.id != case.id)
            if (other := await tx.session.scalar(query)) is not None:
                raise AlreadyActed(other)
        if panel.report_id is not None:
            await self._close(tx, panel.report_id, case, by)
        if panel.evidence_id is not None:
            await self._evidence.attach(tx, panel.evidence_id, case.id)
        if panel.message_id is not None:
            await self._reports.acted_in(tx, panel.guild_id, panel.message_id, by, case.id)
        if panel.delete_message and panel.message_id is not None:
            await self._timers.schedule(
                tx,
                kind=DELETE,
                key=f"{DELETE}:{panel.message_id}",
                due_at=self._clock(),
                guild_id=panel.guild_id,
                payload={"channel": panel.channel_id, "message": panel.message_id},
            )

    async def _close(self, tx: Transaction, report_id: int, case: CaseView, by: int) -> None:
        report = await tx.session.get(Report, report_id, with_for_update=True, populate_existing=True)
        if report is None or report.case_id == case.id:
            return
        if report.decided_at is not None:
            raise AlreadyClosed
        await self._reports.close_in(tx, case.guild_id, report_id, by, Outcome.SANCTIONED, case.id)

    async def prune(self) -> None:
        """Housekeeping: a panel goes with its draft."""
        gone = delete(Panel).where(Panel.draft_id.not_in(select(Draft.id)))
        await self._db.transaction(lambda tx: tx.session.execute(gone))


def _cases_about(guild_id: int, message_id: int) -> Select[int]:
    query = select(Case.number).join(Evidence, Evidence.case_id == Case.id)
    query = query.where(Evidence.guild_id == guild_id, Evidence.message_id == message_id)
    return query.where(Case.state.not_in(sorted(ENDED))).order_by(Case.number.desc()).limit(1)
