"""Export and import of a server's settings, from the overview of `/settings`."""

from typing import TYPE_CHECKING

from bot.guilds.sections import SectionAction
from bot.guilds.transfer.service import Imports
from bot.i18n.marks import N_
from cogs.administration.transfer.items import PARTS, ExportButton, ImportButton

if TYPE_CHECKING:
    from bot.client import CommunityBot

HOUR_SECONDS = 3600.0


async def setup(bot: "CommunityBot") -> None:
    """Part of the administration feature."""
    imports = Imports(bot.db, bot.guild_settings)
    bot.provide(Imports, imports)
    bot.add_persistent(*PARTS)
    bot.sections.add_to_overview(
        SectionAction(N_("Export"), ExportButton.of), SectionAction(N_("Import"), ImportButton.of)
    )
    bot.timers.every("expired imports", HOUR_SECONDS, imports.forget_expired)
