"""Pairs newcomers who asked for a buddy with members who offer to be one: each method is one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, now
from bot.community.facts import Facts
from bot.contracts.attention import Proposal
from bot.contracts.inbox import InboxKind
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from bot.i18n.marks import N_
from bot.timers import DueTimer, Timers
from cogs.onboarding.buddies import rules
from cogs.onboarding.buddies.matching import Faces, Matching, last_buddy
from cogs.onboarding.buddies.models import BuddyOffer, BuddyPair, BuddyWish, Ending
from cogs.onboarding.buddies.refusals import BuddiesOff, NotYourPair
from cogs.onboarding.buddies.settings import BuddiesSettings
from cogs.onboarding.events import WelcomeMoved
from cogs.onboarding.models import Journey

CHECK = "onboarding.buddy_check"
"""Kind of the message that asks whether they met, in the attention budget."""
INVITE = "onboarding.buddy_offer"
"""Kind of the message by which the team offers a newcomer a buddy."""
INTRODUCE = "onboarding:buddies:introduce"
"""Kind of the timer that tells two of each other; it is made in the transaction that pairs them."""
FOLLOW = "onboarding:buddies:follow"
"""Kind of the timer that asks them, and ends the duty."""
TELL = "onboarding:buddies:tell"
"""Kind of the timer that tells somebody that the pairing is over."""
MATCH = "onboarding:buddies:match"
"""Kind of the timer that looks for buddies for those who wait."""
INVITED_WITHIN = rules.DUTY

WAITS = InboxKind(
    "onboarding.buddy",
    N_("Buddies wanted"),
    N_("{member} would like a buddy, and none is free"),
    N_("Ask members to offer themselves in /profile, or spend some time with this newcomer yourself."),
)


class Budget(Protocol):
    """The part of ``bot.attention`` that is needed here."""

    async def propose(self, tx: Transaction, proposal: Proposal) -> bool: ...

    async def withdraw(self, tx: Transaction, guild_id: int, user_id: int, kind: str, source: str) -> bool: ...


class Desk(Protocol):
    """The part of ``bot.inbox`` that is needed here."""

    async def add(
        self, tx: Transaction, guild_id: int, kind: InboxKind, source: str, *, subject: int | None = None
    ) -> bool: ...

    async def done(
        self, tx: Transaction, guild_id: int, kind: InboxKind, source: str, by: int | None, outcome: str
    ) -> bool: ...


class Asked(StrEnum):
    """What became of a newcomer's wish for a buddy."""

    PAIRED = "paired"
    HAS_ONE = "has_one"
    QUEUED = "queued"
    """Nobody is free: they wait, and the team knows."""
    LATER = "later"
    """They are paired once the required steps are done."""
    OFFERED = "offered"
    """The team wants it; the newcomer is asked first."""
    SILENT = "silent"
    """The team wants it; the newcomer takes no messages they did not ask for, or was asked before."""


@dataclass(frozen=True, slots=True)
class Answer:
    how: Asked
    pair: "Pair | None" = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who are, or were, paired. ``buddy_id`` is None once the buddy was erased."""

    id: int
    guild_id: int
    newcomer_id: int
    buddy_id: int | None
    begun_at: datetime
    introduced_at: datetime | None
    thread_id: int | None
    met_at: datetime | None
    ended_at: datetime | None

    def other(self, user_id: int) -> int | None:
        return self.buddy_id if user_id == self.newcomer_id else self.newcomer_id


class Buddies:
    """Who waits is locked before the offers are, and the offers in the order of their members: two newcomers who want
    the last place at once get it one after the other, on both databases.
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
        self._matching = Matching(faces, zone_of, clock)
        self._attention = attention
        self._inbox = inbox
        self._facts = facts
        self._timers = timers
        self._clock = clock

    # What people do

    async def ask(self, guild_id: int, user_id: int) -> Answer:
        """A member would like a buddy. Safe to repeat. Raises BuddiesOff."""
        if not self.on(guild_id):
            raise BuddiesOff
        return await self._db.transaction(lambda tx: self._ask(tx, guild_id, user_id))

    async def take_back(self, guild_id: int, user_id: int) -> bool:
        """They would rather go on alone; False when they did not wait."""

        async def work(tx: Transaction) -> bool:
            wish = await _wish(tx, guild_id, user_id)
            if wish is None:
                return False
            await self._drop(tx, wish, "taken_back")
            return True

        return await self._db.transaction(work)

    async def assign(self, guild_id: int, user_id: int) -> Answer:
        """Somebody of the team wants this newcomer to have a buddy: who asked for one is matched, others are asked.

        Nobody is paired against their wish. Raises BuddiesOff.
        """
        if not self.on(guild_id):
            raise BuddiesOff

        async def work(tx: Transaction) -> Answer:
            if pair := await _present(tx.session, guild_id, user_id):
                return Answer(Asked.HAS_ONE, seen(pair))
            if await _wish(tx, guild_id, user_id) is not None:
                return await self._ask(tx, guild_id, user_id)
            until = self._clock() + INVITED_WITHIN
            asked = await self._attention.propose(tx, Proposal(guild_id, user_id, INVITE, "team", until))
            return Answer(Asked.OFFERED if asked else Asked.SILENT)

        return await self._db.transaction(work)

    async def met(self, pair_id: int, by: int) -> Pair:
        """The newcomer says that they met. Raises NotYourPair for others: a buddy does not vouch for themselves."""

        async def work(tx: Transaction) -> Pair:
            row = await _locked(tx, pair_id)
            if row is None or row.newcomer_id != by:
                raise NotYourPair
            if row.ended_at is None and row.met_at is None:
                row.met_at = self._clock()
                await tx.session.flush()
                await self._withdraw(tx, row)
            return seen(row)

        return await self._db.transaction(work)

    async def change(self, pair_id: int, by: int) -> Answer | None:
        """One of the two cannot go on. The newcomer gets another buddy, or waits for one; None for the buddy.

        Raises NotYourPair for others, and for those whose pairing is over.
        """

        async def work(tx: Transaction) -> Answer | None:
            row = await _locked(tx, pair_id)
            if row is None or by not in (row.newcomer_id, row.buddy_id) or row.ended_at is not None:
                raise NotYourPair
            if by == row.buddy_id:
                await self._end(tx, row, Ending.WITHDREW, tell=row.newcomer_id)
                return None
            await self._end(tx, row, Ending.CHANGED, tell=row.buddy_id)
            return await self._ask(tx, row.guild_id, by)

        return await self._db.transaction(work)

    # What Discord tells

    async def on_moved(self, event: WelcomeMoved, tx: Transaction) -> None:
        """A newcomer who waits may have done the required steps."""
        waits = select(BuddyWish.id).filter_by(guild_id=event.guild_id, user_id=event.user_id)
        if self.on(event.guild_id) and await tx.session.scalar(waits) is not None:
            await self.look(tx, event.guild_id)

    async def gone(self, tx: Transaction, guild_id: int | None, user_id: int, *, erased: bool = False) -> None:
        """Somebody left, was banned, or is being erased (None: everywhere): what they had here ends."""
        mine = (BuddyPair.newcomer_id == user_id) | (BuddyPair.buddy_id == user_id)
        query = select(BuddyPair).where(mine).order_by(BuddyPair.id).with_for_update()
        query = query.where(BuddyPair.guild_id == guild_id) if guild_id else query
        wishes = select(BuddyWish).filter_by(user_id=user_id)
        for wish in list(await tx.session.scalars(wishes.filter_by(guild_id=guild_id) if guild_id else wishes)):
            await self._drop(tx, wish, "left")
        for row in list(await tx.session.scalars(query)):
            if row.ended_at is None:
                await self._end(tx, row, Ending.LEFT, tell=_other(row, user_id), erased=erased)
            elif erased and row.message_id is not None:
                await self._tell(tx, row, None, erased=True)
        offers = delete(BuddyOffer).where(BuddyOffer.user_id == user_id)
        await tx.session.execute(offers.where(BuddyOffer.guild_id == guild_id) if guild_id else offers)

    # What time brings

    async def look(self, tx: Transaction, guild_id: int) -> None:
        """Promise to look for buddies for those who wait: a place may be free."""
        await self._timers.schedule(
            tx, kind=MATCH, key=f"{MATCH}:{guild_id}", due_at=self._clock(), guild_id=guild_id, payload={}
        )

    async def match(self, timer: DueTimer) -> None:
        """Those who wait, the longest first. Safe to repeat."""
        guild_id = timer.guild_id or 0
        if not self.on(guild_id):
            return
        async with self._db.read() as session:
            waiting = select(BuddyWish.user_id).filter_by(guild_id=guild_id).order_by(BuddyWish.asked_at, BuddyWish.id)
            people = list(await session.scalars(waiting))
        for user_id in people:
            await self._db.transaction(lambda tx, who=user_id: self._again(tx, guild_id, who))  # type: ignore[misc]

    async def follow(self, timer: DueTimer) -> None:
        """Ask the newcomer, or end the duty. Safe to repeat."""

        async def work(tx: Transaction) -> None:
            row = await _locked(tx, int(timer.payload["pair"]))
            if row is None or row.ended_at is not None:
                return
            if row.begun_at + rules.DUTY <= self._clock():
                await self._finish(tx, row)
            else:
                await self._question(tx, row)

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
            row = await _present(session, guild_id, user_id)
            return None if row is None else seen(row)

    async def note(self, pair_id: int, **values: Any) -> None:
        """Keep where and when the two were introduced."""

        async def work(tx: Transaction) -> None:
            row = await _locked(tx, pair_id)
            for name, value in values.items() if row is not None else ():
                setattr(row, name, value)

        await self._db.transaction(work)

    async def unreachable(self, pair_id: int) -> None:
        """No message reaches the buddy: their offer rests, and the newcomer gets another one."""

        async def work(tx: Transaction) -> None:
            row = await _locked(tx, pair_id)
            if row is None or row.ended_at is not None or row.buddy_id is None:
                return
            offer = select(BuddyOffer).filter_by(guild_id=row.guild_id, user_id=row.buddy_id).with_for_update()
            for one in await tx.session.scalars(offer):
                one.paused = one.unreachable = True
            await self._end(tx, row, Ending.UNREACHABLE, tell=None)
            await self._ask(tx, row.guild_id, row.newcomer_id)

        await self._db.transaction(work)

    def on(self, guild_id: int) -> bool:
        """Whether the server offers buddies."""
        return self._settings.get(guild_id, BuddiesSettings).enabled

    # Inside a transaction

    async def _ask(self, tx: Transaction, guild_id: int, user_id: int) -> Answer:
        await tx.ensure(BuddyWish, guild_id=guild_id, user_id=user_id, asked_at=self._clock())
        wish = await _wish(tx, guild_id, user_id)
        # Another click, a moment earlier, may have been answered while this one waited for the lock.
        if pair := await _present(tx.session, guild_id, user_id):
            if wish is not None:
                await self._drop(tx, wish, "paired")
            return Answer(Asked.HAS_ONE, seen(pair))
        if wish is None:
            return await self._ask(tx, guild_id, user_id)
        return await self._match(tx, wish)

    async def _again(self, tx: Transaction, guild_id: int, user_id: int) -> None:
        wish = await _wish(tx, guild_id, user_id)
        if wish is not None:
            await self._match(tx, wish)

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
        await self._drop(tx, wish, "paired")
        await self._promise(tx, INTRODUCE, pair, pair.begun_at)
        await self._promise(tx, FOLLOW, pair, rules.looks_next(pair.begun_at, 0))
        return Answer(Asked.PAIRED, seen(pair))

    async def _question(self, tx: Transaction, row: BuddyPair) -> None:
        """Propose the newest question that is due; those who have met are asked nothing more."""
        due = rules.questions_due(row.begun_at, row.asked, self._clock())
        if due:
            row.asked = due[-1] + 1
            await tx.session.flush()
        if due and row.met_at is None:
            until = row.begun_at + rules.CHECKS[due[-1]] + rules.ANSWERED_WITHIN[due[-1]]
            source, params = f"{row.id}:{row.asked}", {"pair": row.id}
            await self._attention.propose(
                tx, Proposal(row.guild_id, row.newcomer_id, CHECK, source, max(until, self._clock()), params)
            )
        await self._promise(tx, FOLLOW, row, rules.looks_next(row.begun_at, row.asked))

    async def _finish(self, tx: Transaction, row: BuddyPair) -> None:
        """The duty is over; it was a success when they met and the newcomer was active in its second week."""
        active = await self._matching.was_active(tx.session, row.guild_id, row.newcomer_id, row.begun_at)
        if row.met_at is not None and row.buddy_id is not None and active:
            await self._facts.record(
                tx,
                row.guild_id,
                row.buddy_id,
                "buddy_success",
                f"buddy:{row.id}",
                self._clock(),
                for_member=row.newcomer_id,
            )
        await self._end(tx, row, Ending.OVER, tell=None)

    async def _end(
        self, tx: Transaction, row: BuddyPair, why: Ending, *, tell: int | None, erased: bool = False
    ) -> None:
        row.ended_at, row.ending = self._clock(), why
        await tx.session.flush()
        await self._withdraw(tx, row)
        for kind in (INTRODUCE, FOLLOW):
            await self._timers.cancel(tx, f"{kind}:{row.id}")
        if row.introduced_at is not None or row.thread_id is not None:
            await self._tell(tx, row, tell, erased=erased)
        await self.look(tx, row.guild_id)

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

    async def _withdraw(self, tx: Transaction, row: BuddyPair) -> None:
        for number in range(1, row.asked + 1):
            await self._attention.withdraw(tx, row.guild_id, row.newcomer_id, CHECK, f"{row.id}:{number}")

    async def _drop(self, tx: Transaction, wish: BuddyWish, outcome: str) -> None:
        await self._inbox.done(tx, wish.guild_id, WAITS, f"wish:{wish.id}", None, outcome)
        await tx.session.delete(wish)
        await tx.session.flush()

    async def _promise(self, tx: Transaction, kind: str, row: BuddyPair, at: datetime) -> None:
        await self._timers.schedule(
            tx, kind=kind, key=f"{kind}:{row.id}", due_at=at, guild_id=row.guild_id, payload={"pair": row.id}
        )


def is_shown(settings: GuildSettings) -> Callable[[int], bool]:
    """Whether the inbox shows who waits for a buddy."""
    return lambda guild_id: settings.get(guild_id, BuddiesSettings).enabled


async def _wish(tx: Transaction, guild_id: int, user_id: int) -> BuddyWish | None:
    mine = select(BuddyWish).filter_by(guild_id=guild_id, user_id=user_id).with_for_update()
    return (await tx.session.scalars(mine.execution_options(populate_existing=True))).one_or_none()


async def _locked(tx: Transaction, pair_id: int) -> BuddyPair | None:
    return await tx.session.get(BuddyPair, pair_id, with_for_update=True, populate_existing=True)


async def _present(session: AsyncSession, guild_id: int, user_id: int) -> BuddyPair | None:
    mine = select(BuddyPair).filter_by(guild_id=guild_id, newcomer_id=user_id, ended_at=None)
    return (await session.scalars(mine)).one_or_none()


def _other(row: BuddyPair, user_id: int) -> int | None:
    return row.buddy_id if user_id == row.newcomer_id else row.newcomer_id


def seen(row: BuddyPair) -> Pair:
    return Pair(
        row.id,
        row.guild_id,
        row.newcomer_id,
        row.buddy_id,
        row.begun_at,
        row.introduced_at,
        row.thread_id,
        row.met_at,
        row.ended_at,
    )
