"""Erases a person once, however often they ask at the same time."""

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from bot.privacy import Erased

if TYPE_CHECKING:
    from bot.client import CommunityBot


class Erasing:
    """One erasure of a person at a time."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def erase(self, guild_id: int | None, user_id: int) -> Erased | None:
        """What was erased in that server, or everywhere; None when nothing was kept: no erasure is noted then."""
        lock = self._turns.setdefault(user_id, asyncio.Lock())
        async with lock:
            found = await self._bot.community.export(guild_id, user_id)
            if not found["about_you"] and not found["names_you"]:
                return None
            return await self._bot.community.erase(guild_id, user_id)
