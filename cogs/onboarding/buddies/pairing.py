"""Finds a buddy for a newcomer who asked for one, or lets them wait, in the caller's transaction."""

from typing import Protocol

from bot.clock import Clock
from bot.contracts.inbox import InboxKind
from bot.database import Transaction
from bot.guilds.service import GuildSettings
from bot.i18n.marks import N_
from bot.timers import Timers
from cogs.onboarding.buddies import rules
from cogs.onboarding.buddies.matching import Matching, last_buddy
from cogs.onboarding.buddies.models import BuddyPair, BuddyWish
from cogs.onboarding.buddies.pairs import (
    FOLLOW,
    INTRODUCE,
    Answer,
    Asked,
    present_pair,
    promise,
    seen,
    wish_of,
)
from cogs.onboarding.buddies.settings import BuddiesSettings
from cogs.onboarding.models import Journey

MATCH = "onboarding:buddies:match"
"""Kind of the timer that looks for buddies for those who wait."""
WAITS = InboxKind(
    "onboarding.buddy",
    N_("Buddies wanted"),
    N_("{member} would like a buddy, and none is free"),
    N_("Ask members to offer themselves in /profile, or spend some time with this newcomer yourself."),
)


class Desk(Protocol):
    """The part of ``bot.inbox`` that is needed here."""

    async def add(
        self, tx: Transaction, guild_id: int, kind: InboxKind, source: str, *, subject: int | None = None
    ) -> bool: ...

    async def done(
        self, tx: Transaction, guild_id: int, kind: InboxKind, source: str, by: int | None, outcome: str
    ) -> bool: ...


class Pairing:
    """Who waits is locked before the offers are, and the offers in the order of their members: two newcomers who want
    the last place at once get it one after the other, on both databases.
    """

    def __init__(self, settings: GuildSettings, matching: Matching, inbox: Desk, timers: Timers, clock: Clock) -> None:
        self._settings = settings
        self._matching = matching
        self._inbox = inbox
        self._timers = timers
        self._clock = clock

    async def ask(self, tx: Transaction, guild_id: int, user_id: int) -> Answer:
        """A newcomer would like a buddy. Safe to repeat."""
        await tx.ensure(BuddyWish, guild_id=guild_id, user_id=user_id, asked_at=self._clock())
        wish = await wish_of(tx, guild_id, user_id)
        # Another click, a moment earlier, may have been answered while this one waited for the lock.
        if pair := await present_pair(tx.session, guild_id, user_id):
            if wish is not None:
                await self.drop(tx, wish, "paired")
            return Answer(Asked.HAS_ONE, seen(pair))
        if wish is None:
            return await self.ask(tx, guild_id, user_id)
        return await self._match(tx, wish)

    async def again(self, tx: Transaction, guild_id: int, user_id: int) -> None:
        """Somebody who waits may have a buddy by now."""
        wish = await wish_of(tx, guild_id, user_id)
        if wish is not None:
            await self._match(tx, wish)

    async def drop(self, tx: Transaction, wish: BuddyWish, outcome: str) -> None:
        """They wait no longer."""
        await self._inbox.done(tx, wish.guild_id, WAITS, f"wish:{wish.id}", None, outcome)
        await tx.session.delete(wish)
        await tx.session.flush()

    async def look(self, tx: Transaction, guild_id: int) -> None:
        """Promise to look for buddies for those who wait: a place may be free."""
        await self._timers.schedule(
            tx, kind=MATCH, key=f"{MATCH}:{guild_id}", due_at=self._clock(), guild_id=guild_id, payload={}
        )

    async def _match(self, tx: Transaction, wish: BuddyWish) -> Answer:
        guild_id, user_id = wish.guild_id, wish.user_id
        journey = await tx.session.get(Journey, (guild_id, user_id))
        if journey is None or journey.onboarded_at is None or journey.left_at is not None:
            return Answer(Asked.LATER)
        role = self._settings.get(guild_id, BuddiesSettings).role
        found = await self._matching.best(tx, guild_id, user_id, role, await last_buddy(tx.session, guild_id, user_id))
        if found is None:
            await self._inbox.add(tx, guild_id, WAITS, f"wish:{wish.id}", subject=user_id)
            return Answer(Asked.QUEUED)
        pair = BuddyPair(
            guild_id=guild_id, newcomer_id=user_id, buddy_id=found.person.user_id, begun_at=self._clock(), asked=0
        )
        tx.session.add(pair)
        await tx.session.flush()
        await self.drop(tx, wish, "paired")
        await promise(tx, self._timers, INTRODUCE, pair, pair.begun_at)
        await promise(tx, self._timers, FOLLOW, pair, rules.looks_next(pair.begun_at, 0))
        return Answer(Asked.PAIRED, seen(pair))
