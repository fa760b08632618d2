"""Chooses what a member is told unasked, and sees to it that it is told once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, select

from bot.attention.budget import DECIDE, Budget, Letter, candidate
from bot.attention.kinds import AttentionKind, Kinds
from bot.attention.models import AttentionAccount, AttentionProposal
from bot.attention.rules import in_order
from bot.clock import Clock, now
from bot.contracts.attention import Outcome, Proposal
from bot.contracts.events import MemberLeft
from bot.database import Database, Transaction
from bot.inbox.availability import Availabilities
from bot.timers import DueTimer, Timers

KEPT = timedelta(days=60)
"""How long a settled proposal is remembered, so that the same thing is not said again."""
A_DAY_SECONDS = 86400.0
SERVER_AWAY = timedelta(minutes=10)
"""When a decision is tried again whose server Discord does not show at present."""


class Unreachable(Exception):
    """The member takes no private messages from us."""


class Carrier(Protocol):
    """Who turns a letter into a message."""

    def reaches(self, guild_id: int) -> bool:
        """Whether Discord shows this server at present."""
        ...

    async def build(self, letter: Letter, kind: AttentionKind) -> Any | None:
        """What the message says; None when there is nothing to say any more."""
        ...

    async def send(self, letter: Letter, content: Any) -> None:
        """Send it once, also when an earlier attempt for ``claimed_at`` did. Raises Unreachable."""
        ...


class Attention:
    """``propose`` and ``withdraw`` belong to a feature's own transaction; the other methods are one each.

    A proposal waits half an hour for a more useful one, and longer while the member's week is used up, at night, in
    their quiet hours and on holiday. ``bot.contracts.attention.ProposalSettled`` tells what became of it.
    """

    def __init__(
        self,
        db: Database,
        timers: Timers,
        people: Availabilities,
        server_zone: Callable[[int], str],
        carrier: Carrier,
        clock: Clock = now,
    ) -> None:
        self._db = db
        self._clock = clock
        self._carrier = carrier
        self.kinds = Kinds()
        self._budget = Budget(self.kinds, timers, people, server_zone, clock)
        self._timers = timers
        timers.handle(DECIDE, self._decide)
        timers.every("attention", A_DAY_SECONDS, self.prune)
        db.bus.on(MemberLeft, self._left)

    def register(self, kind: AttentionKind) -> None:
        """Make a kind of message known. Raises ValueError for a second one of that name."""
        self.kinds.register(kind)

    async def propose(self, tx: Transaction, proposal: Proposal) -> bool:
        """Ask for the member's attention. False when it will not be told: said before, in vain, or Silence is on.

        Raises KeyError for a kind that is not registered.
        """
        kind = self.kinds.named(proposal.kind)
        account = await self._budget.opened(tx, proposal.guild_id, proposal.user_id)
        if account.silenced_at is not None:
            return False
        key = {
            "guild_id": proposal.guild_id,
            "user_id": proposal.user_id,
            "kind": proposal.kind,
            "source": proposal.source,
        }
        await tx.ensure(
            AttentionProposal,
            **key,
            params=dict(proposal.params),
            usefulness=kind.usefulness,
            proposed_at=self._clock(),
            expires_at=proposal.expires_at,
        )
        await self._budget.plan(tx, account)
        row = (await tx.session.scalars(select(AttentionProposal).filter_by(**key))).one()
        return row.settled_at is None

    async def withdraw(self, tx: Transaction, guild_id: int, user_id: int, kind: str, source: str) -> bool:
        """It need not be told any more; False when it did not wait."""
        account = await self._budget.locked(tx, guild_id, user_id)
        if account is None:
            return False
        waiting = await self._budget.open_proposals(tx, account)
        gone = [one for one in waiting if (one.kind, one.source) == (kind, source)]
        await self._budget.settle(tx, gone, Outcome.WITHDRAWN)
        await self._budget.plan(tx, account)
        return bool(gone)

    async def silence(self, guild_id: int, user_id: int, on: bool) -> None:
        """From now on the member gets no message and no ping that they did not ask for, or may get them again."""

        async def work(tx: Transaction) -> None:
            account = await self._budget.opened(tx, guild_id, user_id)
            account.silenced_at = (account.silenced_at or self._clock()) if on else None
            if on:
                waiting = await self._budget.open_proposals(tx, account)
                await self._budget.settle(tx, waiting, Outcome.SILENCED)
            await self._budget.plan(tx, account)

        await self._db.transaction(work)

    async def silenced(self, guild_id: int, user_id: int) -> bool:
        """Whether the member chose Silence."""
        account = await self._account(guild_id, user_id)
        return account is not None and account.silenced_at is not None

    async def closed_since(self, guild_id: int, user_id: int) -> datetime | None:
        """When a private message to the member was last refused; None when the last one arrived."""
        account = await self._account(guild_id, user_id)
        return None if account is None else account.closed_at

    async def may_ping(self, guild_id: int, user_id: int, *, asked: bool = False) -> bool:
        """Take the member's one public ping of this hour; False when it is taken, or they chose Silence.

        ``asked``: they asked for this ping (a duty they took on), so that it is granted and only noted.
        """
        return await self._db.transaction(lambda tx: self._budget.ping(tx, guild_id, user_id, asked=asked))

    async def prune(self) -> None:
        """Forget what was settled long ago."""
        old = delete(AttentionProposal).where(AttentionProposal.settled_at < self._clock() - KEPT)
        await self._db.transaction(lambda tx: tx.session.execute(old))

    # The decision

    async def _decide(self, timer: DueTimer) -> None:
        """Tell the member the most useful of what waits, if this is the moment. Safe to repeat."""
        assert timer.guild_id is not None
        account_id = int(timer.payload["account"])
        if not self._carrier.reaches(timer.guild_id):
            await self._db.transaction(lambda tx: self._later(tx, timer))
            return
        while True:
            letter = await self._db.transaction(lambda tx: self._next(tx, account_id))
            if letter is None:
                return
            content = await self._carrier.build(letter, self.kinds.named(letter.kind))
            if content is None:
                await self._settled(letter, Outcome.EMPTY)
                continue
            if letter.claimed_at is None:
                claimed = await self._db.transaction(lambda tx, one=letter: self._claim(tx, account_id, one))  # type: ignore[misc]
                if claimed is None:
                    continue
                letter = claimed
            await self._carry(letter, content)

    async def _next(self, tx: Transaction, account_id: int) -> Letter | None:
        """What may be a message already, else what wins now; None when nothing may be said at this moment."""
        account = await self._budget.numbered(tx, account_id)
        if account is None:
            return None
        waiting = await self._budget.open_proposals(tx, account)
        present = self._clock()
        await self._budget.settle(tx, [one for one in waiting if one.expires_at <= present], Outcome.EXPIRED)
        known = [one for one in waiting if one.settled_at is None and self.kinds.find(one.kind) is not None]
        begun = [one for one in known if one.claimed_at is not None]
        if not begun and (not known or not self._budget.may_write(account)):
            await self._budget.plan(tx, account)
            return None
        first = begun[0].id if begun else in_order(candidate(one) for one in known)[0].id
        return next(_letter(one) for one in known if one.id == first)

    async def _claim(self, tx: Transaction, account_id: int, letter: Letter) -> Letter | None:
        """Use up the member's week for this letter; None when that is not possible any more."""
        account = await self._budget.numbered(tx, account_id)
        row = await tx.session.get(AttentionProposal, letter.id, with_for_update=True, populate_existing=True)
        if account is None or row is None or row.settled_at is not None or row.claimed_at is not None:
            return None
        if not self._budget.may_write(account):
            return None
        account.sent_at = row.claimed_at = self._clock()
        return _letter(row)

    async def _carry(self, letter: Letter, content: Any) -> None:
        try:
            await self._carrier.send(letter, content)
        except Unreachable:
            await self._settled(letter, Outcome.CLOSED)
        else:
            await self._settled(letter, Outcome.SENT)

    async def _settled(self, letter: Letter, outcome: Outcome) -> None:
        async def work(tx: Transaction) -> None:
            account = await self._budget.locked(tx, letter.guild_id, letter.user_id)
            row = await tx.session.get(AttentionProposal, letter.id, populate_existing=True)
            if account is None or row is None or row.settled_at is not None:
                return
            if outcome in (Outcome.SENT, Outcome.CLOSED):
                account.closed_at = self._clock() if outcome is Outcome.CLOSED else None
            await self._budget.settle(tx, [row], outcome)

        await self._db.transaction(work)

    async def _later(self, tx: Transaction, timer: DueTimer) -> None:
        await self._timers.schedule(
            tx,
            kind=DECIDE,
            key=timer.key,
            due_at=self._clock() + SERVER_AWAY,
            guild_id=timer.guild_id,
            payload=timer.payload,
        )

    async def _left(self, event: MemberLeft, tx: Transaction) -> None:
        account = await self._budget.locked(tx, event.guild_id, event.user_id)
        if account is not None:
            await self._budget.settle(tx, await self._budget.open_proposals(tx, account), Outcome.LEFT)
            await self._budget.plan(tx, account)

    async def _account(self, guild_id: int, user_id: int) -> AttentionAccount | None:
        async with self._db.read() as session:
            mine = select(AttentionAccount).filter_by(guild_id=guild_id, user_id=user_id)
            return (await session.scalars(mine)).one_or_none()


def _letter(row: AttentionProposal) -> Letter:
    return Letter(row.id, row.guild_id, row.user_id, row.kind, dict(row.params), row.claimed_at)
