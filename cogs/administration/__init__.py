"""The settings of a server: the panels, and what happens when a channel or role they name is deleted."""

from typing import TYPE_CHECKING

from bot.ui.panels import PARTS
from cogs.administration import help as help_pages
from cogs.administration import inbox, status, transfer
from cogs.administration.arrival import Arrival, ArrivalButton
from cogs.administration.cog import Administration
from cogs.administration.deletions import Deletions, MendButton
from cogs.administration.setup import setup as setup_wizard  # before `setup` below, which takes the name

if TYPE_CHECKING:
    from bot.client import CommunityBot


async def setup(bot: "CommunityBot") -> None:
    bot.add_persistent(*PARTS, MendButton, ArrivalButton)
    await bot.add_cog(Administration())
    await bot.add_cog(Deletions(bot))
    await inbox.setup(bot)
    await help_pages.setup(bot)
    await status.setup(bot)
    await transfer.setup(bot)
    await setup_wizard(bot)
    await bot.add_cog(Arrival(bot))
