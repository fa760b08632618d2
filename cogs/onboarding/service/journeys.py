"""Each newcomer's way: what happened is written down once, with its fact, in the transaction in which it happened."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, now
from bot.community.facts import Facts
from bot.community.models import Member
from bot.contracts.events import MemberJoined, MemberLeft, MemberScreened
from bot.contracts.services import CodeOfConduct
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from cogs.onboarding import rules
from cogs.onboarding.events import NewcomerSpoke, WelcomeMoved
from cogs.onboarding.models import CodeAcceptance, Greeting, GroupChoice, How, Introduction, Journey
from cogs.onboarding.rules import Offer, Plan, Progress
from cogs.onboarding.service.refusals import AlreadyIntroduced, CodeChanged, NewcomerGone, OwnIntroduction
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings

Act = Callable[[Transaction, Journey, datetime], Awaitable[None]]
"""What a step writes down, in its transaction."""
Place = tuple[int, int | None]
"""Channel and message; None where only the channel is known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``counted``: this person greets this newcomer for the first time. ``first``: nobody had answered before."""

    counted: bool
    first: bool


class Journeys:
    """Steps of the welcome, in the order things happen to a newcomer."""

    def __init__(
        self, db: Database, settings: GuildSettings, code: CodeOfConduct, facts: Facts, clock: Clock = now
    ) -> None:
        self._db = db
        self._settings = settings
        self._code = code
        self._facts = facts
        self._clock = clock

    def plan(self, guild_id: int, *, screening: bool = True) -> Plan:
        """The server's steps as they stand, from memory. ``screening``: it has Discord's own rules screening."""
        welcome = self._settings.get(guild_id, WelcomeSettings)
        offer = Offer(
            code_major=self._code.current(guild_id).major,
            groups=bool(self._settings.get(guild_id, GroupsSettings).groups),
            introductions=welcome.introductions_channel is not None,
            screening=screening,
        )
        return rules.plan(welcome.planned(), offer)

    async def progress(self, guild_id: int, user_id: int) -> Progress:
        """How far a member is."""
        async with self._db.read() as session:
            journey = await session.get(Journey, (guild_id, user_id))
            return progress_of(journey, await _accepted(session, guild_id, user_id)) if journey else Progress()

    # What Discord tells

    async def on_joined(self, event: MemberJoined, tx: Transaction) -> None:
        """Begin a stay; what was accepted, chosen and written in an earlier one still holds."""
        await tx.session.execute(
            delete(GroupChoice).filter_by(guild_id=event.guild_id, user_id=event.user_id, wanted=False)
        )
        await tx.session.execute(
            update(GroupChoice).filter_by(guild_id=event.guild_id, user_id=event.user_id).values(applied=False)
        )
        key = (event.guild_id, event.user_id)
        known = await tx.session.get(Journey, key)
        if known is None and not self._settings.get(event.guild_id, WelcomeSettings).enabled:
            await tx.emit(WelcomeMoved(*key))
            return
        journey = await self._locked(tx, *key)
        journey.joined_at = journey.active_at = event.at
        journey.left_at = None
        journey.screened_at = None if event.pending else event.at
        journey.welcomed_at = journey.role_given_at = None
        await self._settle(tx, journey)

    async def on_screened(self, event: MemberScreened, tx: Transaction) -> None:
        """Discord's own rules were accepted."""
        journey = await tx.session.get(Journey, (event.guild_id, event.user_id), with_for_update=True)
        if journey is not None:
            journey.screened_at = journey.screened_at or self._clock()
            await self._settle(tx, journey)

    async def on_left(self, event: MemberLeft, tx: Transaction) -> None:
        """The stay is over; the way so far is kept for a return."""
        journey = await tx.session.get(Journey, (event.guild_id, event.user_id), with_for_update=True)
        if journey is not None:
            journey.left_at = event.at
            journey.role_given_at = None
            await tx.emit(WelcomeMoved(event.guild_id, event.user_id))

    # What the newcomer does

    async def begin(self, guild_id: int, user_id: int) -> Progress:
        """The member opened their checklist; members from before the welcome begin here."""
        return await self._step(guild_id, user_id)

    async def accept_code(self, guild_id: int, user_id: int, version: int) -> Progress:
        """Accept the version that was shown. Raises CodeChanged when another one is in force by now."""
        code = self._code.current(guild_id)
        if code.version != version:
            raise CodeChanged

        async def accept(tx: Transaction, journey: Journey, at: datetime) -> None:
            await tx.ensure(
                CodeAcceptance, guild_id=guild_id, user_id=user_id, version=version, major=code.major, accepted_at=at
            )

        return await self._step(guild_id, user_id, accept)

    async def choose_groups(
        self, guild_id: int, user_id: int, *, wanted: Collection[int], unwanted: Collection[int]
    ) -> Progress:
        """Want these groups' roles, and those no longer. Roles named in neither stay as they are."""

        async def choose(tx: Transaction, journey: Journey, at: datetime) -> None:
            journey.groups_at = journey.groups_at or at
            for role_id in sorted({*wanted, *unwanted}):
                key = {"guild_id": guild_id, "user_id": user_id, "role_id": role_id}
                await tx.ensure(GroupChoice, **key, wanted=role_id in wanted, applied=False, chosen_at=at)
                row = await tx.session.get_one(GroupChoice, tuple(key.values()), with_for_update=True)
                if row.wanted is not (role_id in wanted):
                    row.wanted, row.applied, row.chosen_at = role_id in wanted, False, at

        return await self._step(guild_id, user_id, choose)

    async def introduce(self, guild_id: int, user_id: int, answers: Sequence[tuple[str, str]]) -> Progress:
        """Keep the introduction, (prompt, answer) pairs. Raises AlreadyIntroduced: the first one stands."""

        async def introduce(tx: Transaction, journey: Journey, at: datetime) -> None:
            written = [[prompt, answer] for prompt, answer in answers]
            if not await tx.ensure(
                Introduction, guild_id=guild_id, user_id=user_id, answers=written, written_at=at, greetings_shown=0
            ):
                raise AlreadyIntroduced
            journey.introduced_at = at
            await self._record(tx, journey, "introduced")

        return await self._step(guild_id, user_id, introduce)

    async def spoke(self, guild_id: int, user_id: int, at: datetime, place: Place | None = None) -> None:
        """The newcomer's first message; members without a way, and later messages, change nothing."""

        await self._db.transaction(lambda tx: self._spoke(tx, guild_id, user_id, at, place))

    async def counted(self, tx: Transaction, guild_id: int, spoke: Collection[int], channels: Collection[int]) -> None:
        """Messages of these newcomers were counted, also those of an outage; not in their own welcome's thread."""
        own = select(Journey.user_id).where(Journey.guild_id == guild_id, Journey.thread_id.in_(channels))
        private = set(await tx.session.scalars(own))
        people = sorted(set(spoke) - private)
        seen = select(Member.user_id, Member.last_active_at).where(
            Member.guild_id == guild_id, Member.user_id.in_(people), Member.last_active_at.is_not(None)
        )
        # The count notes when they were last active before it tells: no later than now, and no earlier than they wrote.
        active = dict([*await tx.session.execute(seen)]) if people else {}
        for user_id in people:
            at = min(self._clock(), active.get(user_id, self._clock()))
            await self._spoke(tx, guild_id, user_id, at, (min(channels), None))

    async def _spoke(self, tx: Transaction, guild_id: int, user_id: int, at: datetime, place: Place | None) -> None:
        journey = await tx.session.get(Journey, (guild_id, user_id), with_for_update=True)
        if journey is not None and journey.first_message_at is None:
            journey.first_message_at = at
            await self._settle(tx, journey)
            if place is not None:
                await tx.emit(NewcomerSpoke(guild_id, user_id, *place))

    async def greet(
        self, guild_id: int, newcomer_id: int, greeter_id: int, how: How, at: datetime | None = None
    ) -> Answer:
        """Somebody answered a newcomer, now or at an instant that was learnt of later.

        Raises NewcomerGone, or OwnIntroduction for oneself. Bots never get here.
        """
        if not rules.may_greet(newcomer_id, greeter_id, greeter_is_bot=False):
            raise OwnIntroduction

        async def work(tx: Transaction) -> Answer:
            journey = await tx.session.get(Journey, (guild_id, newcomer_id), with_for_update=True)
            if journey is None or journey.left_at is not None:
                raise NewcomerGone
            when = at or self._clock()
            people = {"guild_id": guild_id, "newcomer_id": newcomer_id, "greeter_id": greeter_id}
            counted = await tx.ensure(Greeting, **people, how=how, at=when)
            if how is How.HELLO and not counted:
                await tx.session.execute(update(Greeting).filter_by(**people).values(how=How.HELLO))
            first = journey.answered_at is None
            journey.answered_at = journey.answered_at or when
            if counted:
                greeting = select(Greeting.id).filter_by(**people)
                source = f"greeting:{await tx.session.scalar(greeting)}"
                await self._facts.record(tx, guild_id, greeter_id, "greeted", source, when, for_member=newcomer_id)
            await self._settle(tx, journey)
            return Answer(counted, first)

        return await self._db.transaction(work)

    async def settle(self, guild_id: int, user_id: int) -> Progress | None:
        """Look at a member's way again after the server's steps changed; None when they have none here."""

        async def work(tx: Transaction) -> Progress | None:
            journey = await tx.session.get(Journey, (guild_id, user_id), with_for_update=True)
            return None if journey is None or journey.left_at else await self._settle(tx, journey)

        return await self._db.transaction(work)

    # How a step is written

    async def _step(self, guild_id: int, user_id: int, act: Act | None = None) -> Progress:
        async def work(tx: Transaction) -> Progress:
            at = self._clock()
            journey = await self._locked(tx, guild_id, user_id)
            # Discord lets nobody press anything before its own screening is over, nor after leaving.
            journey.screened_at, journey.left_at = journey.screened_at or at, None
            # Who has found the way needs no private welcome any more.
            journey.welcomed_at, journey.active_at = journey.welcomed_at or at, at
            if act is not None:
                await act(tx, journey, at)
            return await self._settle(tx, journey)

        return await self._db.transaction(work)

    async def _locked(self, tx: Transaction, guild_id: int, user_id: int) -> Journey:
        at = self._clock()
        known = await tx.session.get(Member, (guild_id, user_id))
        joined_at = known.joined_at if known else at
        await tx.ensure(Journey, guild_id=guild_id, user_id=user_id, joined_at=joined_at, active_at=at)
        return await tx.session.get_one(Journey, (guild_id, user_id), with_for_update=True)

    async def _settle(self, tx: Transaction, journey: Journey) -> Progress:
        progress = progress_of(journey, await _accepted(tx.session, journey.guild_id, journey.user_id))
        if journey.onboarded_at is None and rules.is_ready(self.plan(journey.guild_id), progress):
            journey.onboarded_at = self._clock()
            await self._record(tx, journey, "onboarded")
        await tx.emit(WelcomeMoved(journey.guild_id, journey.user_id))
        return progress

    async def _record(self, tx: Transaction, journey: Journey, kind: str) -> None:
        await self._facts.record(tx, journey.guild_id, journey.user_id, kind, "welcome", self._clock())


async def _accepted(session: AsyncSession, guild_id: int, user_id: int) -> int:
    query = select(func.max(CodeAcceptance.major)).filter_by(guild_id=guild_id, user_id=user_id)
    return await session.scalar(query) or 0


def progress_of(journey: Journey, accepted_major: int) -> Progress:
    return Progress(
        screened=journey.screened_at is not None,
        accepted_major=accepted_major,
        groups=journey.groups_at is not None,
        introduced=journey.introduced_at is not None,
        first_message=journey.first_message_at is not None,
        first_reply=journey.answered_at is not None,
    )
