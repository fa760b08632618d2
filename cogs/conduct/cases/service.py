"""Makes and edits cases, and notes what became of them. Each public method is one transaction unless it takes one."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from bot.clock import Clock, now
from bot.contracts.cases import SANCTIONS, CaseKind, SanctionStarted
from bot.contracts.conduct import Severity
from bot.contracts.events import MemberErasing
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from bot.timers import Timers
from cogs.conduct.cases.book import CaseBook
from cogs.conduct.cases.ending import Ending
from cogs.conduct.cases.events import NoticeSettled
from cogs.conduct.cases.measures import MEASURED, Measures
from cogs.conduct.cases.models import Case, CaseChange, CaseCounter, Notice
from cogs.conduct.cases.opening import NewCase, row_of
from cogs.conduct.cases.reading import CaseReader, CaseView, names_of, seen
from cogs.conduct.cases.refusals import EndsInThePast, NoLength, NothingChanged
from cogs.conduct.settings import ConductSettings

SKEW = timedelta(seconds=2)
"""Our clock may be ahead of Discord's, which dates what is done by hand."""


class Cases:
    """``read`` has the queries, ``ending`` what ends a case. Who may do it, and to whom, is for the caller to say."""

    def __init__(self, db: Database, settings: GuildSettings, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._settings = settings
        self._clock = clock
        self.read = CaseReader(db, settings, clock)
        self.measures = Measures(db, timers, clock)
        self.book = CaseBook(timers, clock)
        self.ending = Ending(db, self.book, self.measures, clock)

    async def open(self, new: NewCase) -> CaseView:
        """Record it and promise its effects; the case there is already when the cause was recorded before."""
        return await self._db.transaction(lambda tx: self.open_in(tx, new))

    async def open_in(self, tx: Transaction, new: NewCase) -> CaseView:
        """The same in the caller's transaction. Raises NoLength, or EndsInThePast for a length that is not positive."""
        number = await self._number(tx, new.guild_id)  # locks the counter: from here on one case at a time
        known = await tx.session.scalar(select(Case).filter_by(guild_id=new.guild_id, source=new.source))
        if known is not None:
            return seen(known, self._clock())
        last = self._settings.get(new.guild_id, ConductSettings).points_last
        case = row_of(new, number, self._clock(), last)
        tx.session.add(case)
        await tx.session.execute(update(CaseCounter).filter_by(guild_id=new.guild_id).values(last=number))
        await tx.session.flush()
        if new.kind is CaseKind.UNBAN:
            await self._unbanned(tx, case)
        if new.kind in MEASURED:
            done = case.id if new.by_hand else None
            await self.measures.settle(tx, new.guild_id, new.user_id, new.kind, at_once=False, done=done)
        if new.kind in SANCTIONS:
            await tx.emit(SanctionStarted(case.guild_id, case.user_id, case.id, case.kind, case.until))
        await self.book.carry(tx, case)
        return seen(case, self._clock())

    async def edit(
        self,
        guild_id: int,
        number: int,
        by: int,
        *,
        reason: str | None = None,
        article: tuple[int, Severity] | None = None,
        length: timedelta | None = None,
    ) -> CaseView:
        """Correct a case; what it was stays in its history.

        Raises CaseGone, AlreadyUndone, NothingChanged, NoLength or EndsInThePast.
        """

        async def work(tx: Transaction) -> CaseView:
            case = await self.book.standing(tx, guild_id, number)
            before = _facts(case)
            if reason is not None:
                case.reason = reason
            if article is not None:
                case.article, case.severity = article
                case.points = article[1].points if case.kind in SANCTIONS else 0
            if length is not None:
                self._lengthen(case, length)
            if before == _facts(case):
                raise NothingChanged
            self._edited(tx, case, by, before)
            await tx.session.flush()
            if length is not None:
                await self.measures.settle(tx, guild_id, case.user_id, case.kind)
            await self.book.carry(tx, case)
            for step in await self.book.next_steps(tx, case):
                await self._moved(tx, step, by, case.article)
            return seen(case, self._clock())

        return await self._db.transaction(work)

    async def trying_to_tell(self, case_id: int) -> CaseView:
        """Note that the notice is being sent now; the case as it is at this moment, with when the first attempt began.
        Whatever is changed later than that is brought to the notice afterwards."""

        async def work(tx: Transaction) -> CaseView:
            case = await self.book.locked(tx, case_id)
            case.notice_tried_at = case.notice_tried_at or self._clock()
            return seen(case, self._clock())

        return await self._db.transaction(work)

    async def told(
        self, case_id: int, how: Notice, channel_id: int | None = None, message_id: int | None = None
    ) -> None:
        """Note what became of the notice: from a delivery on its points count."""

        async def work(tx: Transaction) -> None:
            case = await self.book.locked(tx, case_id)
            if case.notice is not Notice.OWED:
                return
            case.notice = how
            case.notice_channel_id, case.notice_message_id = channel_id, message_id
            if how in (Notice.DIRECT, Notice.THREAD):
                case.noticed_at = self._clock()
            await tx.emit(NoticeSettled(case.guild_id, case.id))

        await self._db.transaction(work)

    async def done(self, case_id: int) -> None:
        """Note that what happens once (``rules.ONCE``) was carried out."""

        async def work(tx: Transaction) -> None:
            case = await self.book.locked(tx, case_id)
            case.done_at = case.done_at or self._clock()

        await self._db.transaction(work)

    async def on_erasing(self, event: MemberErasing, tx: Transaction) -> None:
        """In the transaction that erases: what counts for nothing any more goes; the rest is kept under a hash."""
        mine = [Case.user_id == event.user_id, *([Case.guild_id == event.guild_id] if event.guild_id else [])]
        for case in await tx.session.scalars(select(Case).where(*mine)):
            view = seen(case, self._clock())
            if not view.in_force(self._clock()) and (view.expires_at is None or not view.state.counts):
                await tx.session.execute(delete(CaseChange).filter_by(case_id=case.id))
                await tx.session.delete(case)
        await tx.session.flush()

    async def _number(self, tx: Transaction, guild_id: int) -> int:
        await tx.ensure(CaseCounter, guild_id=guild_id, last=0)
        query = select(CaseCounter).filter_by(guild_id=guild_id).with_for_update()
        counter = (await tx.session.scalars(query.execution_options(populate_existing=True))).one()
        return counter.last + 1

    def _lengthen(self, case: Case, length: timedelta) -> None:
        if case.kind not in MEASURED or case.lifted_at is not None:
            raise NoLength
        until = case.created_at + length
        if until <= self._clock():
            raise EndsInThePast
        case.until = until

    async def _unbanned(self, tx: Transaction, unban: Case) -> None:
        """An unban lifts every ban of the member that stood when it was done."""
        names = await names_of(tx.session, unban.user_id)
        query = select(Case).where(Case.guild_id == unban.guild_id, Case.user_id.in_(names), Case.kind == CaseKind.BAN)
        query = query.where(Case.created_at <= unban.created_at + SKEW)
        for ban in await tx.session.scalars(query.order_by(Case.id).with_for_update()):
            if seen(ban, self._clock()).in_force(self._clock()):
                await self.ending.lift_in(tx, ban, unban.moderator_id, unban.reason, done=unban.by_hand)

    def _edited(self, tx: Transaction, case: Case, by: int, before: dict[str, Any]) -> None:
        after = _facts(case)
        changed = sorted(name for name in before if before[name] != after[name])
        self.book.note(tx, case, by, "edited", {k: before[k] for k in changed}, {k: after[k] for k in changed})

    async def _moved(self, tx: Transaction, step: Case, by: int, article: int | None) -> None:
        """The step after a warning is about the same article; the points stand with the warning."""
        before = _facts(step)
        step.article = article
        if _facts(step) != before:
            self._edited(tx, step, by, before)
            await self.book.carry(tx, step)


def _facts(case: Case) -> dict[str, Any]:
    """What an edit can change, as plain values."""
    return {
        "reason": case.reason,
        "article": case.article,
        "severity": case.severity and case.severity.value,
        "until": case.until and case.until.isoformat(),
    }
