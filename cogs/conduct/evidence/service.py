"""Takes evidence, gives it to a case, and forgets it in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.clock import Clock, now
from bot.contracts.cases import SanctionOverturned
from bot.database import Database, Transaction
from bot.timers import Timers
from cogs.conduct.cases.models import Case
from cogs.conduct.cases.rules import State
from cogs.conduct.evidence.models import Evidence

KEPT_WITHOUT_CASE = timedelta(days=90)
"""After the report was closed without a case."""
LOOKED_EVERY = 6 * 3600.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A message as it is now: what a member or moderator puts before the team."""

    author_id: int
    channel_id: int
    message_id: int
    written_at: datetime
    content: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Evidence as it was read. ``author_id`` is negative when its author was erased."""

    id: int
    guild_id: int
    case_id: int | None
    author_id: int
    channel_id: int
    message_id: int
    written_at: datetime
    content: str
    attachments: tuple[str, ...]
    taken_at: datetime
    taken_by: int | None


def seen(row: Evidence) -> Exhibit:
    values = {name: getattr(row, name) for name in Exhibit.__slots__}
    return Exhibit(**values | {"attachments": tuple(row.attachments)})


class EvidenceRoom:
    """``take``, ``attach`` and ``release`` belong to the caller's transaction."""

    def __init__(self, db: Database, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock
        timers.every("conduct:evidence", LOOKED_EVERY, self.forget)

    async def take(
        self,
        tx: Transaction,
        guild_id: int,
        source: str,
        shot: Snapshot,
        by: int | None,
        *,
        keep: timedelta | None = None,
    ) -> int:
        """Keep the message as it was; its number, the same for the same source. ``keep``: for so long unless a case
        or report comes of it."""
        values = {
            "author_id": shot.author_id,
            "channel_id": shot.channel_id,
            "message_id": shot.message_id,
            "written_at": shot.written_at,
            "content": shot.content,
            "attachments": list(shot.attachments),
        }
        await tx.ensure(
            Evidence,
            guild_id=guild_id,
            source=source,
            case_id=None,
            taken_at=self._clock(),
            taken_by=by,
            forget_at=None if keep is None else self._clock() + keep,
            **values,
        )
        return (await tx.session.scalars(select(Evidence.id).filter_by(guild_id=guild_id, source=source))).one()

    async def attach(self, tx: Transaction, evidence_id: int, case_id: int) -> None:
        """It belongs to this case from now on."""
        row = await tx.session.get(Evidence, evidence_id, with_for_update=True)
        if row is not None:
            row.case_id, row.forget_at = case_id, None

    async def release(self, tx: Transaction, evidence_id: int) -> None:
        """No case came of it: it goes after a while."""
        row = await tx.session.get(Evidence, evidence_id, with_for_update=True)
        if row is not None and row.case_id is None:
            row.forget_at = self._clock() + KEPT_WITHOUT_CASE

    async def drop(self, tx: Transaction, evidence_id: int) -> None:
        """Nothing came of looking at it: it goes now, unless a case has it."""
        mine = Evidence.id == evidence_id, Evidence.case_id.is_(None), Evidence.forget_at.is_not(None)
        await tx.session.execute(delete(Evidence).where(*mine))

    async def on_overturned(self, event: SanctionOverturned, tx: Transaction) -> None:
        """What a case that was undone was made of goes with it, after the time in which somebody may ask why."""
        for row in await tx.session.scalars(select(Evidence).filter_by(guild_id=event.guild_id, case_id=event.case_id)):
            row.forget_at = self._clock() + KEPT_WITHOUT_CASE

    async def of_case(self, guild_id: int, case_id: int) -> Sequence[Exhibit]:
        """What was attached to a case, oldest first."""
        query = select(Evidence).filter_by(guild_id=guild_id, case_id=case_id).order_by(Evidence.id)
        async with self._db.read() as session:
            return [seen(row) for row in await session.scalars(query)]

    async def get(self, guild_id: int, evidence_id: int) -> Exhibit | None:
        """None when it was forgotten by now."""
        async with self._db.read() as session:
            row = await session.get(Evidence, evidence_id)
            return seen(row) if row is not None and row.guild_id == guild_id else None

    async def forget(self) -> None:
        """Delete what is no longer needed: past its own date, or of a case that counts for nothing any more."""
        present = self._clock()

        async def work(tx: Transaction) -> None:
            await tx.session.execute(delete(Evidence).where(Evidence.forget_at <= present))
            over = select(Case.id).where(Case.state == State.ACTIVE, Case.expires_at <= present)
            over = over.where(Case.until.is_(None) | (Case.until <= present) | Case.lifted_at.is_not(None))
            await tx.session.execute(delete(Evidence).where(Evidence.case_id.in_(over)))
            gone = Evidence.case_id.is_not(None) & Evidence.case_id.not_in(select(Case.id))
            await tx.session.execute(delete(Evidence).where(gone))

        await self._db.transaction(work)
