"""What every door to a report shares: who may be reported, and the answer."""

from typing import TYPE_CHECKING

import discord

from bot.i18n.marks import N_
from bot.permissions import NotAllowed
from bot.ui import View, reply
from cogs.conduct.evidence.service import Snapshot
from cogs.conduct.reports.buttons import MyReportButton
from cogs.conduct.reports.refusals import OfABot, OfYourself
from cogs.conduct.reports.service import NewReport, Reports
from cogs.conduct.reports.words import thanks

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


def require_reportable(interaction: "Interaction", person: discord.User | discord.Member) -> None:
    """Raises OfYourself or OfABot."""
    if person.id == interaction.user.id:
        raise OfYourself
    if person.bot:
        raise OfABot


async def send(
    interaction: "Interaction",
    subject_id: int,
    details: str,
    article: int | None,
    message: Snapshot | None = None,
) -> None:
    """Put it before the team, and say what happens next. Raises what ``Reports.make`` raises."""
    bot, guild_id = interaction.client, interaction.guild_id
    if guild_id is None:
        raise NotAllowed
    # The source is in the export of whoever is reported: it must not name whoever reports.
    source = f"click:{interaction.id}"
    new = NewReport(guild_id, interaction.user.id, subject_id, source, details, article, message)
    made = await bot.service(Reports).make(new)
    t, view = bot.i18n.for_interaction(interaction), View()
    view.add_item(MyReportButton(made.id, t(N_("What I reported"))))  # for whoever takes no private messages too
    await reply(interaction, thanks(t), view=view)
