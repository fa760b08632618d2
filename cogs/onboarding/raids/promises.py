"""The timers that bring Discord to what the tables say: made in the transaction in which something is decided."""

from datetime import datetime, timedelta

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.timers import Timers
from cogs.onboarding.raids.models import Raid

ALERT, PAUSE, LEVEL, LET_IN, BAN = "raids:alert", "raids:pause", "raids:level", "raids:let_in", "raids:ban"
"""Kinds; each timer's payload is the number of a raid, and no person."""
BETWEEN_EDITS = timedelta(seconds=10)
"""So that a hundred joins are a few edits of the alert."""


class Promises:
    """One timer of each kind for a raid: a later promise replaces the earlier one."""

    def __init__(self, db: Database, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._timers = timers
        self._clock = clock
        self._shown: dict[int, datetime] = {}

    async def make(self, tx: Transaction, kind: str, raid: Raid, at: datetime | None = None) -> None:
        """Something is to be done at ``at``, or now."""
        await self._timers.schedule(
            tx,
            kind=kind,
            key=f"{kind}:{raid.id}",
            due_at=at or self._clock(),
            guild_id=raid.guild_id,
            payload={"raid": raid.id},
        )

    async def show(self, tx: Transaction, raid: Raid) -> None:
        """The alert is to show a change, some seconds later when it has just been edited."""
        present, shown = self._clock(), self._shown.get(raid.id)
        await self.make(tx, ALERT, raid, present if shown is None else max(present, shown + BETWEEN_EDITS))

    def shown(self, raid_id: int) -> None:
        """The alert is being brought up to date now."""
        self._shown[raid_id] = self._clock()

    async def again(self, kind: str, raid_id: int, at: datetime | None = None) -> None:
        """In a transaction of its own: do it at ``at``, or now."""

        async def work(tx: Transaction) -> None:
            raid = await tx.session.get(Raid, raid_id)
            if raid is not None:
                await self.make(tx, kind, raid, at)

        await self._db.transaction(work)
