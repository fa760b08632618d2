"""What of a filter's hits was wrong: said by the team, or undone as a case; too much of it disarms the filter."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from bot.clock import Clock, now
from bot.contracts.events import Event
from bot.database import Database, Transaction
from bot.inbox import Inbox
from cogs.conduct.cases.events import CaseUndone
from cogs.conduct.cases.models import Case
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.screening.findings import DISARMED, HELD, LOOK
from cogs.conduct.screening.hits import KEPT
from cogs.conduct.screening.keeping import Filters
from cogs.conduct.screening.models import FilterHit
from cogs.conduct.screening.refusals import HitForgotten
from cogs.conduct.screening.rules import LOOKED_AT, Kept, Outcome, Watch, decides, too_often

WRONG = "wrong"
"""How an item of the inbox ends whose hit was wrong."""


@dataclass(frozen=True, slots=True)
class FilterDisarmed(Event):
    """A filter was wrong too often: it only watches from now on."""


class Judging:
    """Each public method is one transaction unless it takes one."""

    def __init__(self, db: Database, filters: Filters, inbox: Inbox, clock: Clock = now) -> None:
        self._db = db
        self._filters = filters
        self._inbox = inbox
        self._clock = clock

    async def mark(self, guild_id: int, filter_id: int, source: str, by: int, *, wrong: bool = True) -> bool:
        """Somebody of the team says that it should not have been found, or takes that back.

        True when the filter acts no more because of it. Raises HitForgotten.
        """

        async def work(tx: Transaction) -> bool:
            mine = select(FilterHit).filter_by(guild_id=guild_id, filter_id=filter_id, source=source)
            row = await tx.session.scalar(mine.with_for_update().execution_options(populate_existing=True))
            if row is None:
                raise HitForgotten
            row.wrong_at, row.wrong_by = (row.wrong_at or self._clock(), row.wrong_by or by) if wrong else (None, None)
            await tx.session.flush()
            for kind in (LOOK, HELD) if wrong else ():
                await self._inbox.done(tx, guild_id, kind, f"{filter_id}:{source}", by, WRONG)
            return wrong and await self._look(tx, guild_id, filter_id)

        return await self._db.transaction(work)

    async def on_undone(self, event: CaseUndone, tx: Transaction) -> None:
        """A case was undone: the filter that decided it was wrong."""
        decided = {"guild_id": event.guild_id, "case_id": event.case_id, "outcome": Outcome.ACTED}
        filter_id = await tx.session.scalar(select(FilterHit.filter_id).filter_by(**decided).limit(1))
        if filter_id is not None:
            await self._look(tx, event.guild_id, filter_id)

    async def wrong(self, kept: Kept) -> int:
        """How many hits of the last 30 days the team calls wrong."""
        mine = FilterHit.guild_id == kept.guild_id, FilterHit.filter_id == kept.id
        fresh = FilterHit.at >= self._clock() - KEPT, FilterHit.wrong_at.is_not(None)
        async with self._db.read() as session:
            return int(await session.scalar(select(func.count()).select_from(FilterHit).where(*mine, *fresh)) or 0)

    async def wrong_messages(self, kept: Kept) -> Collection[int]:
        """Messages in which it found something that it should not have found."""
        mine = select(FilterHit.message_id).filter_by(guild_id=kept.guild_id, filter_id=kept.id)
        async with self._db.read() as session:
            found = await session.scalars(
                mine.where(FilterHit.wrong_at.is_not(None), FilterHit.message_id.is_not(None))
            )
            return {one for one in found if one is not None}

    async def wrong_in_shadow(self, kept: Kept) -> int:
        """How many of the newest hits, of what it looks for now and while it only watched, are wrong; 0 for few."""
        mine = FilterHit.guild_id == kept.guild_id, FilterHit.filter_id == kept.id
        query = select(FilterHit.wrong_at).where(*mine, FilterHit.outcome == Outcome.WATCHED)
        if kept.sought_since is not None:
            query = query.where(FilterHit.at >= kept.sought_since)
        async with self._db.read() as session:
            newest = query.order_by(FilterHit.at.desc(), FilterHit.id.desc()).limit(LOOKED_AT)
            wrong = [at is not None for at in await session.scalars(newest)]
        return sum(wrong) if too_often(wrong) else 0

    async def _look(self, tx: Transaction, guild_id: int, filter_id: int) -> bool:
        """Whether it is disarmed, because too many of its newest decisions were wrong since it was armed."""
        kept = self._filters.by_id(guild_id, filter_id)
        if kept is None or kept.watch is not Watch.ARMED or kept.armed_at is None:
            return False
        # A burst is one decision; what joined it counts only where somebody said so.
        joined = and_(FilterHit.outcome == Outcome.JOINED, FilterHit.wrong_at.is_not(None))
        decided = or_(FilterHit.outcome.in_(sorted(decides(kept.doing))), joined)
        query = (
            select(FilterHit.wrong_at, Case.state)
            .outerjoin(Case, Case.id == FilterHit.case_id)
            .where(FilterHit.guild_id == guild_id, FilterHit.filter_id == filter_id, decided)
            .where(FilterHit.at >= kept.armed_at)
        )
        newest = await tx.session.execute(query.order_by(FilterHit.at.desc(), FilterHit.id.desc()).limit(LOOKED_AT))
        if not too_often([at is not None or state in ENDED for at, state in newest]):
            return False
        if await self._filters.disarm(tx, kept.id) is None:
            return False
        source = f"{kept.id}:{self._clock().isoformat()}"
        await self._inbox.add(tx, guild_id, DISARMED, source, {"filter": kept.number})
        await tx.emit(FilterDisarmed(guild_id))
        return True
