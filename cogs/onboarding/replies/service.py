"""Sees to it that every newcomer is answered: asks greeters in turn, then the team. Every method is a transaction."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.timers import Timers
from cogs.onboarding.events import AwaitedMoved
from cogs.onboarding.models import Journey
from cogs.onboarding.replies.board import Board, board_of
from cogs.onboarding.replies.course import Course
from cogs.onboarding.replies.greeters import Greeters
from cogs.onboarding.replies.models import Answer, Awaited, GreeterCall
from cogs.onboarding.replies.refusals import NotAsked, PassedOn, TakenBy, WaitsNoLonger

SHOW = "onboarding:reply:show"
"""Kind of the timer that brings the greeters' channel up to date once Discord answers again."""
AGAIN = timedelta(seconds=30)
"""After a first failure; the timer itself then doubles the pause each time."""


class Replies:
    """One timer for each who waits, and what greeters answer to a call."""

    def __init__(self, db: Database, course: Course, timers: Timers, greeters: Greeters, clock: Clock = now) -> None:
        self._db = db
        self._course = course
        self._timers = timers
        self._greeters = greeters
        self._clock = clock

    def active(self, guild_id: int) -> bool:
        """Whether first answers are watched over in this server."""
        return self._course.active(guild_id)

    # What is due

    async def due(self, awaited_id: int) -> None:
        """Ask a greeter, or put it before the team. Safe to repeat."""

        async def work(tx: Transaction) -> None:
            row = await _unanswered(tx, awaited_id)
            if row is not None and self._course.active(row.guild_id):
                await self._course.go_on(tx, row)

        await self._db.transaction(work)

    async def later(self, awaited_id: int, pause: timedelta) -> None:
        """Look again after a pause: Discord does not show the server at present."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Awaited, awaited_id)
            if row is not None and row.outcome is None:
                await self._course.look_at(tx, row, self._clock() + pause)

        await self._db.transaction(work)

    async def replan(self, guild_id: int) -> None:
        """The settings changed: whoever waits is looked at anew."""

        async def work(tx: Transaction) -> None:
            query = select(Awaited).filter_by(guild_id=guild_id, outcome=None).where(Awaited.escalated_at.is_(None))
            for row in (await tx.session.scalars(query.order_by(Awaited.id).with_for_update())).all():
                await self._course.plan(tx, row)

        await self._db.transaction(work)

    async def unreachable(self, awaited_id: int) -> None:
        """No greeter can be asked in the greeters' channel: the team has it at once."""

        async def work(tx: Transaction) -> None:
            row = await _unanswered(tx, awaited_id)
            if row is not None:
                await self._course.escalate(tx, row)

        await self._db.transaction(work)

    async def show_again(self, guild_id: int, awaited_id: int) -> None:
        """What the greeters' channel should say could not be said: it is tried until it is."""
        await self._db.transaction(
            lambda tx: self._timers.schedule(
                tx,
                kind=SHOW,
                key=f"{SHOW}:{awaited_id}",
                due_at=self._clock() + AGAIN,
                guild_id=guild_id,
                payload={"awaited": awaited_id},
            )
        )

    async def said_at(self, awaited_id: int, message_id: int, at: datetime) -> None:
        """Which message their first words were, and when, as found out after an outage: the wait began then."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Awaited, awaited_id)
            if row is None:
                return
            # Their way is locked before their wait everywhere, so that two who move them never block each other.
            journey = await tx.session.get(Journey, (row.guild_id, row.user_id), with_for_update=True)
            await tx.session.refresh(row, with_for_update=True)
            if row.message_id is not None:
                return
            row.message_id, row.began_at = message_id, min(row.began_at, at)
            if journey is not None and journey.first_message_at is not None:
                journey.first_message_at = min(journey.first_message_at, at)
            await tx.session.flush()
            if row.outcome is None and row.escalated_at is None:
                await self._course.plan(tx, row)

        await self._db.transaction(work)

    # What greeters do

    async def take(self, call_id: int, by: int) -> Board:
        """A greeter takes care of it. Raises WaitsNoLonger, PassedOn or TakenBy."""

        async def work(tx: Transaction) -> Board:
            row, call = await _waiting(tx, call_id)
            if row.user_id == by:
                raise NotAsked
            if call.answer is Answer.DECLINED:
                raise PassedOn
            if call.taken_by not in (None, by):
                raise TakenBy(call.taken_by or 0)
            call.answer, call.taken_by = Answer.TAKEN, by
            await self._greeters.renew(tx, row.guild_id, by)
            await tx.session.flush()
            await tx.emit(AwaitedMoved(row.guild_id, row.id))
            return await board_of(tx.session, row)

        return await self._db.transaction(work)

    async def decline(self, call_id: int, by: int) -> Board:
        """Not now: the next greeter is asked, else the team. Raises WaitsNoLonger, NotAsked or PassedOn."""

        async def work(tx: Transaction) -> Board:
            row, call = await _waiting(tx, call_id)
            if by != (call.taken_by or call.greeter_id):
                raise NotAsked
            if call.answer is Answer.DECLINED or row.escalated_at is not None:
                raise PassedOn
            await self._greeters.renew(tx, row.guild_id, by)
            await self._course.pass_on(tx, row, call)
            return await board_of(tx.session, row)

        return await self._db.transaction(work)


async def _unanswered(tx: Transaction, awaited_id: int) -> Awaited | None:
    """Locked; None for one who waits no longer, or whom the team has."""
    row = await tx.session.get(Awaited, awaited_id, with_for_update=True, populate_existing=True)
    return row if row is not None and row.outcome is None and row.escalated_at is None else None


async def _waiting(tx: Transaction, call_id: int) -> tuple[Awaited, GreeterCall]:
    """Both, locked. Raises WaitsNoLonger."""
    call = await tx.session.get(GreeterCall, call_id)
    row = await tx.session.get(Awaited, call.awaited_id, with_for_update=True) if call is not None else None
    if call is None or row is None or row.outcome is not None:
        raise WaitsNoLonger
    await tx.session.refresh(call, with_for_update=True)
    return row, call
