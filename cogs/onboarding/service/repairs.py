"""What failed for a passing reason is promised to be tried again, until it works."""

from datetime import timedelta

from sqlalchemy import select

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.timers import Timers
from bot.timers.models import Timer

REPAIR = "onboarding.repair"
"""Kind of the timer that pays what a server's members are still owed."""
PANEL = "onboarding.panel"
"""Kind of the timer that brings a server's panel up to date."""
SOON = timedelta(minutes=1)


class Repairs:
    """One promise of a kind for each server. Its handler raises while something fails, so that its pauses grow."""

    def __init__(self, db: Database, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._timers = timers
        self._clock = clock

    async def promise(self, kind: str, guild_id: int) -> None:
        """Something failed. A promise that stands is not put off; one under way may be past it: it is renewed."""
        key = f"{kind}:{guild_id}"

        async def work(tx: Transaction) -> None:
            stands = select(Timer.id).where(Timer.key == key, Timer.claimed_by.is_(None))
            if await tx.session.scalar(stands) is None:
                due_at = self._clock() + SOON
                await self._timers.schedule(tx, kind=kind, key=key, due_at=due_at, guild_id=guild_id, payload={})

        await self._db.transaction(work)
