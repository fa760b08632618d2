"""Contributions: recorded and revoked in the transaction in which they happen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Clock, now
from bot.community.models import Contribution
from bot.contracts.events import FactRecorded, FactRevoked
from bot.contracts.facts import KINDS
from bot.database import Database, Transaction

ACTIVE_DAY = "active_day"


@dataclass(frozen=True, slots=True)
class Fact:
    """A contribution as it stands; ``revoked_at`` is None while it counts."""

    id: int
    guild_id: int
    user_id: int
    kind: str
    source: str
    at: datetime
    for_member: int | None
    topic: str | None
    revoked_at: datetime | None
    revision: int


class Facts:
    """``record`` and ``revoke`` belong to the caller's transaction and are safe to repeat."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock

    async def record(
        self,
        tx: Transaction,
        guild_id: int,
        user_id: int,
        kind: str,
        source: str,
        at: datetime,
        *,
        for_member: int | None = None,
        topic: str | None = None,
    ) -> Fact:
        """A member did this; emits FactRecorded unless it counts already. ``source`` names what caused it.

        Recording again what was revoked makes it count again, under the next revision. Raises ValueError for a kind
        that ``bot.contracts.facts`` does not list.
        """
        if kind not in KINDS:
            raise ValueError(f"no kind of contribution is called {kind}")
        named = {"guild_id": guild_id, "user_id": user_id, "kind": kind, "source": source}
        new = await tx.ensure(Contribution, **named, at=at, for_member=for_member, topic=topic, revision=1)
        row = await _locked(tx, named)
        assert row is not None
        if not new and row.revoked_at is None:
            return _fact(row)
        if not new:
            row.revoked_at, row.revision = None, row.revision + 1
            await tx.session.flush()
        await tx.emit(FactRecorded(guild_id, user_id, row.id, kind, source, row.revision, row.at))
        return _fact(row)

    async def revoke(self, tx: Transaction, guild_id: int, user_id: int, kind: str, source: str) -> Fact | None:
        """It no longer counts; emits FactRevoked. None when it did not count."""
        row = await _locked(tx, {"guild_id": guild_id, "user_id": user_id, "kind": kind, "source": source})
        if row is None or row.revoked_at is not None:
            return None
        row.revoked_at = self._clock()
        await tx.session.flush()
        await tx.emit(FactRevoked(guild_id, user_id, row.id, kind, source, row.revision))
        return _fact(row)

    async def of(self, guild_id: int, user_id: int, kind: str | None = None) -> list[Fact]:
        """What counts for a member, oldest first."""
        query = select(Contribution).where(
            Contribution.guild_id == guild_id, Contribution.user_id == user_id, Contribution.revoked_at.is_(None)
        )
        if kind is not None:
            query = query.where(Contribution.kind == kind)
        async with self._db.read() as session:
            return [_fact(row) for row in await session.scalars(query.order_by(Contribution.at, Contribution.id))]

    async def record_active_days(self, tx: Transaction, guild_id: int, days: dict[tuple[date, int], datetime]) -> None:
        """``active_day`` for each (local day, member), in one statement; the value is when it was noticed."""
        if not days:
            return
        table = cast("Table", Contribution.__table__)
        insert = (postgresql if self._db.dialect == "postgresql" else sqlite).insert(table)
        rows: list[dict[str, Any]] = [
            {
                "guild_id": guild_id,
                "user_id": user_id,
                "kind": ACTIVE_DAY,
                "source": f"day:{day.isoformat()}",
                "at": at,
                "revision": 1,
            }
            for (day, user_id), at in sorted(days.items())
        ]
        new = insert.on_conflict_do_nothing().returning(table.c.id, table.c.user_id, table.c.source, table.c.at)
        for row in (await tx.session.execute(new, rows)).all():
            await tx.emit(FactRecorded(guild_id, row.user_id, row.id, ACTIVE_DAY, row.source, 1, row.at))


async def _locked(tx: Transaction, named: dict[str, Any]) -> Contribution | None:
    query = select(Contribution).filter_by(**named).with_for_update().execution_options(populate_existing=True)
    return (await tx.session.scalars(query)).one_or_none()


def _fact(row: Contribution) -> Fact:
    return Fact(
        row.id,
        row.guild_id,
        row.user_id,
        row.kind,
        row.source,
        row.at,
        row.for_member,
        row.topic,
        row.revoked_at,
        row.revision,
    )
