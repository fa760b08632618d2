"""What a panel makes happen on Discord beside its case: the message is deleted. Safe to repeat."""

from typing import TYPE_CHECKING

import discord

from bot.permissions.channels import MissingInChannel, missing_permissions
from bot.timers import DueTimer

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
        channel = guild.get_channel_or_thread(int(timer.payload["channel"])) if guild else None
        if not isinstance(channel, discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel):
            return
        if missing := missing_permissions(channel, NEEDS):
            raise MissingInChannel(f"#{discord.utils.escape_markdown(channel.name)}", missing)
        try:
            await channel.get_partial_message(int(timer.payload["message"])).delete()
        except discord.NotFound:
            return
