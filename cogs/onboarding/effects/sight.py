"""A promise that is due while Discord cannot show its server is made anew instead of being let go."""

from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.timers import DueTimer

if TYPE_CHECKING:
    from bot.client import CommunityBot

SERVER_AWAY = timedelta(minutes=10)
"""When it is looked at again: neither channels nor members are known meanwhile."""


async def in_sight(bot: "CommunityBot", timer: DueTimer) -> discord.Guild | None:
    """The server of a timer; None where the bot is not there any more, or not at present: then it is promised anew."""
    guild = bot.get_guild(timer.guild_id or 0)
    if guild is None or not guild.unavailable:
        return guild
    await bot.db.transaction(
        lambda tx: bot.timers.schedule(
            tx,
            kind=timer.kind,
            key=timer.key,
            due_at=now() + SERVER_AWAY,
            guild_id=timer.guild_id,
            payload=timer.payload,
        )
    )
    return None
