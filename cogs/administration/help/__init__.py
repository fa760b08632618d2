"""`/help`: what somebody can do in this server, in their language."""

from typing import TYPE_CHECKING

from cogs.administration.help.cog import HelpCog
from cogs.administration.help.screens import PARTS

if TYPE_CHECKING:
    from bot.client import CommunityBot


async def setup(bot: "CommunityBot") -> None:
    """Part of the administration feature."""
    bot.add_persistent(*PARTS)
    await bot.add_cog(HelpCog())
