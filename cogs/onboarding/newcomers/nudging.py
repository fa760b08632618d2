"""Reminds newcomers who are stuck: once per step, by day, within the attention budget."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.models import AttentionProposal
from bot.clock import Clock, now
from bot.contracts.attention import Outcome, Proposal, ProposalSettled
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from bot.timers import DueTimer, Timers
from cogs.onboarding.budget import Budget
from cogs.onboarding.events import WelcomeMoved
from cogs.onboarding.models import Journey
from cogs.onboarding.newcomers.models import Newcomer, StuckStep
from cogs.onboarding.newcomers.settings import NewcomersSettings
from cogs.onboarding.newcomers.standing import Standing, standing_of
from cogs.onboarding.rules import Step
from cogs.onboarding.rules.nudges import END, expires_at, is_remindable, next_morning, remind_at
from cogs.onboarding.service import Journeys
from cogs.onboarding.settings import WelcomeSettings

KIND = "onboarding.step"
"""Of the message, in the attention budget."""
REMIND = "onboarding:remind"
"""Kind of the timer that looks whether a newcomer is still stuck."""
AT_ONCE = 50


class Asked(StrEnum):
    """What became of somebody's wish to have a newcomer reminded."""

    SOON = "soon"
    LATER = "later"
    """Once the night is over."""
    WAITING = "waiting"
    TOLD = "told"
    SILENT = "silent"
    TOO_LATE = "too_late"
    MOVED = "moved"
    """They are not at that step any more, or not here."""


class Nudges:
    """Plans in the transaction in which something moves; the timer only looks again.

    A reminder is proposed for the rest of the day and expires at 22:00, so that it can never be sent at night; what
    the budget had no room for is proposed again the next morning, under the next number, until the 14 days are over.
    What may have been sent is never proposed again.
    """

    def __init__(
        self,
        db: Database,
        settings: GuildSettings,
        journeys: Journeys,
        attention: Budget,
        timers: Timers,
        zone_of: Callable[[int], str],
        clock: Clock = now,
    ) -> None:
        self._db = db
        self._settings = settings
        self._journeys = journeys
        self._attention = attention
        self._timers = timers
        self._zone_of = zone_of
        self._clock = clock

    async def on_moved(self, event: WelcomeMoved, tx: Transaction) -> None:
        """Something about a member's welcome changed."""
        await self.plan(tx, event.guild_id, event.user_id)

    async def due(self, timer: DueTimer) -> None:
        """A newcomer may be stuck by now. Safe to repeat."""

        async def work(tx: Transaction) -> None:
            newcomer = await tx.session.get(Newcomer, int(timer.payload["newcomer"]))
            if newcomer is not None:
                await self.plan(tx, newcomer.guild_id, newcomer.user_id)

        await self._db.transaction(work)

    async def replan(self, guild_id: int) -> None:
        """The server's settings changed: look at everybody who may still be reminded."""
        query = (
            select(Journey.user_id)
            .where(Journey.guild_id == guild_id, Journey.left_at.is_(None))
            .where(Journey.joined_at > self._clock() - END)
            .order_by(Journey.user_id)
        )
        async with self._db.read() as session:
            people = list(await session.scalars(query))
        for start in range(0, len(people), AT_ONCE):

            async def work(tx: Transaction, part: tuple[int, ...] = tuple(people[start : start + AT_ONCE])) -> None:
                for user_id in part:
                    await self.plan(tx, guild_id, user_id)

            await self._db.transaction(work)

    async def plan(self, tx: Transaction, guild_id: int, user_id: int) -> None:
        """Take back what is out of date, then remind, or promise to look again."""
        newcomer = await tx.session.scalar(_newcomer(guild_id, user_id))
        if newcomer is None:
            return
        at_step = await self._standing(tx.session, newcomer)
        row = None if at_step is None else await self._known(tx, at_step)
        await self._withdraw(tx, guild_id, user_id, None if at_step is None else self._under_way(at_step, row))
        if at_step is None or not _is_open(row) or not self._wants(at_step, row):
            await self._timers.cancel(tx, f"{REMIND}:{newcomer.id}")
            return
        asked = row is not None and _was_asked(row, at_step)
        await self._remind(tx, at_step, self._clock() if asked else at_step.stuck_from)

    async def ask(self, guild_id: int, user_id: int, step: Step, by: int) -> Asked:
        """Somebody of the team wants this newcomer reminded of the step they are stuck at."""

        async def work(tx: Transaction) -> Asked:
            at_step = await self._present(tx.session, guild_id, user_id)
            if at_step is None or at_step.step is not step or not is_remindable(step):
                return Asked.MOVED
            row = await self._row(tx, at_step)
            if row.told_at is not None:
                return Asked.TOLD
            if row.outcome == Outcome.SILENCED:
                return Asked.SILENT
            if row.waiting or _was_asked(row, at_step):
                return Asked.WAITING
            row.asked_at, row.asked_by = self._clock(), by
            await tx.session.flush()
            return await self._remind(tx, at_step, self._clock())

        return await self._db.transaction(work)

    async def handled(self, guild_id: int, user_id: int, step: Step, by: int) -> bool:
        """Somebody of the team took care of it. False when that was said before, or they are at another step."""

        async def work(tx: Transaction) -> bool:
            at_step = await self._present(tx.session, guild_id, user_id)
            if at_step is None or at_step.step is not step:
                return False
            row = await self._row(tx, at_step)
            if row.handled_at is not None:
                return False
            row.handled_at, row.handled_by = self._clock(), by
            await tx.session.flush()
            await self._withdraw(tx, guild_id, user_id, None)
            await self._timers.cancel(tx, f"{REMIND}:{at_step.newcomer_id}")
            return True

        return await self._db.transaction(work)

    async def on_settled(self, event: ProposalSettled, tx: Transaction) -> None:
        """A reminder was sent or dropped."""
        if event.kind != KIND:
            return
        step, _, number = event.source.partition(":")
        key = (event.guild_id, event.user_id, step)
        row = await tx.session.get(StuckStep, key, with_for_update=True)
        if row is None or row.tries != int(number):
            return
        row.waiting, row.outcome = False, event.outcome.value
        if event.outcome in (Outcome.SENT, Outcome.CLOSED) or await _was_begun(tx, event):
            row.told_at = self._clock()
        await tx.session.flush()
        if row.told_at is None and event.outcome is Outcome.EXPIRED:
            await self._tomorrow(tx, event.guild_id, event.user_id)

    async def is_at(self, guild_id: int, user_id: int, step: Step) -> bool:
        """Whether they are still stuck there, as the message is about to be sent."""
        async with self._db.read() as session:
            at_step = await self._present(session, guild_id, user_id)
        return at_step is not None and at_step.step is step

    async def _present(self, session: AsyncSession, guild_id: int, user_id: int) -> Standing | None:
        newcomer = await session.scalar(_newcomer(guild_id, user_id))
        return None if newcomer is None else await self._standing(session, newcomer)

    async def _standing(self, session: AsyncSession, newcomer: Newcomer) -> Standing | None:
        """Where the newcomer stands; None where there is no welcome, too."""
        guild_id = newcomer.guild_id
        if not self._settings.get(guild_id, WelcomeSettings).enabled:
            return None
        waits = self._settings.get(guild_id, NewcomersSettings).waits()
        return await standing_of(session, newcomer, self._journeys.plan(guild_id), waits)

    def _wants(self, at_step: Standing, row: StuckStep | None) -> bool:
        if not is_remindable(at_step.step):
            return False
        reminders = self._settings.get(at_step.guild_id, NewcomersSettings).reminders
        return reminders or (row is not None and _was_asked(row, at_step))

    def _under_way(self, at_step: Standing, row: StuckStep | None) -> Step | None:
        """The step a reminder of which may still arrive; after another step was done, only one that was asked for."""
        asked = row is not None and row.asked_at is not None and row.asked_at >= at_step.joined_at
        return at_step.step if asked or at_step.stuck_from <= self._clock() else None

    async def _remind(self, tx: Transaction, at_step: Standing, stuck_from: datetime) -> Asked:
        zone, present = self._zone_of(at_step.guild_id), self._clock()
        at = remind_at(stuck_from, at_step.joined_at, present, zone)
        if at is not None and at > present:
            await self._look_again(tx, at_step.guild_id, at_step.newcomer_id, at)
            return Asked.LATER
        await self._timers.cancel(tx, f"{REMIND}:{at_step.newcomer_id}")
        if at is None:
            return Asked.TOO_LATE
        return await self._propose(tx, at_step, expires_at(present, at_step.joined_at, zone))

    async def _propose(self, tx: Transaction, at_step: Standing, until: datetime) -> Asked:
        row = await self._row(tx, at_step)
        row.tries, row.waiting, row.outcome = row.tries + 1, True, None
        await tx.session.flush()
        source = f"{row.step}:{row.tries}"
        proposal = Proposal(at_step.guild_id, at_step.user_id, KIND, source, until, {"step": row.step})
        if await self._attention.propose(tx, proposal):
            return Asked.SOON
        if not row.waiting:  # it expired at once: the budget has no room for it today
            return Asked.LATER
        row.waiting, row.outcome = False, Outcome.SILENCED.value
        await tx.session.flush()
        return Asked.SILENT

    async def _withdraw(self, tx: Transaction, guild_id: int, user_id: int, but: Step | None) -> None:
        query = select(StuckStep).filter_by(guild_id=guild_id, user_id=user_id, waiting=True)
        for row in list(await tx.session.scalars(query)):
            if row.step != but:
                await self._attention.withdraw(tx, guild_id, user_id, KIND, f"{row.step}:{row.tries}")

    async def _tomorrow(self, tx: Transaction, guild_id: int, user_id: int) -> None:
        newcomer = await tx.session.scalar(_newcomer(guild_id, user_id))
        if newcomer is not None:
            at = next_morning(self._clock(), self._zone_of(guild_id))
            await self._look_again(tx, guild_id, newcomer.id, at)

    async def _look_again(self, tx: Transaction, guild_id: int, newcomer_id: int, at: datetime) -> None:
        await self._timers.schedule(
            tx,
            kind=REMIND,
            key=f"{REMIND}:{newcomer_id}",
            due_at=at,
            guild_id=guild_id,
            payload={"newcomer": newcomer_id},
        )

    async def _known(self, tx: Transaction, at_step: Standing) -> StuckStep | None:
        key = (at_step.guild_id, at_step.user_id, at_step.step.value)
        return await tx.session.get(StuckStep, key, with_for_update=True)

    async def _row(self, tx: Transaction, at_step: Standing) -> StuckStep:
        key = {"guild_id": at_step.guild_id, "user_id": at_step.user_id, "step": at_step.step.value}
        await tx.ensure(StuckStep, **key, tries=0, waiting=False)
        return await tx.session.get_one(StuckStep, tuple(key.values()), with_for_update=True)


def _newcomer(guild_id: int, user_id: int) -> Select[Newcomer]:
    return select(Newcomer).filter_by(guild_id=guild_id, user_id=user_id)


def _was_asked(row: StuckStep, at_step: Standing) -> bool:
    """Whether the team asked for a reminder in this stay, at this step."""
    return row.asked_at is not None and row.asked_at >= at_step.since


def _is_open(row: StuckStep | None) -> bool:
    """Whether a reminder of this step may still be proposed."""
    if row is None:
        return True
    settled = row.told_at is not None or row.handled_at is not None or row.outcome == Outcome.SILENCED
    return not (settled or row.waiting)


async def _was_begun(tx: Transaction, event: ProposalSettled) -> bool:
    """Whether the message may exist, though nobody knows."""
    mine = select(AttentionProposal.claimed_at).filter_by(
        guild_id=event.guild_id, user_id=event.user_id, kind=event.kind, source=event.source
    )
    return await tx.session.scalar(mine) is not None
