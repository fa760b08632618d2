"""Members who offer to be a buddy: for how many newcomers at once, or not for now. Each method is one transaction."""

from dataclasses import dataclass

from sqlalchemy import Select, delete, select

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from cogs.onboarding.buddies.matching import Faces
from cogs.onboarding.buddies.models import BuddyOffer, BuddyPair
from cogs.onboarding.buddies.pairs import Pair, seen
from cogs.onboarding.buddies.refusals import BuddiesOff, MayNotBeBuddy
from cogs.onboarding.buddies.rules import CAPACITIES
from cogs.onboarding.buddies.service import Buddies
from cogs.onboarding.buddies.settings import BuddiesSettings

FIRST_CAPACITY = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """What a buddy chose. ``newcomers``: their present pairs, oldest first."""

    capacity: int
    paused: bool
    unreachable: bool
    newcomers: tuple[Pair, ...]


class Offers:
    """Whoever stops, or takes fewer, keeps the newcomers they have until their two weeks are over."""

    def __init__(
        self, db: Database, settings: GuildSettings, faces: Faces, buddies: Buddies, clock: Clock = now
    ) -> None:
        self._db = db
        self._settings = settings
        self._faces = faces
        self._buddies = buddies
        self._clock = clock

    async def of(self, guild_id: int, user_id: int) -> Kept | None:
        """None for somebody who does not offer to be a buddy."""
        async with self._db.read() as session:
            row = (await session.scalars(_mine(guild_id, user_id))).one_or_none()
            if row is None:
                return None
            query = select(BuddyPair).filter_by(guild_id=guild_id, buddy_id=user_id, ended_at=None)
            pairs = tuple(seen(one) for one in await session.scalars(query.order_by(BuddyPair.id)))
            return Kept(row.capacity, row.paused, row.unreachable, pairs)

    async def of_number(self, offer_id: int) -> int | None:
        """Whose offer this is; None once they stopped."""
        async with self._db.read() as session:
            return await session.scalar(select(BuddyOffer.user_id).filter_by(id=offer_id))

    def may(self, guild_id: int, user_id: int) -> bool:
        """Whether this member may be a buddy here."""
        wanted = self._settings.get(guild_id, BuddiesSettings)
        return wanted.enabled and self._faces.may_be_buddy(guild_id, user_id, wanted.role)

    async def set(
        self, guild_id: int, user_id: int, *, capacity: int | None = None, paused: bool | None = None
    ) -> None:
        """Offer to be a buddy, or change that. Raises BuddiesOff, or MayNotBeBuddy without the role."""
        if not self._buddies.on(guild_id):
            raise BuddiesOff
        if not self.may(guild_id, user_id):
            raise MayNotBeBuddy
        if capacity is not None and capacity not in CAPACITIES:
            raise ValueError(f"a buddy takes {CAPACITIES.start} to {CAPACITIES.stop - 1} newcomers, not {capacity}")

        async def work(tx: Transaction) -> None:
            first = {"capacity": FIRST_CAPACITY, "paused": False, "unreachable": False, "offered_at": self._clock()}
            await tx.ensure(BuddyOffer, guild_id=guild_id, user_id=user_id, **first)
            row = (await tx.session.scalars(_mine(guild_id, user_id).with_for_update())).one()
            row.capacity = row.capacity if capacity is None else capacity
            if paused is not None:
                row.paused, row.unreachable = paused, False
            await tx.session.flush()
            await self._buddies.look(tx, guild_id)

        await self._db.transaction(work)

    async def stop(self, guild_id: int, user_id: int) -> None:
        """Be no buddy any more."""
        mine = delete(BuddyOffer).filter_by(guild_id=guild_id, user_id=user_id)
        await self._db.transaction(lambda tx: tx.session.execute(mine))


def _mine(guild_id: int, user_id: int) -> Select[BuddyOffer]:
    return select(BuddyOffer).filter_by(guild_id=guild_id, user_id=user_id)
