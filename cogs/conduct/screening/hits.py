"""Where filters found something, and what became of it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, or_, select

from bot.clock import Clock, now
from bot.contracts.cases import SANCTIONS
from bot.contracts.inbox import Link
from bot.database import Database, Transaction
from bot.inbox import Inbox
from bot.timers import Timers
from cogs.conduct.cases.models import Case, Notice
from cogs.conduct.cases.opening import NewCase
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.cases.service import Cases
from cogs.conduct.screening.findings import HELD, LOOK, Acted, Finding, HitView, Owed
from cogs.conduct.screening.models import FilterHit
from cogs.conduct.screening.rules import Kept, Last, Outcome, joins

KEPT = timedelta(days=30)
KEPT_WITH_CASE = timedelta(days=180)
A_DAY_SECONDS = 86400.0
AGAIN = timedelta(minutes=10)
"""The same filter puts the same member before the team once in that time."""
SOON = timedelta(seconds=10)
"""What is found is taken away at once; so much later it is looked whether that was done."""


class Hits:
    """Each public method is one transaction unless it takes one."""

    def __init__(self, db: Database, cases: Cases, inbox: Inbox, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._cases = cases
        self._inbox = inbox
        self._timers = timers
        self._clock = clock

    async def note(self, kept: Kept, finding: Finding, outcome: Outcome) -> bool:
        """Record a hit that nobody is sanctioned for; False when it was recorded before.

        What people must look at enters the inbox, once in ``AGAIN`` for the same filter and member.
        """

        async def work(tx: Transaction) -> bool:
            if not await self._add(tx, kept, finding, outcome):
                return False
            await self._show(tx, kept, finding, outcome)
            return True

        return await self._db.transaction(work)

    async def act(self, kept: Kept, finding: Finding, case: NewCase, *, erases: bool) -> Acted | None:
        """Open the case, or let the hit join the one of its burst; None when it did before, or was called wrong.

        What was only watched or looked at before acts now: a guess may have been edited into what is certain.
        ``erases``: what was found is to go, which is promised here; otherwise that is out of the bot's reach, which
        the team is told. The caller lets one hit of a member in at a time.
        """

        async def work(tx: Transaction) -> Acted | None:
            last = await self._last(tx, finding)
            new = await self._add(tx, kept, finding, Outcome.ACTED)
            row = await self._row(tx, kept.guild_id, kept.id, finding.source)
            assert row is not None
            if not new and (row.case_id is not None or row.wrong_at is not None):
                return None
            joined = joins(last, finding.at, sanctions=case.kind in SANCTIONS)
            case_id = last.case_id if joined and last is not None else (await self._cases.open_in(tx, case)).id
            row.place, row.at = finding.place, finding.at
            row.case_id, row.outcome = case_id, Outcome.JOINED if joined else Outcome.ACTED
            if not erases:
                await self._show(tx, kept, finding, Outcome.HELD)
                return Acted(row.outcome, None)
            owed = Owed(kept.guild_id, case_id, kept.id, finding.source, finding.messages)
            await owed.promise(tx, self._timers, self._clock() + SOON)
            return Acted(row.outcome, owed)

        return await self._db.transaction(work)

    async def stands(self, owed: Owed, number: int) -> None:
        """What was to go still stands: the team is told, once. ``number`` is the filter's."""

        async def work(tx: Transaction) -> None:
            row = await self._row(tx, owed.guild_id, owed.filter_id, owed.source)
            if row is not None:
                link = None if row.channel_id is None else Link(row.channel_id, row.message_id)
                source = f"{owed.filter_id}:{owed.source}"
                await self._inbox.add(tx, owed.guild_id, HELD, source, {"filter": number}, row.user_id, link)

        await self._db.transaction(work)

    async def gone(self, owed: Owed) -> None:
        """It went after all."""
        source = f"{owed.filter_id}:{owed.source}"
        await self._db.transaction(
            lambda tx: self._inbox.done(tx, owed.guild_id, HELD, source, by=None, outcome="recovered")
        )

    async def get(self, owed: Owed) -> HitView | None:
        """The hit; None when it was forgotten."""
        mine = {"guild_id": owed.guild_id, "filter_id": owed.filter_id, "source": owed.source}
        async with self._db.read() as session:
            row = await session.scalar(select(FilterHit).filter_by(**mine))
            return None if row is None else hit_seen(row)

    async def counts(self, guild_id: int) -> dict[int, int]:
        """Hits of the last 30 days by filter."""
        query = (
            select(FilterHit.filter_id, func.count())
            .where(FilterHit.guild_id == guild_id, FilterHit.at >= self._clock() - KEPT)
            .group_by(FilterHit.filter_id)
        )
        async with self._db.read() as session:
            return {row[0]: row[1] for row in await session.execute(query)}

    async def newest(self, kept: Kept, limit: int = 10) -> Sequence[HitView]:
        """The newest hits of a filter."""
        query = select(FilterHit).filter_by(guild_id=kept.guild_id, filter_id=kept.id)
        async with self._db.read() as session:
            rows = await session.scalars(query.order_by(FilterHit.at.desc(), FilterHit.id.desc()).limit(limit))
            return [hit_seen(row) for row in rows]

    async def by_outcome(self, kept: Kept) -> dict[Outcome, int]:
        """Hits of the last 30 days, by what became of them."""
        mine = FilterHit.guild_id == kept.guild_id, FilterHit.filter_id == kept.id
        query = select(FilterHit.outcome, func.count()).where(*mine, FilterHit.at >= self._clock() - KEPT)
        async with self._db.read() as session:
            return {row[0]: row[1] for row in await session.execute(query.group_by(FilterHit.outcome))}

    async def prune(self) -> None:
        """Forget hits in time."""
        present = self._clock()
        old = or_(
            (FilterHit.at < present - KEPT) & FilterHit.case_id.is_(None), FilterHit.at < present - KEPT_WITH_CASE
        )

        async def work(tx: Transaction) -> None:
            await tx.session.execute(delete(FilterHit).where(old))

        await self._db.transaction(work)

    async def _add(self, tx: Transaction, kept: Kept, finding: Finding, outcome: Outcome) -> bool:
        return await tx.ensure(
            FilterHit,
            guild_id=kept.guild_id,
            filter_id=kept.id,
            source=finding.source,
            user_id=finding.user_id,
            channel_id=finding.channel_id,
            message_id=finding.message_id,
            place=finding.place,
            at=finding.at,
            outcome=outcome,
            case_id=None,
        )

    async def _row(self, tx: Transaction, guild_id: int, filter_id: int, source: str) -> FilterHit | None:
        mine = select(FilterHit).filter_by(guild_id=guild_id, filter_id=filter_id, source=source)
        return await tx.session.scalar(mine.execution_options(populate_existing=True))

    async def _show(self, tx: Transaction, kept: Kept, finding: Finding, outcome: Outcome) -> None:
        kind = {Outcome.LOOKED_AT: LOOK, Outcome.HELD: HELD}.get(outcome)
        if kind is None:
            return
        mine = FilterHit.guild_id == kept.guild_id, FilterHit.filter_id == kept.id, FilterHit.user_id == finding.user_id
        shown = FilterHit.outcome == outcome, FilterHit.at > finding.at - AGAIN, FilterHit.source != finding.source
        if await tx.session.scalar(select(FilterHit.id).where(*mine, *shown).limit(1)) is not None:
            return
        link = None if finding.channel_id is None else Link(finding.channel_id, finding.message_id)
        source = f"{kept.id}:{finding.source}"
        await self._inbox.add(tx, kept.guild_id, kind, source, {"filter": kept.number}, finding.user_id, link)

    async def _last(self, tx: Transaction, finding: Finding) -> Last | None:
        mine = FilterHit.guild_id == finding.guild_id, FilterHit.user_id == finding.user_id
        query = select(FilterHit, Case).join(Case, Case.id == FilterHit.case_id).where(*mine)
        found = (await tx.session.execute(query.order_by(FilterHit.at.desc(), FilterHit.id.desc()).limit(1))).first()
        if found is None:
            return None
        hit, case = found
        at = max(filter(None, (hit.at, case.noticed_at, case.notice_tried_at)))
        sanction = case.kind in SANCTIONS
        return Last(case.id, sanction, case.notice is Notice.OWED, case.state in ENDED, at)


def hit_seen(row: FilterHit) -> HitView:
    """The row as plain values."""
    return HitView(**{name: getattr(row, name) for name in HitView.__slots__})
