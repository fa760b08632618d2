"""What waits for the team: `/inbox`, and one message in the staff channel."""

from typing import TYPE_CHECKING

from cogs.administration.inbox import screens
from cogs.administration.inbox.cog import InboxCog
from cogs.administration.inbox.items import PARTS
from cogs.administration.inbox.profile import availability_page

if TYPE_CHECKING:
    from bot.client import CommunityBot

__all__ = ["screens", "setup"]


async def setup(bot: "CommunityBot") -> None:
    """Part of the administration feature."""
    bot.add_persistent(*PARTS)
    bot.profile.register(availability_page)
    await bot.add_cog(InboxCog(bot))
