"""What a panel makes happen on Discord beside its case: the message is deleted. Safe to repeat."""

from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.database import Transaction
from bot.permissions.channels import MissingInChannel, missing_permissions
from bot.timers import DueTimer
from cogs.conduct.carrying.bringing import AWAY
from cogs.conduct.moderate.service import DELETE

if TYPE_CHECKING:
    from bot.client import CommunityBot

NEEDS = ("view_channel", "manage_messages")


class Deleting:
    """Handles the timer of a message that is to go."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot

    async def handle(self, timer: DueTimer) -> None:
        """Delete it; that it is gone is as good. Raises MissingInChannel: it is tried again."""
        guild = self._bot.get_guild(timer.guild_id or 0)
        if guild is not None and guild.unavailable:
            await self._later(guild.id, timer)
            return
        channel = guild.get_channel_or_thread(int(timer.payload["channel"])) if guild else None
        if not isinstance(channel, discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel):
            return
        if missing := missing_permissions(channel, NEEDS):
            raise MissingInChannel(f"#{discord.utils.escape_markdown(channel.name)}", missing)
        try:
            await channel.get_partial_message(int(timer.payload["message"])).delete()
        except discord.NotFound:
            return

    async def _later(self, guild_id: int, timer: DueTimer) -> None:
        async def work(tx: Transaction) -> None:
            payload, at = dict(timer.payload), now() + AWAY
            key = f"{DELETE}:{payload['message']}"
            await self._bot.timers.schedule(tx, kind=DELETE, key=key, due_at=at, guild_id=guild_id, payload=payload)

        await self._bot.db.transaction(work)
