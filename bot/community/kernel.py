"""Wires the kernel to the bot."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.client import CommunityBot


class Community:
    """What every feature may ask about members, activity and contributions."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot

    async def start(self) -> None:
        """Begin to count."""

    async def stop(self) -> None:
        """Keep what was counted."""
