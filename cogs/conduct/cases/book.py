"""The rows of cases within a transaction: found and locked, changed with a note, and carried out again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bot.clock import Clock, now
from bot.database import Transaction
from bot.timers import Timers
from cogs.conduct.cases.models import Case, CaseChange
from cogs.conduct.cases.refusals import AlreadyUndone, CaseGone
from cogs.conduct.cases.rules import ENDED

CARRY = "conduct:carry"
"""Kind of the timer that tells the member, acts and writes the log; its payload is the number of a case's row."""


class CaseBook:
    """Every method belongs to the caller's transaction."""

    def __init__(self, timers: Timers, clock: Clock = now) -> None:
        self._timers = timers
        self._clock = clock

    async def locked(self, tx: Transaction, case_id: int) -> Case:
        """The row, locked. Raises CaseGone."""
        case = await tx.session.get(Case, case_id, with_for_update=True, populate_existing=True)
        if case is None:
            raise CaseGone
        return case

    async def standing(self, tx: Transaction, guild_id: int, number: int) -> Case:
        """The case of that number, locked. Raises CaseGone or AlreadyUndone."""
        query = select(Case).filter_by(guild_id=guild_id, number=number).with_for_update()
        case = await tx.session.scalar(query.execution_options(populate_existing=True))
        if case is None:
            raise CaseGone
        if case.state in ENDED:
            raise AlreadyUndone(number)
        return case

    async def next_steps(self, tx: Transaction, case: Case) -> Sequence[Case]:
        """What was done as the next step after this warning and stands, locked."""
        query = select(Case).filter_by(guild_id=case.guild_id, follows=case.id).where(Case.state.not_in(sorted(ENDED)))
        query = query.order_by(Case.id).with_for_update().execution_options(populate_existing=True)
        return list(await tx.session.scalars(query))

    def note(
        self, tx: Transaction, case: Case, by: int | None, what: str, before: Any = None, after: Any = None
    ) -> None:
        """A line of its history. ``before`` and ``after`` are plain values by name."""
        values = {"at": self._clock(), "by": by, "what": what, "before": before or {}, "after": after or {}}
        tx.session.add(CaseChange(guild_id=case.guild_id, case_id=case.id, **values))

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
