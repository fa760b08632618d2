"""Pairs newcomers who asked for a buddy with members who offer to be one: each method is one transaction."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from bot.clock import Clock, now
from bot.community.facts import Facts
from bot.contracts.attention import Proposal
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from bot.timers import DueTimer, Timers
from cogs.onboarding.buddies import rules
from cogs.onboarding.buddies.checkins import CheckIns
from cogs.onboarding.buddies.endings import Endings
from cogs.onboarding.buddies.matching import Faces, Matching
from cogs.onboarding.buddies.models import BuddyOffer, BuddyPair, BuddyWish, Ending
from cogs.onboarding.buddies.pairing import Desk, Pairing
from cogs.onboarding.buddies.pairs import Answer, Asked, Pair, locked, present_pair, seen, wish_of
from cogs.onboarding.buddies.refusals import BuddiesOff, NotYourPair
from cogs.onboarding.buddies.settings import BuddiesSettings
from cogs.onboarding.budget import Budget
from cogs.onboarding.events import WelcomeMoved

INVITE = "onboarding.buddy_offer"
"""Kind of the message by which the team offers a newcomer a buddy."""
INVITED_WITHIN = rules.DUTY


class Buddies:
    """What people do, what Discord tells and what time brings; ``on_moved``, ``gone`` and ``look`` belong to somebody
    else's transaction.
    """

    def __init__(
        self,
        db: Database,
        settings: GuildSettings,
        faces: Faces,
        attention: Budget,
        inbox: Desk,
        facts: Facts,
        timers: Timers,
        zone_of: Callable[[int], str],
        clock: Clock = now,
    ) -> None:
        self._db = db
        self._settings = settings
        self._attention = attention
        self._clock = clock
        matching = Matching(faces, zone_of, clock)
        self._pairing = Pairing(settings, matching, inbox, timers, clock)
        self._checkins = CheckIns(attention, timers, clock)
        self._endings = Endings(matching, self._pairing, self._checkins, facts, timers, clock)

    # What people do

    async def ask(self, guild_id: int, user_id: int) -> Answer:
        """A member would like a buddy. Safe to repeat. Raises BuddiesOff."""
        if not self.on(guild_id):
            raise BuddiesOff
        return await self._db.transaction(lambda tx: self._pairing.ask(tx, guild_id, user_id))

    async def take_back(self, guild_id: int, user_id: int) -> bool:
        """They would rather go on alone; False when they did not wait."""

        async def work(tx: Transaction) -> bool:
            wish = await wish_of(tx, guild_id, user_id)
            if wish is None:
                return False
            await self._pairing.drop(tx, wish, "taken_back")
            return True

        return await self._db.transaction(work)

    async def assign(self, guild_id: int, user_id: int) -> Answer:
        """Somebody of the team wants this newcomer to have a buddy: who asked for one is matched, others are asked.

        Nobody is paired against their wish. Raises BuddiesOff.
        """
        if not self.on(guild_id):
            raise BuddiesOff

        async def work(tx: Transaction) -> Answer:
            if pair := await present_pair(tx.session, guild_id, user_id):
                return Answer(Asked.HAS_ONE, seen(pair))
            if await wish_of(tx, guild_id, user_id) is not None:
                return await self._pairing.ask(tx, guild_id, user_id)
            until = self._clock() + INVITED_WITHIN
            asked = await self._attention.propose(tx, Proposal(guild_id, user_id, INVITE, "team", until))
            return Answer(Asked.OFFERED if asked else Asked.SILENT)

        return await self._db.transaction(work)

    async def met(self, pair_id: int, by: int) -> Pair:
        """The newcomer says that they met. Raises NotYourPair for others: a buddy does not vouch for themselves."""

        async def work(tx: Transaction) -> Pair:
            row = await locked(tx, pair_id)
            if row is None or row.newcomer_id != by:
                raise NotYourPair
            if row.ended_at is None and row.met_at is None:
                await self._checkins.met(tx, row)
            return seen(row)

        return await self._db.transaction(work)

    async def change(self, pair_id: int, by: int) -> Answer | None:
        """One of the two cannot go on. The newcomer gets another buddy, or waits for one; None for the buddy.

        Raises NotYourPair for others, and for those whose pairing is over.
        """

        async def work(tx: Transaction) -> Answer | None:
            row = await locked(tx, pair_id)
            if row is None or by not in (row.newcomer_id, row.buddy_id) or row.ended_at is not None:
                raise NotYourPair
            if by == row.buddy_id:
                await self._endings.end(tx, row, Ending.WITHDREW, tell=row.newcomer_id)
                return None
            await self._endings.end(tx, row, Ending.CHANGED, tell=row.buddy_id)
            return await self._pairing.ask(tx, row.guild_id, by)

        return await self._db.transaction(work)

    # What Discord tells

    async def on_moved(self, event: WelcomeMoved, tx: Transaction) -> None:
        """A newcomer who waits may have done the required steps."""
        waits = select(BuddyWish.id).filter_by(guild_id=event.guild_id, user_id=event.user_id)
        if self.on(event.guild_id) and await tx.session.scalar(waits) is not None:
            await self.look(tx, event.guild_id)

    async def gone(self, tx: Transaction, guild_id: int | None, user_id: int, *, erased: bool = False) -> None:
        """Somebody left, was banned, or is being erased (None: everywhere): what they had here ends."""
        await self._endings.gone(tx, guild_id, user_id, erased=erased)

    # What time brings

    async def look(self, tx: Transaction, guild_id: int) -> None:
        """Promise to look for buddies for those who wait: a place may be free."""
        await self._pairing.look(tx, guild_id)

    async def match(self, timer: DueTimer) -> None:
        """Those who wait, the longest first. Safe to repeat."""
        guild_id = timer.guild_id or 0
        if not self.on(guild_id):
            return
        async with self._db.read() as session:
            waiting = select(BuddyWish.user_id).filter_by(guild_id=guild_id).order_by(BuddyWish.asked_at, BuddyWish.id)
            people = list(await session.scalars(waiting))
        for user_id in people:
            await self._db.transaction(lambda tx, who=user_id: self._pairing.again(tx, guild_id, who))  # type: ignore[misc]

    async def follow(self, timer: DueTimer) -> None:
        """Ask the newcomer, or end the duty. Safe to repeat."""

        async def work(tx: Transaction) -> None:
            row = await locked(tx, int(timer.payload["pair"]))
            if row is None or row.ended_at is not None:
                return
            if row.begun_at + rules.DUTY <= self._clock():
                await self._endings.finish(tx, row)
            else:
                await self._checkins.question(tx, row)

        await self._db.transaction(work)

    # What the introduction notes

    async def pair(self, pair_id: int) -> Pair | None:
        """None for one that does not exist, or whose newcomer was erased."""
        async with self._db.read() as session:
            row = await session.get(BuddyPair, pair_id)
            return None if row is None else seen(row)

    async def present(self, guild_id: int, user_id: int) -> Pair | None:
        """The pair of this newcomer that has no end."""
        async with self._db.read() as session:
            row = await present_pair(session, guild_id, user_id)
            return None if row is None else seen(row)

    async def note(self, pair_id: int, **values: Any) -> None:
        """Keep where and when the two were introduced."""

        async def work(tx: Transaction) -> None:
            row = await locked(tx, pair_id)
            for name, value in values.items() if row is not None else ():
                setattr(row, name, value)

        await self._db.transaction(work)

    async def unreachable(self, pair_id: int) -> None:
        """No message reaches the buddy: their offer rests, and the newcomer gets another one."""

        async def work(tx: Transaction) -> None:
            row = await locked(tx, pair_id)
            if row is None or row.ended_at is not None or row.buddy_id is None:
                return
            offer = select(BuddyOffer).filter_by(guild_id=row.guild_id, user_id=row.buddy_id).with_for_update()
            for one in await tx.session.scalars(offer):
                one.paused = one.unreachable = True
            await self._endings.end(tx, row, Ending.UNREACHABLE, tell=None)
            await self._pairing.ask(tx, row.guild_id, row.newcomer_id)

        await self._db.transaction(work)

    def on(self, guild_id: int) -> bool:
        """Whether the server offers buddies."""
        return self._settings.get(guild_id, BuddiesSettings).enabled
