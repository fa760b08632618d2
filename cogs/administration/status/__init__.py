"""`/status`: how the bot does in this server, and what to do where it does not do well."""

from typing import TYPE_CHECKING

from cogs.administration.status.cog import RefreshButton, StatusCog

if TYPE_CHECKING:
    from bot.client import CommunityBot


async def setup(bot: "CommunityBot") -> None:
    """Part of the administration feature."""
    bot.add_persistent(RefreshButton)
    await bot.add_cog(StatusCog())
