"""Sees to it that every newcomer is answered: asks greeters in turn, then the team. One timer for each who waits."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, now
from bot.contracts.events import MemberErasing, MemberLeft
from bot.contracts.inbox import InboxItemSettled, InboxKind, Link
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from bot.i18n.marks import N_
from bot.inbox import Inbox
from bot.timers import Timers
from cogs.onboarding.events import AwaitedMoved, NewcomerSpoke, WelcomeMoved
from cogs.onboarding.models import Journey
from cogs.onboarding.newcomers.models import Newcomer
from cogs.onboarding.replies.board import Board, board_of
from cogs.onboarding.replies.greeters import Greeters
from cogs.onboarding.replies.models import Answer, Awaited, Ended, GreeterCall
from cogs.onboarding.replies.refusals import NotAsked, PassedOn, TakenBy, WaitsNoLonger
from cogs.onboarding.replies.rules import FRESH, Move, next_move
from cogs.onboarding.replies.settings import RepliesSettings
from cogs.onboarding.service import TAKE_DOWN
from cogs.onboarding.settings import WelcomeSettings

WAITS = "onboarding:reply"
"""Kind of the timer of each newcomer who waits; its payload names a row, no person."""
UNANSWERED = InboxKind(
    "onboarding.unanswered",
    label=N_("Newcomers without an answer"),
    title=N_("{member} waits for a first answer"),
    hint=N_("Answer where they wrote: a reply, a mention, or Say hello. It settles by itself once somebody did."),
    urgent_after=timedelta(hours=4),
    personal=True,
    confirm=N_("Nobody is asked to answer them any more."),
)
May = Callable[[int, int], bool]
"""Whether somebody of a server can be asked right now: here, allowed, and free."""


class Replies:
    """``on_…`` belong to somebody else's transaction; the other methods are one each."""

    def __init__(
        self,
        db: Database,
        settings: GuildSettings,
        timers: Timers,
        inbox: Inbox,
        greeters: Greeters,
        may: May,
        clock: Clock = now,
    ) -> None:
        self._db = db
        self._settings = settings
        self._timers = timers
        self._inbox = inbox
        self._greeters = greeters
        self._may = may
        self._clock = clock

    def active(self, guild_id: int) -> bool:
        """Whether first answers are watched over in this server."""
        on = self._settings.get(guild_id, RepliesSettings).enabled
        return on and self._settings.get(guild_id, WelcomeSettings).enabled

    # What happens to newcomers

    async def on_moved(self, event: WelcomeMoved, tx: Transaction) -> None:
        """They may have said their first words, been answered, left, or come back."""
        journey = await tx.session.get(Journey, (event.guild_id, event.user_id))
        if journey is None:
            return
        row = await self._row(tx, event.guild_id, event.user_id)
        began = min((at for at in (journey.first_message_at, journey.introduced_at) if at), default=None)
        if journey.answered_at is not None or journey.left_at is not None:
            outcome = Ended.LEFT if journey.answered_at is None else Ended.ANSWERED
            if row is not None and row.outcome is None:
                await self._settle(tx, row, outcome)
            return
        if began is None or began < self._clock() - FRESH:
            return
        if row is None and await self._is_newcomer(tx.session, event):
            key = {"guild_id": event.guild_id, "user_id": event.user_id}
            await tx.ensure(Awaited, **key, began_at=began, turn=1)
            row = await self._row(tx, event.guild_id, event.user_id)
            assert row is not None
            await self._plan(tx, row)
        elif row is not None and row.outcome is Ended.LEFT:
            row.settled_at = row.outcome = row.escalated_at = None
            row.turn += 1
            await tx.session.flush()
            await self._plan(tx, row)
            await tx.emit(AwaitedMoved(row.guild_id, row.id))

    async def on_spoke(self, event: NewcomerSpoke, tx: Transaction) -> None:
        """Where they wrote first is where an answer is looked for."""
        row = await self._row(tx, event.guild_id, event.user_id)
        if row is not None and row.channel_id is None:
            row.channel_id, row.message_id = event.channel_id, event.message_id
            await tx.session.flush()

    async def on_item_settled(self, event: InboxItemSettled, tx: Transaction) -> None:
        """The team marked it as done by hand."""
        if event.kind != UNANSWERED.name or event.by is None:
            return
        row = await tx.session.get(Awaited, int(event.source.partition(":")[0]), with_for_update=True)
        if row is not None and row.outcome is None:
            await self._settle(tx, row, Ended.HANDLED)

    async def on_left(self, event: MemberLeft, tx: Transaction) -> None:
        """A greeter left: whoever they were asked to answer is not theirs any more."""
        query = select(GreeterCall).filter_by(guild_id=event.guild_id, greeter_id=event.user_id)
        for call in (
            await tx.session.scalars(query.where(GreeterCall.answer.is_(None)).order_by(GreeterCall.id))
        ).all():
            row = await tx.session.get(Awaited, call.awaited_id, with_for_update=True)
            if row is not None and row.outcome is None and row.escalated_at is None:
                await self._pass_on(tx, row, call)

    async def on_erasing(self, event: MemberErasing, tx: Transaction) -> None:
        """Nothing waits for who is erased, and messages that name them are taken down."""
        here = Awaited.guild_id == event.guild_id if event.guild_id else true()
        for row in (await tx.session.scalars(select(Awaited).where(here, Awaited.user_id == event.user_id))).all():
            await self._timers.cancel(tx, _key(row))
            await self._inbox.done(tx, row.guild_id, UNANSWERED, _source(row), None, "erased")
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

    # What is due

    async def due(self, awaited_id: int) -> None:
        """Ask a greeter, or put it before the team. Safe to repeat."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Awaited, awaited_id, with_for_update=True, populate_existing=True)
            if row is None or row.outcome is not None or row.escalated_at is not None:
                return
            if not self.active(row.guild_id):
                return
            move, at = self._next(row, asked=bool(await self._asked(tx.session, row)))
            if move is Move.WAIT:
                await self._look_at(tx, row, at)
            elif move is Move.ESCALATE or not await self._ask(tx, row):
                await self._escalate(tx, row)

        await self._db.transaction(work)

    async def later(self, awaited_id: int, pause: timedelta) -> None:
        """Look again after a pause: Discord does not show the server at present."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Awaited, awaited_id)
            if row is not None and row.outcome is None:
                await self._look_at(tx, row, self._clock() + pause)

        await self._db.transaction(work)

    async def replan(self, guild_id: int) -> None:
        """The settings changed: whoever waits is looked at anew."""

        async def work(tx: Transaction) -> None:
            query = select(Awaited).filter_by(guild_id=guild_id, outcome=None).where(Awaited.escalated_at.is_(None))
            for row in (await tx.session.scalars(query.order_by(Awaited.id).with_for_update())).all():
                await self._plan(tx, row)

        await self._db.transaction(work)

    async def unreachable(self, awaited_id: int) -> None:
        """No greeter can be asked in the greeters' channel: the team has it at once."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Awaited, awaited_id, with_for_update=True)
            if row is not None and row.outcome is None and row.escalated_at is None:
                await self._escalate(tx, row)

        await self._db.transaction(work)

    # What greeters do

    async def take(self, call_id: int, by: int) -> Board:
        """A greeter takes care of it. Raises WaitsNoLonger, PassedOn or TakenBy."""

        async def work(tx: Transaction) -> Board:
            row, call = await self._waiting(tx, call_id)
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
            row, call = await self._waiting(tx, call_id)
            if by != (call.taken_by or call.greeter_id):
                raise NotAsked
            if call.answer is Answer.DECLINED or row.escalated_at is not None:
                raise PassedOn
            await self._greeters.renew(tx, row.guild_id, by)
            await self._pass_on(tx, row, call)
            return await board_of(tx.session, row)

        return await self._db.transaction(work)

    # Inside a transaction

    async def _row(self, tx: Transaction, guild_id: int, user_id: int) -> Awaited | None:
        mine = select(Awaited).filter_by(guild_id=guild_id, user_id=user_id).with_for_update()
        return (await tx.session.scalars(mine)).one_or_none()

    async def _is_newcomer(self, session: AsyncSession, event: WelcomeMoved) -> bool:
        mine = select(Newcomer.id).filter_by(guild_id=event.guild_id, user_id=event.user_id)
        return await session.scalar(mine) is not None

    async def _asked(self, session: AsyncSession, row: Awaited) -> list[int]:
        return list(await session.scalars(select(GreeterCall.greeter_id).filter_by(awaited_id=row.id)))

    def _next(self, row: Awaited, *, asked: bool) -> tuple[Move, datetime]:
        within = self._settings.get(row.guild_id, RepliesSettings).within
        return next_move(row.began_at, self._clock(), within, asked=asked)

    async def _plan(self, tx: Transaction, row: Awaited) -> None:
        if not self.active(row.guild_id):
            await self._timers.cancel(tx, _key(row))
            return
        move, at = self._next(row, asked=bool(await self._asked(tx.session, row)))
        await self._look_at(tx, row, at if move is Move.WAIT else self._clock())

    async def _look_at(self, tx: Transaction, row: Awaited, at: datetime) -> None:
        await self._timers.schedule(
            tx, kind=WAITS, key=_key(row), due_at=at, guild_id=row.guild_id, payload={"awaited": row.id}
        )

    async def _ask(self, tx: Transaction, row: Awaited) -> bool:
        """Whose turn it is is asked; False when nobody is on call."""
        if self._settings.get(row.guild_id, RepliesSettings).channel is None:
            return False
        before = await self._asked(tx.session, row)
        guild_id = row.guild_id
        chosen = await self._greeters.choose(
            tx, guild_id, lambda user_id: self._may(guild_id, user_id), without={*before, row.user_id}
        )
        if chosen is None:
            return False
        tx.session.add(GreeterCall(guild_id=guild_id, awaited_id=row.id, greeter_id=chosen, asked_at=self._clock()))
        await tx.session.flush()
        within = self._settings.get(guild_id, RepliesSettings).within
        await self._look_at(tx, row, row.began_at + within)
        await tx.emit(AwaitedMoved(guild_id, row.id))
        return True

    async def _pass_on(self, tx: Transaction, row: Awaited, call: GreeterCall) -> None:
        call.answer, call.taken_by = Answer.DECLINED, None
        await tx.session.flush()
        await tx.emit(AwaitedMoved(row.guild_id, row.id))
        if not await self._ask(tx, row):
            await self._escalate(tx, row)

    async def _escalate(self, tx: Transaction, row: Awaited) -> None:
        row.escalated_at = self._clock()
        await self._timers.cancel(tx, _key(row))
        await tx.session.flush()
        place = await board_of(tx.session, row)
        link = Link(place.channel_id, place.message_id) if place.channel_id else None
        await self._inbox.add(tx, row.guild_id, UNANSWERED, _source(row), subject=row.user_id, link=link)
        await tx.emit(AwaitedMoved(row.guild_id, row.id))

    async def _settle(self, tx: Transaction, row: Awaited, outcome: Ended) -> None:
        row.settled_at, row.outcome = self._clock(), outcome
        await tx.session.flush()
        await self._timers.cancel(tx, _key(row))
        await self._inbox.done(tx, row.guild_id, UNANSWERED, _source(row), None, outcome.value)
        await tx.emit(AwaitedMoved(row.guild_id, row.id))

    async def _waiting(self, tx: Transaction, call_id: int) -> tuple[Awaited, GreeterCall]:
        """Both, locked. Raises WaitsNoLonger."""
        call = await tx.session.get(GreeterCall, call_id)
        row = await tx.session.get(Awaited, call.awaited_id, with_for_update=True) if call is not None else None
        if call is None or row is None or row.outcome is not None:
            raise WaitsNoLonger
        await tx.session.refresh(call, with_for_update=True)
        return row, call


def _key(row: Awaited) -> str:
    return f"{WAITS}:{row.id}"


def _source(row: Awaited) -> str:
    return f"{row.id}:{row.turn}"
