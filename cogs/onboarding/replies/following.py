"""What happens to newcomers and greeters, noted in the transaction in which it happens."""

from sqlalchemy import or_, select, true

from bot.clock import Clock, now
from bot.contracts.events import MemberErasing, MemberLeft
from bot.contracts.inbox import InboxItemSettled
from bot.database import Transaction
from bot.timers import Timers
from cogs.onboarding.events import AwaitedMoved, NewcomerSpoke, WelcomeMoved
from cogs.onboarding.models import Journey
from cogs.onboarding.newcomers.models import Newcomer
from cogs.onboarding.replies.course import UNANSWERED, Course
from cogs.onboarding.replies.models import Awaited, Ended, GreeterCall
from cogs.onboarding.replies.rules import FRESH, LEARNT_WITHIN
from cogs.onboarding.service import TAKE_DOWN


class Following:
    """Every method is the handler of an event, in the transaction of whoever announces it."""

    def __init__(self, course: Course, timers: Timers, clock: Clock = now) -> None:
        self._course = course
        self._timers = timers
        self._clock = clock

    async def on_moved(self, event: WelcomeMoved, tx: Transaction) -> None:
        """They may have said their first words, been answered, left, or come back."""
        journey = await tx.session.get(Journey, (event.guild_id, event.user_id))
        if journey is None:
            return
        row = await _row(tx, event.guild_id, event.user_id)
        if journey.answered_at is not None or journey.left_at is not None:
            outcome = Ended.LEFT if journey.answered_at is None else Ended.ANSWERED
            if row is not None and row.outcome is None:
                await self._course.settle(tx, row, outcome)
            return
        words = (journey.first_message_at, journey.introduced_at)
        began = min((at for at in words if at is not None), default=None)
        if began is None:
            return
        if row is None and began > self._clock() - LEARNT_WITHIN and await _is_newcomer(tx, event):
            await tx.ensure(Awaited, guild_id=event.guild_id, user_id=event.user_id, began_at=began, turn=1)
            row = await _row(tx, event.guild_id, event.user_id)
            assert row is not None
            await self._course.plan(tx, row)
        elif row is not None and row.outcome is Ended.LEFT and began > self._clock() - FRESH:
            await self._resume(tx, row)

    async def on_spoke(self, event: NewcomerSpoke, tx: Transaction) -> None:
        """Where they wrote first is where an answer is looked for."""
        row = await _row(tx, event.guild_id, event.user_id)
        if row is not None and row.channel_id is None:
            row.channel_id, row.message_id = event.channel_id, event.message_id
            await tx.session.flush()
            if event.message_id is None and row.outcome is None and self._course.active(row.guild_id):
                # Learnt from the count of an outage: which message it was, and when, is found out at once.
                await self._course.look_at(tx, row, self._clock())

    async def on_item_settled(self, event: InboxItemSettled, tx: Transaction) -> None:
        """The team marked it as done by hand."""
        if event.kind != UNANSWERED.name or event.by is None:
            return
        row = await tx.session.get(Awaited, int(event.source.partition(":")[0]), with_for_update=True)
        if row is not None and row.outcome is None:
            await self._course.settle(tx, row, Ended.HANDLED)

    async def on_left(self, event: MemberLeft, tx: Transaction) -> None:
        """A greeter left: whoever they were asked to answer is not theirs any more."""
        query = select(GreeterCall).filter_by(guild_id=event.guild_id, greeter_id=event.user_id, answer=None)
        for call in (await tx.session.scalars(query.order_by(GreeterCall.id))).all():
            row = await tx.session.get(Awaited, call.awaited_id, with_for_update=True)
            if row is not None and row.outcome is None and row.escalated_at is None:
                await self._course.pass_on(tx, row, call)

    async def on_erasing(self, event: MemberErasing, tx: Transaction) -> None:
        """Nothing waits for who is erased, and messages that name them are taken down."""
        here = Awaited.guild_id == event.guild_id if event.guild_id else true()
        for row in (await tx.session.scalars(select(Awaited).where(here, Awaited.user_id == event.user_id))).all():
            await self._course.forget(tx, row)
        named = or_(Awaited.user_id == event.user_id, GreeterCall.greeter_id == event.user_id)
        query = select(GreeterCall).join(Awaited, Awaited.id == GreeterCall.awaited_id).where(here, named)
        for call in (await tx.session.scalars(query.where(GreeterCall.message_id.is_not(None)))).all():
            await self._timers.schedule(
                tx,
                kind=TAKE_DOWN,
                key=f"{TAKE_DOWN}:{call.message_id}",
                due_at=self._clock(),
                guild_id=call.guild_id,
                payload={"channel": call.channel_id, "message": call.message_id},
            )

    async def _resume(self, tx: Transaction, row: Awaited) -> None:
        """They are back while their words are fresh: another turn."""
        row.settled_at = row.outcome = row.escalated_at = None
        row.turn += 1
        await tx.session.flush()
        await self._course.plan(tx, row)
        await tx.emit(AwaitedMoved(row.guild_id, row.id))


async def _row(tx: Transaction, guild_id: int, user_id: int) -> Awaited | None:
    mine = select(Awaited).filter_by(guild_id=guild_id, user_id=user_id).with_for_update()
    return (await tx.session.scalars(mine)).one_or_none()


async def _is_newcomer(tx: Transaction, event: WelcomeMoved) -> bool:
    mine = select(Newcomer.id).filter_by(guild_id=event.guild_id, user_id=event.user_id)
    return await tx.session.scalar(mine) is not None
