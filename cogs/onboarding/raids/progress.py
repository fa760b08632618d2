"""What Discord has of the team's decisions by now."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.clock import Clock, now
from bot.database import Database, Transaction
from cogs.onboarding.raids.models import Raid, RaidJoiner
from cogs.onboarding.raids.promises import PAUSE, Promises
from cogs.onboarding.raids.states import state_of


class Progress:
    """Noted once Discord has answered; the alert follows."""

    def __init__(self, db: Database, promises: Promises, clock: Clock = now) -> None:
        self._db = db
        self._promises = promises
        self._clock = clock

    async def paused(self, raid_id: int, until: datetime, renew_at: datetime) -> None:
        """Discord pauses invites until then; look at it again at ``renew_at``."""

        async def work(tx: Transaction) -> None:
            raid = await tx.session.get(Raid, raid_id, with_for_update=True)
            if raid is not None and state_of(raid).paused:
                raid.paused_until = until
                await self._promises.make(tx, PAUSE, raid, renew_at)
                await self._promises.show(tx, raid)

        await self._db.transaction(work)

    async def level(self, raid_id: int, *, raised: bool) -> None:
        """Discord has the raised level, or none of ours any more."""

        async def work(tx: Transaction) -> None:
            raid = await tx.session.get(Raid, raid_id, with_for_update=True)
            if raid is not None and raid.level_done is not raised:
                raid.level_done = raised
                await self._promises.show(tx, raid)

        await self._db.transaction(work)

    async def to_let_in(self, guild_id: int, raid_id: int, limit: int) -> Sequence[int]:
        """Released members whom Discord still owes what they had waited for."""
        mine = select(RaidJoiner.user_id).filter_by(guild_id=guild_id, raid_id=raid_id, settled=False)
        async with self._db.read() as session:
            return list(await session.scalars(mine.order_by(RaidJoiner.user_id).limit(limit)))

    async def let_in(self, guild_id: int, raid_id: int, people: Collection[int]) -> None:
        """They have it now."""
        await self._db.transaction(lambda tx: self._mark(tx, guild_id, raid_id, people, settled=True))

    async def to_ban(self, guild_id: int, raid_id: int, limit: int) -> Sequence[int]:
        """Whom somebody decided to ban and Discord has not."""
        query = (
            select(RaidJoiner.user_id)
            .filter_by(guild_id=guild_id, raid_id=raid_id)
            .where(RaidJoiner.ban_at.is_not(None), RaidJoiner.banned_at.is_(None), RaidJoiner.refused_at.is_(None))
            .order_by(RaidJoiner.user_id)
        )
        async with self._db.read() as session:
            return list(await session.scalars(query.limit(limit)))

    async def banned(self, guild_id: int, raid_id: int, banned: Collection[int], refused: Collection[int]) -> None:
        """Discord banned some; others it would not, or a reason to spare them had come up."""

        async def work(tx: Transaction) -> None:
            await self._mark(tx, guild_id, raid_id, banned, banned_at=self._clock())
            await self._mark(tx, guild_id, raid_id, refused, refused_at=self._clock())
            raid = await tx.session.get(Raid, raid_id)
            if raid is not None:
                await self._promises.show(tx, raid)

        await self._db.transaction(work)

    async def _mark(
        self, tx: Transaction, guild_id: int, raid_id: int, people: Collection[int], **values: object
    ) -> None:
        mine = update(RaidJoiner).where(
            RaidJoiner.guild_id == guild_id, RaidJoiner.raid_id == raid_id, RaidJoiner.user_id.in_(people)
        )
        await tx.session.execute(mine.values(**values).execution_options(synchronize_session=False))
