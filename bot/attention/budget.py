"""The accounts of the attention budget, and the proposals on them: each method belongs to the caller's transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update

from bot.attention.kinds import Kinds
from bot.attention.models import AttentionAccount, AttentionProposal
from bot.attention.rules import BETWEEN_PINGS, Candidate, decided_at, free_from, opens_at
from bot.clock import Clock
from bot.contracts.attention import Outcome, ProposalSettled
from bot.database import Transaction
from bot.inbox.availability import Availabilities
from bot.timers import Timers

DECIDE = "attention:decide"
"""Kind of the timer that chooses what a member is told."""
TRY_AGAIN = timedelta(minutes=1)
"""When a message whose result is not known is looked at again, at the latest."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A proposal that is about to become a message."""

    id: int
    guild_id: int
    user_id: int
    kind: str
    params: dict[str, Any]
    claimed_at: datetime | None = None


class Budget:
    """Locks a member's account before it looks at their proposals, so that two never win at once."""

    def __init__(
        self, kinds: Kinds, timers: Timers, people: Availabilities, server_zone: Callable[[int], str], clock: Clock
    ) -> None:
        self._kinds = kinds
        self._timers = timers
        self._people = people
        self._server_zone = server_zone
        self._clock = clock

    async def opened(self, tx: Transaction, guild_id: int, user_id: int) -> AttentionAccount:
        """The member's account, locked; made when there is none."""
        await tx.ensure(AttentionAccount, guild_id=guild_id, user_id=user_id)
        found = await self.locked(tx, guild_id, user_id)
        assert found is not None
        return found

    async def locked(self, tx: Transaction, guild_id: int, user_id: int) -> AttentionAccount | None:
        """The member's account, locked; None when there is none."""
        mine = select(AttentionAccount).filter_by(guild_id=guild_id, user_id=user_id)
        return (await tx.session.scalars(mine.with_for_update().execution_options(populate_existing=True))).first()

    async def numbered(self, tx: Transaction, account_id: int) -> AttentionAccount | None:
        """The account with this number, locked; None when its member was erased."""
        return await tx.session.get(AttentionAccount, account_id, with_for_update=True, populate_existing=True)

    async def open_proposals(self, tx: Transaction, account: AttentionAccount) -> list[AttentionProposal]:
        """What is neither sent nor dropped."""
        mine = select(AttentionProposal).where(
            AttentionProposal.guild_id == account.guild_id,
            AttentionProposal.user_id == account.user_id,
            AttentionProposal.settled_at.is_(None),
        )
        return list(await tx.session.scalars(mine.order_by(AttentionProposal.id)))

    async def settle(self, tx: Transaction, proposals: Iterable[AttentionProposal], outcome: Outcome) -> None:
        """Note what became of them, and tell their features."""
        for one in proposals:
            one.settled_at, one.outcome = self._clock(), outcome
            await tx.session.flush()
            await tx.emit(ProposalSettled(one.guild_id, one.user_id, one.kind, one.source, outcome))

    async def plan(self, tx: Transaction, account: AttentionAccount) -> None:
        """Promise the next decision about this member; what cannot be said in time any more is dropped now."""
        waiting = await self.open_proposals(tx, account)
        key, present = f"{DECIDE}:{account.id}", self._clock()
        if account.silenced_at is not None:
            await self._timers.cancel(tx, key)
            return
        if any(one.claimed_at is not None for one in waiting):
            await self._promise(tx, account, present + TRY_AGAIN)
            return
        opens = self.free_from(account, opens_at(present, account.sent_at))
        await self.settle(tx, [one for one in waiting if one.expires_at <= opens], Outcome.EXPIRED)
        alive = [one for one in waiting if one.settled_at is None]
        writable = [candidate(one) for one in alive if self._kinds.find(one.kind) is not None]
        if writable:
            await self._promise(tx, account, self.free_from(account, decided_at(writable, opens)))
        elif alive:  # of a feature that is off at present
            await self._promise(tx, account, min(one.expires_at for one in alive))
        else:
            await self._timers.cancel(tx, key)

    def may_write(self, account: AttentionAccount) -> bool:
        """Whether this is a moment at which the member may be told something."""
        present = self._clock()
        return account.silenced_at is None and self.free_from(account, opens_at(present, account.sent_at)) <= present

    def free_from(self, account: AttentionAccount, at: datetime) -> datetime:
        """The first instant from ``at`` on at which the member is not in quiet hours or away."""
        kept = self._people.of(account.guild_id, account.user_id)
        return free_from(at, kept, self._server_zone(account.guild_id))

    async def ping(self, tx: Transaction, guild_id: int, user_id: int, *, asked: bool) -> bool:
        """Take the member's ping of this hour, if nobody else did."""
        await tx.ensure(AttentionAccount, guild_id=guild_id, user_id=user_id)
        present = self._clock()
        mine = and_(AttentionAccount.guild_id == guild_id, AttentionAccount.user_id == user_id)
        if not asked:
            rested = AttentionAccount.pinged_at <= present - BETWEEN_PINGS
            free = or_(AttentionAccount.pinged_at.is_(None), rested)
            mine = and_(mine, free, AttentionAccount.silenced_at.is_(None))
        taken = update(AttentionAccount).where(mine).values(pinged_at=present).returning(AttentionAccount.id)
        found = await tx.session.scalars(taken.execution_options(synchronize_session=False))
        return found.first() is not None

    async def _promise(self, tx: Transaction, account: AttentionAccount, at: datetime) -> None:
        await self._timers.schedule(
            tx,
            kind=DECIDE,
            key=f"{DECIDE}:{account.id}",
            due_at=at,
            guild_id=account.guild_id,
            payload={"account": account.id},
        )


def candidate(row: AttentionProposal) -> Candidate:
    return Candidate(row.id, row.usefulness, row.proposed_at, row.expires_at)
