"""Where something was in the way of carrying out a case, and when to try again."""

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from sqlalchemy import or_, select

from bot.database import Transaction
from bot.timers.models import Timer
from cogs.conduct.cases.book import CARRY
from cogs.conduct.cases.measures import BRING

if TYPE_CHECKING:
    from bot.client import CommunityBot

ERASE = "conduct:erase"
"""Kind of the timer that takes away what a filter found."""
KINDS = (CARRY, BRING, ERASE)


class Hindrances:
    """The servers in which a case failed; a change in any other server costs no look at the database."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot
        self._servers: set[int] = set()
        self._waiting: set[int] = set()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def __contains__(self, guild_id: int) -> bool:
        return guild_id in self._servers

    def note(self, guild_id: int) -> None:
        """Something failed there."""
        self._servers.add(guild_id)

    async def load(self) -> None:
        """What an earlier process could not do."""
        failing = Timer.kind.in_(KINDS), Timer.attempts > 0, Timer.guild_id.is_not(None)
        async with self._bot.db.read() as session:
            self._servers.update(one for one in await session.scalars(select(Timer.guild_id).where(*failing)) if one)

    async def try_again(self, guild_id: int) -> None:
        """What failed there is tried now. A role that is moved moves hundreds: for all of them it is done twice."""
        if guild_id not in self._servers or guild_id in self._waiting:
            return
        self._waiting.add(guild_id)
        try:
            async with self._turns.setdefault(guild_id, asyncio.Lock()):
                self._waiting.discard(guild_id)
                if not await self._bot.db.transaction(lambda tx: self._hasten(tx, guild_id)):
                    self._servers.discard(guild_id)
        finally:
            self._waiting.discard(guild_id)

    async def _hasten(self, tx: Transaction, guild_id: int) -> bool:
        """False when nothing there failed or is being tried: what runs now may fail in a moment."""
        mine = Timer.guild_id == guild_id, Timer.kind.in_(KINDS)
        unsettled = or_(Timer.attempts > 0, Timer.claimed_by.is_not(None))
        keys = list(await tx.session.scalars(select(Timer.key).where(*mine, unsettled)))
        for key in keys:
            await self._bot.timers.hasten(tx, key)
        return bool(keys)
