"""Cases are ended: lifted early, voided as a mistake, appealed, upheld, overturned. What followed goes too."""

from sqlalchemy import select

from bot.clock import Clock, now
from bot.contracts.cases import SANCTIONS, SanctionOverturned
from bot.database import Database, Transaction
from cogs.conduct.cases.book import CaseBook
from cogs.conduct.cases.events import CaseUndone
from cogs.conduct.cases.measures import MEASURED, Measures
from cogs.conduct.cases.models import Case, CaseChange
from cogs.conduct.cases.reading import CaseView, seen
from cogs.conduct.cases.refusals import AlreadyAppealed, AlreadyUndone, NotAppealable, NothingToLift
from cogs.conduct.cases.rules import ENDED, State


class Ending:
    """Each public method is one transaction unless it takes one."""

    def __init__(self, db: Database, book: CaseBook, measures: Measures, clock: Clock = now) -> None:
        self._db = db
        self._book = book
        self._measures = measures
        self._clock = clock

    async def lift(self, guild_id: int, number: int, by: int | None, reason: str = "") -> CaseView:
        """End a timeout or ban early; the case and its points stand. Raises CaseGone, AlreadyUndone, NothingToLift."""

        async def work(tx: Transaction) -> CaseView:
            case = await self._book.standing(tx, guild_id, number)
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
        self._book.note(tx, case, by, "lifted", after={**said, "by_hand": True} if done else said)
        await tx.session.flush()
        settled = case.id if done else None
        await self._measures.settle(tx, case.guild_id, case.user_id, case.kind, done=settled)
        await self._book.carry(tx, case)

    async def void(self, guild_id: int, number: int, by: int, reason: str = "") -> CaseView:
        """It was a mistake: every effect is reversed, and the case says so. Raises CaseGone or AlreadyUndone."""

        async def work(tx: Transaction) -> CaseView:
            case = await self._book.standing(tx, guild_id, number)
            await self._undo(tx, case, State.VOID, by, reason)
            return seen(case, self._clock())

        return await self._db.transaction(work)

    async def appeal(self, tx: Transaction, case_id: int, by: int) -> CaseView:
        """The member contests it. Raises CaseGone, AlreadyAppealed or NotAppealable."""
        case = await self._book.locked(tx, case_id)
        if await tx.session.scalar(select(CaseChange.id).filter_by(case_id=case_id, what="appealed").limit(1)):
            raise AlreadyAppealed
        if case.kind not in SANCTIONS or case.state in ENDED:
            raise NotAppealable
        case.state = State.APPEALED
        self._book.note(tx, case, by, "appealed")
        await self._book.carry(tx, case)
        return seen(case, self._clock())

    async def uphold(self, tx: Transaction, case_id: int, by: int) -> CaseView:
        """The appeal was heard and the case stands. Raises CaseGone, or AlreadyUndone."""
        case = await self._open_to_answer(tx, case_id)
        case.state = State.ACTIVE
        self._book.note(tx, case, by, "upheld")
        await self._book.carry(tx, case)
        return seen(case, self._clock())

    async def overturn(self, tx: Transaction, case_id: int, by: int, reason: str = "") -> CaseView:
        """The appeal was right: as ``void``, and the case says that it was overturned."""
        case = await self._open_to_answer(tx, case_id)
        await self._undo(tx, case, State.OVERTURNED, by, reason)
        return seen(case, self._clock())

    async def _open_to_answer(self, tx: Transaction, case_id: int) -> Case:
        case = await self._book.locked(tx, case_id)
        if case.state in ENDED:
            raise AlreadyUndone(case.number)
        return case

    async def _undo(self, tx: Transaction, case: Case, state: State, by: int, reason: str) -> None:
        """With a warning goes the step that was taken after it: both are about the same."""
        case.state, case.ended_at, case.ended_by = state, self._clock(), by
        self._book.note(tx, case, by, state.value, after={"reason": reason} if reason else {})
        await tx.session.flush()
        if case.kind in MEASURED:
            await self._measures.settle(tx, case.guild_id, case.user_id, case.kind)
        await tx.emit(CaseUndone(case.guild_id, case.id))
        if case.kind in SANCTIONS:
            await tx.emit(SanctionOverturned(case.guild_id, case.user_id, case.id, case.kind))
        await self._book.carry(tx, case)
        for step in await self._book.next_steps(tx, case):
            await self._undo(tx, step, state, by, reason)
