"""The attention budget, as far as onboarding needs it: services take it without knowing Discord."""

from typing import Protocol

from bot.contracts.attention import Proposal
from bot.database import Transaction


class Budget(Protocol):
    """The part of ``bot.attention`` that works in the caller's transaction."""

    async def propose(self, tx: Transaction, proposal: Proposal) -> bool: ...

    async def withdraw(self, tx: Transaction, guild_id: int, user_id: int, kind: str, source: str) -> bool: ...
