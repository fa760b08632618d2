"""Remembers which rule of Discord's AutoMod is whose. One transaction each; knows no Discord."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.timers import Timers
from cogs.conduct.screening.models import NativeRule

BRING = "conduct:native"
"""The timer that brings a server's AutoMod to the plan."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A rule as it was last set; ``rule_id`` is None once somebody removed it in Discord."""

    filter_id: int
    part: int
    rule_id: int | None
    revision: int
    wanted: str = ""
    answered: str = ""


class NativeRules:
    """``servers`` are those with something noted, as of the last commit: one process owns a server."""

    def __init__(self, db: Database, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._timers = timers
        self._clock = clock
        self.servers: set[int] = set()

    async def load(self) -> None:
        """Learn which servers have something noted."""
        async with self._db.read() as session:
            self.servers = set(await session.scalars(select(NativeRule.guild_id).distinct()))

    async def of(self, guild_id: int) -> list[Noted]:
        """Everything noted of a server."""
        query = select(NativeRule).filter_by(guild_id=guild_id).order_by(NativeRule.filter_id, NativeRule.part)
        async with self._db.read() as session:
            return [
                Noted(row.filter_id, row.part, row.rule_id, row.revision, row.wanted, row.answered)
                for row in await session.scalars(query)
            ]

    async def note(self, guild_id: int, new: Noted) -> None:
        """Keep it, in place of what was noted of that part."""

        async def work(tx: Transaction) -> None:
            query = select(NativeRule).filter_by(guild_id=guild_id, filter_id=new.filter_id, part=new.part)
            row = await tx.session.scalar(query)
            if row is None:
                row = NativeRule(guild_id=guild_id, filter_id=new.filter_id, part=new.part)
                tx.session.add(row)
            row.rule_id, row.revision = new.rule_id, new.revision
            row.wanted, row.answered = new.wanted, new.answered

        await self._db.transaction(work)
        self.servers.add(guild_id)

    async def removed(self, guild_id: int, filter_ids: Collection[int]) -> None:
        """Somebody removed rules of these filters in Discord: none of them is noted as standing any more."""

        async def work(tx: Transaction) -> None:
            rows = update(NativeRule).filter_by(guild_id=guild_id).where(NativeRule.filter_id.in_(filter_ids))
            await tx.session.execute(rows.values(rule_id=None))

        if filter_ids:
            await self._db.transaction(work)

    async def forget(self, guild_id: int, filter_id: int, part: int | None = None) -> None:
        """Nothing is known of that part, or of the whole filter, any more."""

        async def work(tx: Transaction) -> None:
            rows = delete(NativeRule).filter_by(guild_id=guild_id, filter_id=filter_id)
            await tx.session.execute(rows if part is None else rows.filter_by(part=part))

        await self._db.transaction(work)

    async def bring(self, guild_id: int) -> None:
        """Promise to bring Discord to the plan now."""

        async def work(tx: Transaction) -> None:
            await self._timers.schedule(
                tx, kind=BRING, key=f"native:{guild_id}", due_at=self._clock(), guild_id=guild_id, payload={}
            )

        await self._db.transaction(work)
