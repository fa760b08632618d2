"""Changes of one entry inside a transaction: the row, its history, its timers and what is announced."""

from datetime import datetime

from sqlalchemy import select

from bot.clock import Clock
from bot.contracts.inbox import (
    InboxItemClaimed,
    InboxItemReleased,
    InboxItemSettled,
    InboxKind,
)
from bot.database import Transaction
from bot.inbox.models import Act, InboxAct, InboxEntry
from bot.inbox.reading import holder_of
from bot.inbox.refusals import HeldBy
from bot.timers import Timers

CLAIM_EXPIRES = "inbox:expire"
BECOMES_URGENT = "inbox:urgent"
"""Kinds of the timers that watch an item; each has one row per item."""


class Entries:
    """Every method writes in the caller's transaction, in which the entry is locked."""

    def __init__(self, timers: Timers, clock: Clock) -> None:
        self._timers = timers
        self._clock = clock

    async def named(self, tx: Transaction, guild_id: int, kind: str, source: str) -> InboxEntry | None:
        """The entry of that source, locked, settled or not."""
        query = select(InboxEntry).where(
            InboxEntry.guild_id == guild_id, InboxEntry.kind == kind, InboxEntry.source == source
        )
        found = await tx.session.scalars(query.with_for_update().execution_options(populate_existing=True))
        return found.one_or_none()

    async def hold(self, tx: Transaction, entry: InboxEntry, kind: InboxKind, holder: int, by: int) -> None:
        """``holder`` takes care of it from now on; the same holder does for longer."""
        at = self._clock()
        before = entry.holder_id
        if before is not None and holder_of(entry, at) is None:
            self.note(tx, entry, Act.EXPIRED, None, target=before)
        if before != holder or by != holder:
            self.note(tx, entry, Act.CLAIMED if by == holder else Act.HANDED_OVER, by, target=holder)
        entry.holder_id, entry.held_until = holder, at + kind.claim_for
        await self.promise(tx, CLAIM_EXPIRES, entry, entry.held_until)
        await tx.session.flush()
        await tx.emit(InboxItemClaimed(entry.guild_id, entry.id, entry.kind, entry.source, holder, by))

    async def free(self, tx: Transaction, entry: InboxEntry, act: Act, by: int | None) -> None:
        """Nobody takes care of it any more, for the reason that ``act`` says."""
        holder = entry.holder_id
        assert holder is not None
        self.note(tx, entry, act, by, target=holder)
        entry.holder_id = entry.held_until = None
        await self._timers.cancel(tx, _key(CLAIM_EXPIRES, entry))
        await tx.session.flush()
        await tx.emit(InboxItemReleased(entry.guild_id, entry.id, entry.kind, entry.source, holder))

    async def settle(self, tx: Transaction, entry: InboxEntry, by: int | None, outcome: str) -> None:
        """It waits no longer."""
        entry.settled_at, entry.settled_by, entry.outcome = self._clock(), by, outcome
        entry.holder_id = entry.held_until = None
        self.note(tx, entry, Act.SETTLED, by, outcome=outcome)
        for kind in (CLAIM_EXPIRES, BECOMES_URGENT):
            await self._timers.cancel(tx, _key(kind, entry))
        await tx.session.flush()
        await tx.emit(InboxItemSettled(entry.guild_id, entry.id, entry.kind, entry.source, by, outcome))

    def note(
        self,
        tx: Transaction,
        entry: InboxEntry,
        act: Act,
        actor: int | None,
        *,
        target: int | None = None,
        outcome: str | None = None,
    ) -> None:
        """Keep what was done in the entry's history."""
        tx.session.add(
            InboxAct(
                guild_id=entry.guild_id,
                item_id=entry.id,
                at=self._clock(),
                act=act,
                actor_id=actor,
                target_id=target,
                outcome=outcome,
            )
        )

    async def promise(self, tx: Transaction, kind: str, entry: InboxEntry, due_at: datetime) -> None:
        """Look at the entry again at that instant."""
        await self._timers.schedule(
            tx,
            kind=kind,
            key=_key(kind, entry),
            due_at=due_at,
            guild_id=entry.guild_id,
            payload={"item": entry.id},
        )


def refuse_others(entry: InboxEntry, by: int, at: datetime) -> None:
    """Raises HeldBy when somebody else takes care of it."""
    holder = holder_of(entry, at)
    if holder is not None and holder != by:
        assert entry.held_until is not None
        raise HeldBy(holder, entry.held_until)


def _key(kind: str, entry: InboxEntry) -> str:
    return f"{kind}:{entry.id}"
