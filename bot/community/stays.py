"""The bot's own coming and going: servers it joins, leaves, and comes back to."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from sqlalchemy import select

from bot.clock import Clock, now
from bot.database import Transaction
from bot.guilds.models import Guild
from bot.privacy import purge_guild
from bot.timers import DueTimer

if TYPE_CHECKING:
    from bot.client import CommunityBot
    from bot.community.kernel import Community

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long the data of a server is kept after the bot was removed."""
PURGE = "purge_guild"


class Stays:
    """A server's promises rest while the bot is away; its data is purged when it does not come back."""

    def __init__(self, bot: "CommunityBot", kernel: "Community", clock: Clock = now) -> None:
        self._bot = bot
        self._kernel = kernel
        self._clock = clock
        bot.timers.handle(PURGE, self._purge)

    async def arrived(self, guild: discord.Guild) -> None:
        """The bot is in this server and receives its events, as of now."""
        self._kernel.ledger.counts(guild)
        self._kernel.voice.begin(guild)
        joined_at = guild.me.joined_at if guild.me else None

        async def work(tx: Transaction) -> None:
            if await self._bot.guild_settings.remember_guild(tx, guild.id, guild.name, joined_at):
                await self._resume(tx, guild.id)

        await self._bot.db.transaction(work)
        self._kernel.reconcile.request(guild.id, lost=True)

    async def left(self, guild_id: int) -> None:
        """The bot was removed from this server."""
        self._kernel.voice.lose(guild_id, self._kernel.present_ms())
        self._kernel.counting.lose(guild_id)
        if guild_id in self._kernel.ledger.guilds:
            await self._kernel.flush.flush(guild_id)

        async def work(tx: Transaction) -> None:
            if await self._bot.guild_settings.forget_guild(tx, guild_id):
                await self._pause(tx, guild_id)

        await self._bot.db.transaction(work)

    async def left_meanwhile(self) -> None:
        """Notice servers that the bot was removed from while it was away."""
        if self._bot.shard_count not in (None, 1):
            return  # another process has the others
        present = {guild.id for guild in self._bot.guilds}
        async with self._bot.db.read() as session:
            known = set(await session.scalars(select(Guild.guild_id).where(Guild.left_at.is_(None))))
        for guild_id in sorted(known - present):
            await self.left(guild_id)

    async def _resume(self, tx: Transaction, guild_id: int) -> None:
        await self._bot.timers.resume(tx, guild_id)
        await self._bot.timers.cancel(tx, f"{PURGE}:{guild_id}")

    async def _pause(self, tx: Transaction, guild_id: int) -> None:
        await self._bot.timers.pause(tx, guild_id)
        await self._bot.timers.schedule(
            tx,
            kind=PURGE,
            key=f"{PURGE}:{guild_id}",
            due_at=self._clock() + KEPT,
            guild_id=None,
            payload={"guild_id": guild_id},
        )

    async def _purge(self, timer: DueTimer) -> None:
        guild_id = int(timer.payload["guild_id"])
        if self._bot.get_guild(guild_id) is not None or not await purge_guild(self._bot.db, guild_id):
            return
        self._kernel.ledger.forget_guild(guild_id)
        self._bot.guild_settings.purged(guild_id)
        self._bot.inbox.people.erased(guild_id, None)
        log.info("server %d was left %d days ago: its data is gone", guild_id, KEPT.days)
