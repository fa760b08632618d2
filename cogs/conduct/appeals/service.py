"""Appeals are made once, decided once, by somebody else. Each public method is one transaction."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select

from bot.clock import Clock, now
from bot.contracts.cases import SanctionOverturned
from bot.contracts.inbox import InboxKind, Link
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from bot.i18n.marks import N_
from bot.inbox import Inbox
from bot.timers import Timers
from cogs.conduct.appeals.models import Appeal, Outcome
from cogs.conduct.appeals.reading import AppealReader, AppealView, seen
from cogs.conduct.appeals.refusals import AlreadyDecided, AppealGone, AppealsOff, MayNotDecide, NotYourCase
from cogs.conduct.appeals.rules import barred
from cogs.conduct.cases.reading import names_of
from cogs.conduct.cases.service import Cases
from cogs.conduct.settings import ConductSettings

OPEN, TELL = "conduct:appeal", "conduct:decided"
"""Kinds of the timers that open the team's thread and that tell the member; their payload is the appeal's number."""
APPEAL = InboxKind(
    name="conduct.appeal",
    label=N_("Appeals"),
    title=N_("{member} contests case {case}"),
    hint=N_("Read the case and the appeal, then decide: it stands, or it is overturned. Not whoever made the case."),
    urgent_after=timedelta(days=3),
    personal=True,
    by_hand=False,
)


class Appeals:
    """``read`` has the queries. Who moderates a server is for the caller to say: services know no Discord."""

    def __init__(
        self,
        db: Database,
        settings: GuildSettings,
        cases: Cases,
        inbox: Inbox,
        timers: Timers,
        clock: Clock = now,
    ) -> None:
        self._db = db
        self.read = AppealReader(db)
        self._settings = settings
        self._cases = cases
        self._inbox = inbox
        self._timers = timers
        self._clock = clock
        self._contested: set[int] = set()

    async def load(self) -> None:
        """Read which cases were contested: buttons ask from memory."""
        async with self._db.read() as session:
            self._contested = set(await session.scalars(select(Appeal.case_id)))

    def contested(self, case_id: int) -> bool:
        """Whether the case was appealed, decided since or not; from memory."""
        return case_id in self._contested

    def taken(self, guild_id: int) -> bool:
        """Whether the server takes appeals, from memory."""
        settings = self._settings.get(guild_id, ConductSettings)
        return settings.enabled and settings.appeals

    async def make(self, case_id: int, by: int, text: str) -> AppealView:
        """The member contests the case, in their own words (``rules.SHORTEST`` to ``LONGEST`` characters).

        Raises CaseGone, NotYourCase, AppealsOff, AlreadyAppealed or NotAppealable.
        """

        async def work(tx: Transaction) -> AppealView:
            case = await self._cases.book.locked(tx, case_id)
            if case.user_id not in await names_of(tx.session, by):
                raise NotYourCase
            if not self.taken(case.guild_id):
                raise AppealsOff
            await self._cases.ending.appeal(tx, case_id, by)
            due_at = self._clock() + self._settings.get(case.guild_id, ConductSettings).appeal_due
            row = Appeal(
                guild_id=case.guild_id,
                case_id=case_id,
                user_id=by,
                text=text,
                made_at=self._clock(),
                due_at=due_at,
                answer="",
            )
            tx.session.add(row)
            await tx.session.flush()
            tx.once_committed(lambda: self._contested.add(case_id))
            params = {"case": case.number}
            await self._inbox.add(tx, row.guild_id, APPEAL, str(row.id), params, subject=by, due_at=due_at)
            await self._promise(tx, OPEN, row)
            return seen(row)

        return await self._db.transaction(work)

    async def decide(
        self, appeal_id: int, by: int, outcome: Outcome, answer: str, *, deciders: Collection[int], owner: int
    ) -> AppealView:
        """Decide it, once: overturning reverses everything that followed from the case, in this transaction.

        ``deciders`` are those who moderate the server. Raises AppealGone, AlreadyDecided or MayNotDecide.
        """

        async def work(tx: Transaction) -> AppealView:
            row = await self._locked(tx, appeal_id)
            if row.decided_at is not None:
                raise AlreadyDecided
            case = await self._cases.book.locked(tx, row.case_id)
            why = barred(by, subject=row.user_id, sanctioner=case.moderator_id, deciders=deciders, owner=owner)
            if why is not None:
                raise MayNotDecide(why)
            row.decided_at, row.decided_by, row.outcome, row.answer = self._clock(), by, outcome, answer
            await tx.session.flush()  # before ``on_overturned`` reads it
            decide = self._cases.ending.overturn if outcome is Outcome.OVERTURNED else self._cases.ending.uphold
            await decide(tx, row.case_id, by)
            await self._inbox.done(tx, row.guild_id, APPEAL, str(row.id), by, outcome.value)
            await self._promise(tx, TELL, row)
            return seen(row)

        return await self._db.transaction(work)

    async def on_overturned(self, event: SanctionOverturned, tx: Transaction) -> None:
        """The case was voided meanwhile, in this transaction: an open appeal was right, and waits no longer."""
        query = select(Appeal).filter_by(guild_id=event.guild_id, case_id=event.case_id).with_for_update()
        row = await tx.session.scalar(query.execution_options(populate_existing=True))
        if row is not None and row.decided_at is None:
            row.decided_at, row.outcome = self._clock(), Outcome.OVERTURNED
            await self._inbox.done(tx, row.guild_id, APPEAL, str(row.id), None, Outcome.OVERTURNED.value)
            await self._promise(tx, TELL, row)

    async def opening(self, appeal_id: int) -> AppealView | None:
        """Note that the team's thread is being opened now; the appeal, None when it is gone."""

        async def work(tx: Transaction) -> AppealView | None:
            row = await tx.session.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
            if row is None:
                return None
            row.tried_at = row.tried_at or self._clock()
            return seen(row)

        return await self._db.transaction(work)

    async def opened(self, appeal_id: int, thread_id: int, message_id: int) -> None:
        """The team's thread is there."""

        async def work(tx: Transaction) -> None:
            row = await self._locked(tx, appeal_id)
            row.thread_id, row.message_id = thread_id, message_id
            if row.decided_at is not None:  # while it was being opened: what was posted there does not show it
                await self._promise(tx, TELL, row)
            await self._inbox.point_at(tx, row.guild_id, APPEAL, str(row.id), Link(thread_id, message_id))

        await self._db.transaction(work)

    async def again(self, appeal_id: int) -> None:
        """Promise anew what is owed, in case a promise was lost."""

        async def work(tx: Transaction) -> None:
            row = await self._locked(tx, appeal_id)
            await self._promise(tx, OPEN if row.decided_at is None else TELL, row)

        await self._db.transaction(work)

    async def told(self, appeal_id: int) -> None:
        """The member was told, or cannot be."""

        async def work(tx: Transaction) -> None:
            (await self._locked(tx, appeal_id)).told_at = self._clock()

        await self._db.transaction(work)

    async def _locked(self, tx: Transaction, appeal_id: int) -> Appeal:
        row = await tx.session.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise AppealGone
        return row

    async def _promise(self, tx: Transaction, kind: str, row: Appeal) -> None:
        await self._timers.schedule(
            tx,
            kind=kind,
            key=f"{kind}:{row.id}",
            due_at=self._clock(),
            guild_id=row.guild_id,
            payload={"appeal": row.id},
        )
