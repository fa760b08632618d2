"""What was reported, as it was when the form was opened: in memory, because nothing is kept before it is sent."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.clock import Clock, now
from cogs.conduct.evidence.service import Snapshot
from cogs.conduct.evidence.taking import snapshot_of

if TYPE_CHECKING:
    from bot.client import CommunityBot

KEPT = timedelta(hours=1)
REMEMBERED = 500
"""Open forms at once."""


class Sights:
    """After a restart the message is looked at anew, where it still stands."""

    def __init__(self, bot: "CommunityBot", clock: Clock = now) -> None:
        self._bot = bot
        self._clock = clock
        self._seen: dict[tuple[int, int], tuple[datetime, Snapshot]] = {}

    def look(self, reporter_id: int, message: discord.Message) -> Snapshot:
        """Remember the message until the form is sent."""
        present = self._clock()
        self._seen = {key: one for key, one in self._seen.items() if one[0] > present - KEPT}
        if len(self._seen) >= REMEMBERED:
            self._seen.pop(next(iter(self._seen)))
        shot = snapshot_of(message)
        self._seen[reporter_id, message.id] = (present, shot)
        return shot

    async def recall(self, reporter_id: int, guild: discord.Guild, channel_id: int, message_id: int) -> Snapshot | None:
        """The message as it was then, else as it is now; None when it is gone."""
        found = self._seen.pop((reporter_id, message_id), None)
        if found is not None:
            return found[1]
        channel = guild.get_channel_or_thread(channel_id)
        if not isinstance(channel, discord.abc.Messageable):
            return None
        try:
            return snapshot_of(await channel.fetch_message(message_id))
        except (discord.NotFound, discord.Forbidden):
            return None
