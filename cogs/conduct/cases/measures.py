"""What is to stand on Discord because of a member's cases: the newest one that was not undone decides."""

from datetime import datetime

from sqlalchemy import and_, not_, null, select, update
from sqlalchemy import case as case_when

from bot.clock import Clock, now
from bot.contracts.cases import CaseKind, SanctionEnded
from bot.database import Database, Transaction
from bot.timers import Timers
from cogs.conduct.cases.models import Case, Measure, MeasureKind
from cogs.conduct.cases.reading import MeasureView, names_of
from cogs.conduct.cases.rules import ENDED

BRING = "conduct:measure"
"""Kind of the timer that brings Discord to a measure; its payload is the measure's number."""
UNSYNCHRONISED = {"synchronize_session": False}
MEASURED = {CaseKind.TIMEOUT: MeasureKind.TIMEOUT, CaseKind.BAN: MeasureKind.BAN}


class Measures:
    """``settle`` belongs to the transaction that decides; the rest says how far Discord is."""

    def __init__(self, db: Database, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._timers = timers
        self._clock = clock

    async def settle(
        self,
        tx: Transaction,
        guild_id: int,
        user_id: int,
        kind: CaseKind,
        *,
        at_once: bool = True,
        done: int | None = None,
    ) -> Measure:
        """Bring the measure of that kind in line with the cases, and promise what Discord has to be told, and when.

        ``at_once`` False: whoever opened the case brings it (after the notice); only its end is promised.
        ``done``: the case that Discord is in line with already, because it was done there; where a newer case decides,
        that says nothing.
        """
        row = await self._locked(tx, guild_id, user_id, MEASURED[kind])
        newest = await self._newest(tx, guild_id, row.user_id, kind)
        present = self._clock()
        over = newest is None or newest.lifted_at is not None or (newest.until is not None and newest.until <= present)
        before = (row.in_force, row.until, row.case_id)
        is_done = done is not None and newest is not None and newest.id == done
        if over and row.in_force:
            await tx.emit(SanctionEnded(guild_id, row.user_id, row.case_id, kind))
        row.in_force = not over
        row.until = None if over or newest is None else newest.until
        row.case_id = row.case_id if newest is None else newest.id
        if is_done:
            row.owed = False
        elif (row.in_force, row.until, row.case_id) != before:
            row.owed = row.owed or row.in_force or before[0]
        if (row.in_force, row.until, row.case_id) != before or is_done:
            row.revision += 1
        await tx.session.flush()
        if row.owed and at_once:
            await self.promise(tx, row, present)
        elif row.in_force and row.until is not None:
            await self.promise(tx, row, row.until)
        elif not row.owed:
            await self._timers.cancel(tx, f"{BRING}:{row.id}")
        return row

    async def expire(self, measure_id: int) -> None:
        """Note that its time is up, when it is."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Measure, measure_id)
            if row is not None and row.in_force and row.until is not None and row.until <= self._clock():
                await self.settle(tx, row.guild_id, row.user_id, CaseKind(row.kind.value), at_once=False)

        await self._db.transaction(work)

    async def brought(self, measure_id: int, revision: int, again_at: datetime | None) -> bool:
        """Discord is as the row said at that revision; False when it was decided anew meanwhile: bring it again.

        A row whose time was up is over from then on. ``again_at``: when Discord is to be told again (the end, or the
        renewal of a long timeout).
        """

        async def work(tx: Transaction) -> bool:
            # One statement, because thousands may be over at once: what ``settle`` would find, as nothing was decided
            # since and the time of the newest case is up.
            over = and_(Measure.in_force, Measure.until.is_not(None), Measure.until <= self._clock())
            values = {
                "owed": False,
                "in_force": and_(Measure.in_force, not_(over)),
                "until": case_when((over, null()), else_=Measure.until),
                "revision": case_when((over, Measure.revision + 1), else_=Measure.revision),
            }
            which = update(Measure).where(Measure.id == measure_id, Measure.revision == revision).values(values)
            columns = Measure.guild_id, Measure.user_id, Measure.kind, Measure.case_id, Measure.revision
            found = await tx.session.execute(which.returning(*columns), execution_options=UNSYNCHRONISED)
            row = found.one_or_none()
            if row is None:
                return await self._overtaken(tx, measure_id)
            if row.revision != revision:
                await tx.emit(SanctionEnded(row.guild_id, row.user_id, row.case_id, CaseKind(row.kind.value)))
            if again_at is not None:
                await self._promise(tx, measure_id, row.guild_id, again_at)
            return True

        return await self._db.transaction(work)

    async def _overtaken(self, tx: Transaction, measure_id: int) -> bool:
        """It was decided anew while Discord was told: tell it again. True when the row is gone."""
        row = await self.locked(tx, measure_id)
        if row is not None:
            await self.promise(tx, row, self._clock())
        return row is None

    async def owe(self, tx: Transaction, guild_id: int, user_id: int, kind: CaseKind) -> None:
        """Discord may have lost it (the member came back, an outage): it is brought again."""
        for row in await self._rows(tx, guild_id, user_id, MEASURED[kind]):
            if row.in_force:
                row.owed = True
                row.revision += 1
                await self.promise(tx, row, self._clock())

    async def promise(self, tx: Transaction, row: Measure | MeasureView, at: datetime) -> None:
        """Bring it at that instant; a later promise replaces this one."""
        await self._promise(tx, row.id, row.guild_id, at)

    async def _promise(self, tx: Transaction, measure_id: int, guild_id: int, at: datetime) -> None:
        key, payload = f"{BRING}:{measure_id}", {"measure": measure_id}
        await self._timers.schedule(tx, kind=BRING, key=key, due_at=at, guild_id=guild_id, payload=payload)

    async def locked(self, tx: Transaction, measure_id: int) -> Measure | None:
        """The row, locked."""
        return await tx.session.get(Measure, measure_id, with_for_update=True, populate_existing=True)

    async def _locked(self, tx: Transaction, guild_id: int, user_id: int, kind: MeasureKind) -> Measure:
        found = await self._rows(tx, guild_id, user_id, kind)
        if found:
            found[0].user_id = max(found[0].user_id, user_id)  # whoever was erased is known again by what they do
            return found[0]
        fresh = {"case_id": 0, "in_force": False, "owed": False, "revision": 0, "until": None}
        await tx.ensure(Measure, guild_id=guild_id, user_id=user_id, kind=kind, **fresh)
        return (await self._rows(tx, guild_id, user_id, kind))[0]

    async def _rows(self, tx: Transaction, guild_id: int, user_id: int, kind: MeasureKind) -> list[Measure]:
        """The row of the person, locked; one from before an erasure only while there is no other."""
        names = await names_of(tx.session, user_id)
        query = select(Measure).where(Measure.guild_id == guild_id, Measure.user_id.in_(names), Measure.kind == kind)
        query = query.order_by(Measure.user_id.desc()).with_for_update().execution_options(populate_existing=True)
        return list(await tx.session.scalars(query))

    async def _newest(self, tx: Transaction, guild_id: int, user_id: int, kind: CaseKind) -> Case | None:
        names = await names_of(tx.session, user_id)
        query = select(Case).where(Case.guild_id == guild_id, Case.user_id.in_(names), Case.kind == kind)
        # What was done by hand during an outage is recorded later than it was done.
        query = query.where(Case.state.not_in(sorted(ENDED))).order_by(Case.created_at.desc(), Case.id.desc()).limit(1)
        return await tx.session.scalar(query)
