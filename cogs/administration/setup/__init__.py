"""`/setup`: a draft that outlives restarts, a review, a run that goes on where it was interrupted, and its undo."""

from typing import TYPE_CHECKING

from cogs.administration.setup import pages
from cogs.administration.setup.cog import SetupCog
from cogs.administration.setup.items import PARTS, OpenButton

if TYPE_CHECKING:
    from bot.client import CommunityBot

__all__ = ["OpenButton", "pages", "setup"]


async def setup(bot: "CommunityBot") -> None:
    """Part of the administration feature."""
    bot.add_persistent(*PARTS)
    await bot.add_cog(SetupCog(bot))
