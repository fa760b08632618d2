"""Pages of reports that somebody of the team has open: whoever decides, the others see it, and have no buttons left."""

from typing import TYPE_CHECKING

import discord

from bot.ui import reply, update
from cogs.conduct.reports.events import ReportClosed
from cogs.conduct.reports.page import page, read
from cogs.conduct.reports.reading import ReportView
from cogs.conduct.screens import Screens

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class OpenPages(Screens):
    """By the report's number. A page that nobody can draw anew any more is, when it is clicked (``refreshed``)."""

    async def on_closed(self, event: ReportClosed) -> None:
        """Somebody has decided."""
        await self.redraw(event.report_id)


async def show(interaction: "Interaction", report: ReportView) -> None:
    """Answer with the page of the report, and keep it up to date."""
    await reply(interaction, view=await page(interaction, report))
    if interaction.response.type is not discord.InteractionResponseType.channel_message:
        return  # "thinking" was shown first, so that the answer is another message than Discord calls the original

    async def redraw() -> None:
        await update(interaction, view=await page(interaction, await read(interaction, report.id)))

    pages = interaction.client.service(OpenPages)
    pages.wait(report.id, redraw)
    if report.outcome is None and (await read(interaction, report.id)).outcome is not None:
        await pages.redraw(report.id)  # it was closed while the answer was on its way


async def refreshed(interaction: "Interaction", report_id: int) -> None:
    """The page whose button was pressed as it is now: it is older than the decision."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await update(interaction, view=await page(interaction, await read(interaction, report_id)))
