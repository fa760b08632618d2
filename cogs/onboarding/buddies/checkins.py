"""Asks a newcomer whether they met their buddy, within the attention budget, in the caller's transaction."""

from bot.clock import Clock
from bot.contracts.attention import Proposal
from bot.database import Transaction
from bot.timers import Timers
from cogs.onboarding.buddies import rules
from cogs.onboarding.buddies.models import BuddyPair
from cogs.onboarding.buddies.pairs import FOLLOW, promise
from cogs.onboarding.budget import Budget

CHECK = "onboarding.buddy_check"
"""Kind of the message that asks whether they met, in the attention budget."""


class CheckIns:
    """Each question is proposed once; those who have met are asked nothing more."""

    def __init__(self, attention: Budget, timers: Timers, clock: Clock) -> None:
        self._attention = attention
        self._timers = timers
        self._clock = clock

    async def question(self, tx: Transaction, row: BuddyPair) -> None:
        """Propose the newest question that is due, and promise the next look."""
        due = rules.questions_due(row.begun_at, row.asked, self._clock())
        if due:
            row.asked = due[-1] + 1
            await tx.session.flush()
        if due and row.met_at is None:
            until = row.begun_at + rules.CHECKS[due[-1]] + rules.ANSWERED_WITHIN[due[-1]]
            source, params = f"{row.id}:{row.asked}", {"pair": row.id}
            await self._attention.propose(
                tx, Proposal(row.guild_id, row.newcomer_id, CHECK, source, max(until, self._clock()), params)
            )
        await promise(tx, self._timers, FOLLOW, row, rules.looks_next(row.begun_at, row.asked))

    async def met(self, tx: Transaction, row: BuddyPair) -> None:
        """They say that they met."""
        row.met_at = self._clock()
        await tx.session.flush()
        await self.withdraw(tx, row)

    async def withdraw(self, tx: Transaction, row: BuddyPair) -> None:
        """Ask nothing of what was proposed before."""
        for number in range(1, row.asked + 1):
            await self._attention.withdraw(tx, row.guild_id, row.newcomer_id, CHECK, f"{row.id}:{number}")
