"""Makes, edits and undoes cases. Each public method is one transaction unless it takes one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from bot.clock import Clock, now
from bot.contracts.cases import SANCTIONS, CaseKind, SanctionOverturned, SanctionStarted
from bot.contracts.conduct import Severity
from bot.contracts.events import MemberErasing
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from bot.timers import Timers
from cogs.conduct.cases.events import NoticeSettled
from cogs.conduct.cases.measures import MEASURED, Measures
from cogs.conduct.cases.models import Case, CaseChange, CaseCounter, Notice
from cogs.conduct.cases.reading import CaseReader, CaseView, names_of, seen
from cogs.conduct.cases.refusals import (
    AlreadyAppealed,
    AlreadyUndone,
    CaseGone,
    EndsInThePast,
    NoLength,
    NotAppealable,
    NothingChanged,
    NothingToLift,
)
from cogs.conduct.cases.rules import ENDED, ONCE, State
from cogs.conduct.settings import ConductSettings

SKEW = timedelta(seconds=2)
"""Our clock may be ahead of Discord's, which dates what is done by hand."""
CARRY = "conduct:carry"
"""Kind of the timer that tells the member, acts and writes the log; its payload is the number of a case's row."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is to be recorded. ``source`` is unique in the server: the same cause makes one case, however often.

    ``length`` counts from the making of the case. ``by_hand``: it was done in Discord's own menus, so there is nothing
    to carry out; ``at`` is when, where that is known. ``notify`` False: the member is not told.
    """

    guild_id: int
    user_id: int
    kind: CaseKind
    source: str
    reason: str = ""
    moderator_id: int | None = None
    article: int | None = None
    severity: Severity | None = None
    length: timedelta | None = None
    automatic: bool = False
    by_hand: bool = False
    at: datetime | None = None
    notify: bool = True
    delete_seconds: int = 0
    proposed: str | None = None
    departure: str | None = None


class Cases:
    """``read`` has the queries. Who may do it, and to whom, is decided by whoever calls."""

    def __init__(self, db: Database, settings: GuildSettings, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._settings = settings
        self._timers = timers
        self._clock = clock
        self.read = CaseReader(db, settings, clock)
        self.measures = Measures(db, timers, clock)

    async def open(self, new: NewCase) -> CaseView:
        """Record it and promise its effects; the case there is already when the cause was recorded before."""
        return await self._db.transaction(lambda tx: self.open_in(tx, new))

    async def open_in(self, tx: Transaction, new: NewCase) -> CaseView:
        """The same in the caller's transaction. Raises NoLength, or EndsInThePast for a length that is not positive."""
        number = await self._number(tx, new.guild_id)  # locks the counter: from here on one case at a time
        known = await tx.session.scalar(select(Case).filter_by(guild_id=new.guild_id, source=new.source))
        if known is not None:
            return seen(known, self._clock())
        case = self._case(new, number)
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
        await self.carry(tx, case)
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
            case = await self._standing(tx, guild_id, number)
            before = _facts(case)
            if reason is not None:
                case.reason = reason
            if article is not None:
                case.article, case.severity = article
                case.points = article[1].points if case.kind in SANCTIONS else 0
            if length is not None:
                self._lengthen(case, length)
            after = _facts(case)
            if before == after:
                raise NothingChanged
            changed = {name for name in before if before[name] != after[name]}
            self._note(
                tx, case, by, "edited", {k: before[k] for k in sorted(changed)}, {k: after[k] for k in sorted(changed)}
            )
            await tx.session.flush()
            if length is not None:
                await self.measures.settle(tx, guild_id, case.user_id, case.kind)
            await self.carry(tx, case)
            return seen(case, self._clock())

        return await self._db.transaction(work)

    async def lift(self, guild_id: int, number: int, by: int | None, reason: str = "") -> CaseView:
        """End a timeout or ban early; the case and its points stand. Raises CaseGone, AlreadyUndone, NothingToLift."""

        async def work(tx: Transaction) -> CaseView:
            case = await self._standing(tx, guild_id, number)
            if not seen(case, self._clock()).in_force(self._clock()):
                raise NothingToLift(number)
            await self.lift_in(tx, case, by, reason)
            return seen(case, self._clock())

        return await self._db.transaction(work)

    async def lift_in(
        self, tx: Transaction, case: Case, by: int | None, reason: str = "", *, done: bool = False
    ) -> None:
        """End it early in the caller's transaction. ``done``: somebody ended it in Discord's own menus."""
        case.lifted_at, case.lifted_by = self._clock(), by
        said = {"reason": reason} if reason else {}
        self._note(tx, case, by, "lifted", {}, {**said, "by_hand": True} if done else said)
        await tx.session.flush()
        settled = case.id if done else None
        await self.measures.settle(tx, case.guild_id, case.user_id, case.kind, done=settled)
        await self.carry(tx, case)

    async def void(self, guild_id: int, number: int, by: int, reason: str = "") -> CaseView:
        """It was a mistake: every effect is reversed, and the case says so. Raises CaseGone or AlreadyUndone."""

        async def work(tx: Transaction) -> CaseView:
            case = await self._standing(tx, guild_id, number)
            await self._undo(tx, case, State.VOID, by, reason)
            return seen(case, self._clock())

        return await self._db.transaction(work)

    async def appeal(self, tx: Transaction, case_id: int, by: int) -> CaseView:
        """The member contests it. Raises CaseGone, AlreadyAppealed or NotAppealable."""
        case = await self.locked(tx, case_id)
        if await tx.session.scalar(select(CaseChange.id).filter_by(case_id=case_id, what="appealed").limit(1)):
            raise AlreadyAppealed
        if case.kind not in SANCTIONS or case.state in ENDED:
            raise NotAppealable
        case.state = State.APPEALED
        self._note(tx, case, by, "appealed", {}, {})
        await self.carry(tx, case)
        return seen(case, self._clock())

    async def uphold(self, tx: Transaction, case_id: int, by: int) -> CaseView:
        """The appeal was heard and the case stands. Raises CaseGone, or AlreadyUndone."""
        case = await self.locked(tx, case_id)
        if case.state in ENDED:
            raise AlreadyUndone(case.number)
        case.state = State.ACTIVE
        self._note(tx, case, by, "upheld", {}, {})
        await self.carry(tx, case)
        return seen(case, self._clock())

    async def overturn(self, tx: Transaction, case_id: int, by: int, reason: str = "") -> CaseView:
        """The appeal was right: as ``void``, and the case says that it was overturned."""
        case = await self.locked(tx, case_id)
        if case.state in ENDED:
            raise AlreadyUndone(case.number)
        await self._undo(tx, case, State.OVERTURNED, by, reason)
        return seen(case, self._clock())

    async def locked(self, tx: Transaction, case_id: int) -> Case:
        """The row, locked. Raises CaseGone."""
        case = await tx.session.get(Case, case_id, with_for_update=True, populate_existing=True)
        if case is None:
            raise CaseGone
        return case

    async def carry(self, tx: Transaction, case: Case) -> None:
        """Promise to tell, act and write the log, now."""
        await self._timers.schedule(
            tx,
            kind=CARRY,
            key=f"{CARRY}:{case.id}",
            due_at=self._clock(),
            guild_id=case.guild_id,
            payload={"case": case.id},
        )

    async def trying_to_tell(self, case_id: int) -> datetime:
        """Note that the notice is being sent now; when the first attempt began."""

        async def work(tx: Transaction) -> datetime:
            case = await self.locked(tx, case_id)
            case.notice_tried_at = case.notice_tried_at or self._clock()
            return case.notice_tried_at

        return await self._db.transaction(work)

    async def told(
        self, case_id: int, how: Notice, channel_id: int | None = None, message_id: int | None = None
    ) -> None:
        """Note what became of the notice: from a delivery on its points count."""

        async def work(tx: Transaction) -> None:
            case = await self.locked(tx, case_id)
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
            case = await self.locked(tx, case_id)
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

    def _case(self, new: NewCase, number: int) -> Case:
        present = new.at or self._clock()
        if new.length is not None and new.kind not in MEASURED:
            raise NoLength
        if new.length is not None and new.length <= timedelta(0):
            raise EndsInThePast
        sanction = new.kind in SANCTIONS
        last = self._settings.get(new.guild_id, ConductSettings).points_last
        told = sanction and new.notify and not new.by_hand
        return Case(
            guild_id=new.guild_id,
            number=number,
            kind=new.kind,
            user_id=new.user_id,
            moderator_id=new.moderator_id,
            automatic=new.automatic,
            by_hand=new.by_hand,
            source=new.source,
            article=new.article,
            severity=new.severity,
            points=new.severity.points if sanction and new.severity is not None else 0,
            reason=new.reason,
            created_at=present,
            until=None if new.length is None else present + new.length,
            expires_at=present + last if sanction else None,
            state=State.ACTIVE,
            delete_seconds=new.delete_seconds,
            notice=Notice.OWED if told else Notice.NONE,
            done_at=present if new.by_hand or new.kind not in ONCE else None,
            proposed=new.proposed,
            departure=new.departure,
        )

    async def _number(self, tx: Transaction, guild_id: int) -> int:
        await tx.ensure(CaseCounter, guild_id=guild_id, last=0)
        query = select(CaseCounter).filter_by(guild_id=guild_id).with_for_update()
        counter = (await tx.session.scalars(query.execution_options(populate_existing=True))).one()
        return counter.last + 1

    async def _standing(self, tx: Transaction, guild_id: int, number: int) -> Case:
        query = select(Case).filter_by(guild_id=guild_id, number=number).with_for_update()
        case = await tx.session.scalar(query.execution_options(populate_existing=True))
        if case is None:
            raise CaseGone
        if case.state in ENDED:
            raise AlreadyUndone(number)
        return case

    def _lengthen(self, case: Case, length: timedelta) -> None:
        if case.kind not in MEASURED or case.lifted_at is not None:
            raise NoLength
        until = case.created_at + length
        if until <= self._clock():
            raise EndsInThePast
        case.until = until

    async def _undo(self, tx: Transaction, case: Case, state: State, by: int, reason: str) -> None:
        case.state, case.ended_at, case.ended_by = state, self._clock(), by
        self._note(tx, case, by, state.value, {}, {"reason": reason} if reason else {})
        await tx.session.flush()
        if case.kind in MEASURED:
            await self.measures.settle(tx, case.guild_id, case.user_id, case.kind)
        if case.kind in SANCTIONS:
            await tx.emit(SanctionOverturned(case.guild_id, case.user_id, case.id, case.kind))
        await self.carry(tx, case)

    async def _unbanned(self, tx: Transaction, unban: Case) -> None:
        """An unban lifts every ban of the member that stood when it was done."""
        names = await names_of(tx.session, unban.user_id)
        query = select(Case).where(Case.guild_id == unban.guild_id, Case.user_id.in_(names), Case.kind == CaseKind.BAN)
        query = query.where(Case.created_at <= unban.created_at + SKEW)
        for ban in await tx.session.scalars(query.order_by(Case.id).with_for_update()):
            if seen(ban, self._clock()).in_force(self._clock()):
                await self.lift_in(tx, ban, unban.moderator_id, unban.reason, done=unban.by_hand)

    def _note(self, tx: Transaction, case: Case, by: int | None, what: str, before: Any, after: Any) -> None:
        values = {"at": self._clock(), "by": by, "what": what, "before": before, "after": after}
        tx.session.add(CaseChange(guild_id=case.guild_id, case_id=case.id, **values))


def _facts(case: Case) -> dict[str, Any]:
    """What an edit can change, as plain values."""
    return {
        "reason": case.reason,
        "article": case.article,
        "severity": case.severity and case.severity.value,
        "until": case.until and case.until.isoformat(),
    }
