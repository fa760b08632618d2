"""After an outage: what moderators did meanwhile becomes cases, also when Discord does not say all of it at once."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
from sqlalchemy import select

from bot.clock import now
from bot.database import Transaction
from bot.passing import PASSING
from bot.timers import DueTimer
from bot.timers.models import Timer
from cogs.conduct.carrying.bringing import AWAY
from cogs.conduct.carrying.repair import Repair
from cogs.conduct.handmade.recording import Handmade
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

READ_AGAIN = "conduct:outage"
"""Kind of the timer that reads a server's audit log once more; its payload says since when."""
PAUSE = timedelta(seconds=30)


class Outages:
    """Handles ``conduct:outage``: until Discord has said everything, what an outage hid stays promised."""

    def __init__(self, bot: "CommunityBot", handmade: Handmade, repair: Repair) -> None:
        self._bot = bot
        self._handmade = handmade
        self._repair = repair
        bot.timers.handle(READ_AGAIN, self.handle)

    async def reconcile(self, guild: discord.Guild, since: datetime) -> None:
        """Record what was done since then without the bot, now or, where Discord fails, as soon as it can be read."""
        try:
            await self._read(guild, since)
        except PASSING as error:
            await self.promise(guild.id, since, error)

    async def promise(self, guild_id: int, since: datetime, error: Exception) -> None:
        """The audit log since then is read once more, because of that error."""
        log.warning("server %d: its audit log is read again in %d s: %s", guild_id, PAUSE.seconds, error)
        await self._bot.db.transaction(lambda tx: self._promise(tx, guild_id, since, PAUSE))

    async def handle(self, timer: DueTimer) -> None:
        since, guild = datetime.fromisoformat(timer.payload["since"]), self._bot.get_guild(timer.guild_id or 0)
        if guild is not None and not guild.unavailable:
            await self._read(guild, since)
        elif timer.guild_id is not None:
            guild_id = timer.guild_id
            await self._bot.db.transaction(lambda tx: self._promise(tx, guild_id, since, AWAY))

    async def _read(self, guild: discord.Guild, since: datetime) -> None:
        if not self._bot.guild_settings.get(guild.id, ConductSettings).enabled:
            return
        async with self._handmade.turn(guild.id):
            await self._handmade.catch_up(guild, since)
            await self._repair.compare(guild)

    async def _promise(self, tx: Transaction, guild_id: int, since: datetime, pause: timedelta) -> None:
        """An earlier promise may reach further back."""
        key = f"{READ_AGAIN}:{guild_id}"
        earlier = await tx.session.scalar(select(Timer.payload).filter_by(key=key))
        if earlier is not None:
            since = min(since, datetime.fromisoformat(earlier["since"]))
        payload, at = {"since": since.isoformat()}, now() + pause
        await self._bot.timers.schedule(tx, kind=READ_AGAIN, key=key, due_at=at, guild_id=guild_id, payload=payload)
