"""Ends a pairing, with what it was worth, and tells the one who stays, in the caller's transaction."""

from sqlalchemy import delete, select

from bot.clock import Clock
from bot.community.facts import Facts
from bot.database import Transaction
from bot.timers import Timers
from cogs.onboarding.buddies.checkins import CheckIns
from cogs.onboarding.buddies.matching import Matching
from cogs.onboarding.buddies.models import BuddyOffer, BuddyPair, BuddyWish, Ending
from cogs.onboarding.buddies.pairing import Pairing
from cogs.onboarding.buddies.pairs import FOLLOW, INTRODUCE

TELL = "onboarding:buddies:tell"
"""Kind of the timer that tells somebody that the pairing is over."""


class Endings:
    """Every end frees a place, so whoever waits is looked at again."""

    def __init__(
        self, matching: Matching, pairing: Pairing, checkins: CheckIns, facts: Facts, timers: Timers, clock: Clock
    ) -> None:
        self._matching = matching
        self._pairing = pairing
        self._checkins = checkins
        self._facts = facts
        self._timers = timers
        self._clock = clock

    async def finish(self, tx: Transaction, row: BuddyPair) -> None:
        """The duty is over; it was a success when they met and the newcomer was active in its second week."""
        active = await self._matching.was_active(tx.session, row.guild_id, row.newcomer_id, row.begun_at)
        if row.met_at is not None and row.buddy_id is not None and active:
            source, helped = f"buddy:{row.id}", row.newcomer_id
            await self._facts.record(
                tx, row.guild_id, row.buddy_id, "buddy_success", source, self._clock(), for_member=helped
            )
        await self.end(tx, row, Ending.OVER, tell=None)

    async def end(
        self, tx: Transaction, row: BuddyPair, why: Ending, *, tell: int | None, erased: bool = False
    ) -> None:
        """``tell`` is who stays and is told; ``erased``: what names the one who goes is taken down."""
        row.ended_at, row.ending = self._clock(), why
        await tx.session.flush()
        await self._checkins.withdraw(tx, row)
        for kind in (INTRODUCE, FOLLOW):
            await self._timers.cancel(tx, f"{kind}:{row.id}")
        if row.introduced_at is not None or row.thread_id is not None:
            await self._tell(tx, row, tell, erased=erased)
        await self._pairing.look(tx, row.guild_id)

    async def gone(self, tx: Transaction, guild_id: int | None, user_id: int, *, erased: bool) -> None:
        """Somebody left, was banned, or is being erased (None: everywhere): what they had here ends."""
        mine = (BuddyPair.newcomer_id == user_id) | (BuddyPair.buddy_id == user_id)
        query = select(BuddyPair).where(mine).order_by(BuddyPair.id).with_for_update()
        query = query.where(BuddyPair.guild_id == guild_id) if guild_id else query
        wishes = select(BuddyWish).filter_by(user_id=user_id)
        for wish in list(await tx.session.scalars(wishes.filter_by(guild_id=guild_id) if guild_id else wishes)):
            await self._pairing.drop(tx, wish, "left")
        for row in list(await tx.session.scalars(query)):
            if row.ended_at is None:
                stays = row.buddy_id if user_id == row.newcomer_id else row.newcomer_id
                await self.end(tx, row, Ending.LEFT, tell=stays, erased=erased)
            elif erased and row.message_id is not None:
                await self._tell(tx, row, None, erased=True)
        offers = delete(BuddyOffer).where(BuddyOffer.user_id == user_id)
        await tx.session.execute(offers.where(BuddyOffer.guild_id == guild_id) if guild_id else offers)

    async def _tell(self, tx: Transaction, row: BuddyPair, whom: int | None, *, erased: bool) -> None:
        """Promise to tell the one who stays, and to take down what names somebody who is erased.

        The promise names nobody: a buddy is known by the number of their offer, a newcomer by the pair's.
        """
        if whom is None and not erased:
            return
        offer = None
        if whom is not None and whom == row.buddy_id:
            mine = select(BuddyOffer.id).filter_by(guild_id=row.guild_id, user_id=whom)
            offer = await tx.session.scalar(mine)
        payload = {
            "pair": row.id,
            "to": None if whom is None else "buddy" if whom == row.buddy_id else "newcomer",
            "offer": offer,
            "thread": row.thread_id,
            "message": row.message_id if erased else None,
            "why": str(row.ending),
        }
        at = self._clock()
        key = f"{TELL}:{row.id}"
        await self._timers.schedule(tx, kind=TELL, key=key, due_at=at, guild_id=row.guild_id, payload=payload)
