"""What the welcome cannot do in a server: the team is told once, and again only when it worked in between."""

from sqlalchemy import delete, select

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.timers import Timers
from cogs.onboarding.models import Trouble

NOTICE = "onboarding.trouble"
"""Kind of the timer that carries the message to the team; it is made in the transaction that notes the trouble."""


class Troubles:
    """Keeps what is in the way in memory too: that nothing is, costs no query."""

    def __init__(self, db: Database, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._timers = timers
        self._clock = clock
        self._known: set[tuple[int, str]] = set()

    async def load(self) -> None:
        """Read what was in the way when the last process ended."""
        async with self._db.read() as session:
            self._known = {(row.guild_id, row.what) for row in await session.scalars(select(Trouble))}

    def any(self, guild_id: int) -> bool:
        """Whether something is in the way in this server."""
        return any(guild_id == known for known, _ in self._known)

    async def report(self, guild_id: int, what: str, text: str) -> bool:
        """``what`` does not work: promise to tell the team ``text``. False when they were told before."""
        if (guild_id, what) in self._known:
            return False

        async def work(tx: Transaction) -> bool:
            at = self._clock()
            new = await tx.ensure(Trouble, guild_id=guild_id, what=what, since=at)
            if new:
                key = f"{NOTICE}:{guild_id}:{what}"
                await self._timers.schedule(
                    tx, kind=NOTICE, key=key, due_at=at, guild_id=guild_id, payload={"text": text}
                )
            tx.once_committed(lambda: self._known.add((guild_id, what)))
            return new

        return await self._db.transaction(work)

    async def solved(self, guild_id: int, what: str) -> None:
        """``what`` works again."""
        if (guild_id, what) not in self._known:
            return

        async def work(tx: Transaction) -> None:
            await tx.session.execute(delete(Trouble).filter_by(guild_id=guild_id, what=what))
            tx.once_committed(lambda: self._known.discard((guild_id, what)))

        await self._db.transaction(work)
