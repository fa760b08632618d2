"""Shows the team who invited whom, and writes down that it was shown, in one transaction."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from bot.clock import Clock, now
from bot.contracts.invites import Guest, Origin
from bot.database import Database, Transaction
from cogs.onboarding.attribution.figures import guests_of, origin_of
from cogs.onboarding.attribution.models import InviteRead

KEPT = timedelta(days=180)
"""How long it is kept who looked; ``InviteRead`` promises it to members."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the team is shown of one person: by which invite they came, and who came by theirs, oldest first."""

    origin: Origin | None
    guests: tuple[Guest, ...]


class Reads:
    """Nothing is read for the team that is not noted."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock

    async def look_up(self, guild_id: int, user_id: int, *, by: int) -> Sight:
        """What is known about this person, shown to ``by``; each look is a row."""

        async def work(tx: Transaction) -> Sight:
            tx.session.add(InviteRead(guild_id=guild_id, user_id=user_id, read_by=by, read_at=self._clock()))
            await tx.session.flush()
            origin = await origin_of(tx.session, guild_id, user_id)
            return Sight(origin, tuple(await guests_of(tx.session, guild_id, user_id)))

        return await self._db.transaction(work)

    async def prune(self) -> None:
        """Forget looks of long ago."""
        old = delete(InviteRead).where(InviteRead.read_at < self._clock() - KEPT)
        await self._db.transaction(lambda tx: tx.session.execute(old))
