"""One newcomer's wait, in the transaction of whoever moves it: when to look, a greeter asked, the team, the end."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.clock import Clock, now
from bot.contracts.inbox import InboxKind, Link
from bot.database import Transaction
from bot.guilds.service import GuildSettings
from bot.i18n.marks import N_
from bot.inbox import Inbox
from bot.timers import Timers
from cogs.onboarding.events import AwaitedMoved
from cogs.onboarding.replies.board import board_of
from cogs.onboarding.replies.greeters import Greeters
from cogs.onboarding.replies.models import Answer, Awaited, Ended, GreeterCall
from cogs.onboarding.replies.rules import Move, next_move
from cogs.onboarding.replies.settings import RepliesSettings
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


class Course:
    """Every method works in the transaction it is given, on a row that is locked there."""

    def __init__(
        self, settings: GuildSettings, timers: Timers, inbox: Inbox, greeters: Greeters, may: May, clock: Clock = now
    ) -> None:
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

    async def plan(self, tx: Transaction, row: Awaited) -> None:
        """See to it that they are looked at in time; not at all where nobody watches over first answers."""
        if not self.active(row.guild_id):
            await self._timers.cancel(tx, _key(row))
            return
        move, at = await self._next(tx, row)
        await self.look_at(tx, row, at if move is Move.WAIT else self._clock())

    async def look_at(self, tx: Transaction, row: Awaited, at: datetime) -> None:
        """Their turn comes then, and not before."""
        await self._timers.schedule(
            tx, kind=WAITS, key=_key(row), due_at=at, guild_id=row.guild_id, payload={"awaited": row.id}
        )

    async def go_on(self, tx: Transaction, row: Awaited) -> None:
        """Do what is due: ask a greeter, or put it before the team."""
        move, at = await self._next(tx, row)
        if move is Move.WAIT:
            await self.look_at(tx, row, at)
        elif move is Move.ESCALATE or not await self._ask(tx, row):
            await self.escalate(tx, row)

    async def pass_on(self, tx: Transaction, row: Awaited, call: GreeterCall) -> None:
        """The greeter of this call cannot: the next one is asked, else the team."""
        call.answer, call.taken_by = Answer.DECLINED, None
        await tx.session.flush()
        await tx.emit(AwaitedMoved(row.guild_id, row.id))
        if not await self._ask(tx, row):
            await self.escalate(tx, row)

    async def escalate(self, tx: Transaction, row: Awaited) -> None:
        """The team's inbox has it; greeters are asked no more."""
        row.escalated_at = self._clock()
        await self._timers.cancel(tx, _key(row))
        await tx.session.flush()
        place = await board_of(tx.session, row)
        link = Link(place.channel_id, place.message_id) if place.channel_id else None
        await self._inbox.add(tx, row.guild_id, UNANSWERED, _source(row), subject=row.user_id, link=link)
        await tx.emit(AwaitedMoved(row.guild_id, row.id))

    async def settle(self, tx: Transaction, row: Awaited, outcome: Ended) -> None:
        """They wait no longer."""
        row.settled_at, row.outcome = self._clock(), outcome
        await tx.session.flush()
        await self._timers.cancel(tx, _key(row))
        await self._inbox.done(tx, row.guild_id, UNANSWERED, _source(row), None, outcome.value)
        await tx.emit(AwaitedMoved(row.guild_id, row.id))

    async def forget(self, tx: Transaction, row: Awaited) -> None:
        """They are erased: nothing is promised about them any more."""
        await self._timers.cancel(tx, _key(row))
        await self._inbox.done(tx, row.guild_id, UNANSWERED, _source(row), None, "erased")

    async def _next(self, tx: Transaction, row: Awaited) -> tuple[Move, datetime]:
        within = self._settings.get(row.guild_id, RepliesSettings).within
        return next_move(row.began_at, self._clock(), within, asked=bool(await _asked(tx, row)))

    async def _ask(self, tx: Transaction, row: Awaited) -> bool:
        """Whose turn it is is asked; False when nobody is on call."""
        guild_id, settings = row.guild_id, self._settings.get(row.guild_id, RepliesSettings)
        if settings.channel is None:
            return False
        without = {*await _asked(tx, row), row.user_id}
        chosen = await self._greeters.choose(tx, guild_id, lambda user_id: self._may(guild_id, user_id), without)
        if chosen is None:
            return False
        tx.session.add(GreeterCall(guild_id=guild_id, awaited_id=row.id, greeter_id=chosen, asked_at=self._clock()))
        await tx.session.flush()
        await self.look_at(tx, row, row.began_at + settings.within)
        await tx.emit(AwaitedMoved(guild_id, row.id))
        return True


async def _asked(tx: Transaction, row: Awaited) -> list[int]:
    """Greeters who were asked before."""
    return list(await tx.session.scalars(select(GreeterCall.greeter_id).filter_by(awaited_id=row.id)))


def _key(row: Awaited) -> str:
    return f"{WAITS}:{row.id}"


def _source(row: Awaited) -> str:
    return f"{row.id}:{row.turn}"
