"""Promises of the bot that keep failing wait for a human too."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from bot.contracts.events import TimerRecovered, TimerStuck
from bot.contracts.inbox import InboxKind
from bot.database import Database, Transaction
from bot.i18n.marks import N_
from bot.inbox.models import InboxEntry
from bot.inbox.service import Inbox
from bot.timers import StuckTimer, Timers

log = logging.getLogger(__name__)

STUCK_TIMER = InboxKind(
    "timers.stuck",
    label=N_("Things that keep failing"),
    title=N_("“{timer}” keeps failing"),
    hint=N_(
        "I go on trying by myself, at least once an hour. Look for a permission or a channel I lack with `/settings`; "
        "if all is well there, tell whoever runs me."
    ),
    urgent_after=timedelta(days=1),
    confirm=N_("Nobody is told of this failure again. I go on trying."),
)
OURS = "inbox:"
"""The inbox's own promises: telling of their failure through the inbox would only make them due again."""
EACH_SECONDS = 3600.0


class StuckTimers:
    """``look`` makes the inbox agree with the table of promises; it is safe to repeat and costs two queries."""

    def __init__(self, db: Database, inbox: Inbox, timers: Timers) -> None:
        self._db = db
        self._inbox = inbox
        self._timers = timers
        self._may_be_stuck = True
        """Whether an hourly look can find any: they begin with an event, or in an earlier process."""
        inbox.register(STUCK_TIMER)
        db.bus.after(TimerStuck, self._changed)
        db.bus.after(TimerRecovered, self._changed)
        timers.every("stuck timers", EACH_SECONDS, self._look_again)

    async def look(self) -> None:
        """In every server: after a restart, and for promises that were taken back or made anew."""
        concerned = await self._timers.stuck_in() | await self._with_items()
        self._may_be_stuck = bool(concerned)
        for guild_id in concerned:
            await self.look_at(guild_id)

    async def _look_again(self) -> None:
        if self._may_be_stuck:
            await self.look()

    async def look_at(self, guild_id: int) -> None:
        """Add what keeps failing in this server; settle what no longer does."""
        stuck = {_source(timer): timer for timer in await self._timers.stuck(guild_id) if _counts(timer.kind)}

        async def work(tx: Transaction) -> None:
            for source, timer in stuck.items():
                await self._inbox.add(tx, guild_id, STUCK_TIMER, source, {"timer": timer.kind})
            for source in await self._open(tx, guild_id):
                if source not in stuck:
                    await self._inbox.done(tx, guild_id, STUCK_TIMER, source, by=None, outcome="recovered")

        await self._db.transaction(work)

    async def _changed(self, event: TimerStuck | TimerRecovered) -> None:
        self._may_be_stuck = True
        if event.guild_id:
            await self.look_at(event.guild_id)
        elif isinstance(event, TimerStuck):
            log.error("timer %s of no server keeps failing; it goes on being tried", event.key)

    async def _open(self, tx: Transaction, guild_id: int) -> Iterable[str]:
        query = select(InboxEntry.source).where(
            InboxEntry.guild_id == guild_id, InboxEntry.kind == STUCK_TIMER.name, InboxEntry.settled_at.is_(None)
        )
        return (await tx.session.scalars(query.order_by(InboxEntry.id))).all()

    async def _with_items(self) -> set[int]:
        query = select(InboxEntry.guild_id).distinct()
        query = query.where(InboxEntry.kind == STUCK_TIMER.name, InboxEntry.settled_at.is_(None))
        async with self._db.read() as session:
            return set(await session.scalars(query))


def _counts(kind: str) -> bool:
    return not kind.startswith(OURS)


def _source(timer: StuckTimer) -> str:
    """One promise: made anew for another instant, it is another."""
    return f"{timer.id}:{int(timer.due_at.timestamp())}"
