"""A server's verification level, which several features raise for a while: one place that asks Discord for it."""

import asyncio
import logging
from enum import StrEnum
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord

from bot.contracts.levels import LevelClaim, LevelUser, explained, needed, stood_before

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)


class Brought(StrEnum):
    """How it went."""

    DONE = "done"
    THEIRS = "theirs"
    """Somebody chose another level by hand: it stays, and everybody's claims are given up."""
    LACKS = "lacks"
    """The bot does not manage the server, and the level would have to change."""


class Levels:
    """Keeps nothing itself: what features claim is in their own tables, and what stands is asked of Discord, for the
    cache may be older than what was set a moment ago. One thing at a time for each server.
    """

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot
        self._users: list[LevelUser] = []
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        bot.add_listener(self._on_guild_update, "on_guild_update")

    def register(self, user: LevelUser) -> None:
        self._users.append(user)

    def _turn(self, guild_id: int) -> asyncio.Lock:
        return self._turns.setdefault(guild_id, asyncio.Lock())

    async def before(self, guild: discord.Guild) -> int:
        """The level that stands without anything of ours: what a new claim is to go back to."""
        async with self._turn(guild.id):
            claims = await self._claims(guild.id)
            found = await self._found(guild.id)
            if not claims or await self._is_theirs(guild.id, claims, found):
                return found
            return stood_before(claims)

    async def bring(self, guild: discord.Guild, reason: str) -> Brought:
        """Bring Discord to what all features together need now. Safe to repeat."""
        async with self._turn(guild.id):
            claims = await self._claims(guild.id)
            if not claims:
                return Brought.DONE
            found, wanted = await self._found(guild.id), needed(claims)
            if found == wanted:
                return Brought.DONE
            if await self._is_theirs(guild.id, claims, found):
                return Brought.THEIRS
            if not guild.me.guild_permissions.manage_guild:
                return Brought.LACKS
            await guild.edit(verification_level=discord.VerificationLevel(wanted), reason=reason)
            return Brought.DONE

    async def _on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """Somebody may have chosen a level by hand: noticed now, it cannot be taken for ours later."""
        if before.verification_level == after.verification_level:
            return
        async with self._turn(after.id):
            if claims := await self._claims(after.id):
                await self._is_theirs(after.id, claims, await self._found(after.id))

    async def _is_theirs(self, guild_id: int, claims: list[LevelClaim], found: int) -> bool:
        if found in explained(claims):
            return False
        log.info("the verification level of server %d was chosen by hand: it stays", guild_id)
        for user in self._users:
            await user.give_up(guild_id, found)
        return True

    async def _claims(self, guild_id: int) -> list[LevelClaim]:
        claims = [await user.claim(guild_id) for user in self._users]
        return [claim for claim in claims if claim is not None]

    async def _found(self, guild_id: int) -> int:
        return int((await self._bot.http.get_guild(guild_id, with_counts=False))["verification_level"])
