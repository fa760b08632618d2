"""Buttons of a report: the team's, and the one of whoever reported."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.contracts.inbox import InboxItem
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.ui import PersistentItem, reply, update
from cogs.conduct.access import MODERATE
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.reports.models import Outcome
from cogs.conduct.reports.refusals import AlreadyClosed, NotYourReport
from cogs.conduct.reports.service import Reports

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

REPORT = r"(?P<report>\d{1,18})"
SECONDARY, PRIMARY = discord.ButtonStyle.secondary, discord.ButtonStyle.primary


class ReadButton(PersistentItem[ui.Button[Any]], template=rf"conduct:reported:{REPORT}"):
    """Shows the report with its evidence to somebody of the team, who is not whom it is about."""

    access: ClassVar = MODERATE

    def __init__(self, report_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=PRIMARY, custom_id=f"conduct:reported:{report_id}"))
        self.report_id = report_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.reports.open_pages import show
        from cogs.conduct.reports.page import read

        await show(interaction, await read(interaction, self.report_id))


class CloseButton(
    PersistentItem[ui.Button[Any]],
    template=rf"conduct:close:(?P<outcome>upheld|not_upheld|duplicate):{REPORT}",
):
    """Says how the report ended, without a case."""

    access: ClassVar = MODERATE

    def __init__(self, outcome: str, report_id: int, label: str = "-") -> None:
        key = f"conduct:close:{Outcome(outcome).value}:{report_id}"
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=key))
        self.outcome, self.report_id = Outcome(outcome), report_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.reports.open_pages import refreshed
        from cogs.conduct.reports.page import page, read

        report = await read(interaction, self.report_id)
        reports = interaction.client.service(Reports)
        try:
            closed = await reports.close(report.guild_id, report.id, interaction.user.id, self.outcome)
        except AlreadyClosed:
            await refreshed(interaction, report.id)
            raise
        await update(interaction, view=await page(interaction, closed))


class RecordButton(PersistentItem[ui.Button[Any]], template=r"conduct:record:(?P<user>\d{1,20})"):
    """Opens the record of a member beside what one is looking at."""

    access: ClassVar = MODERATE

    def __init__(self, user_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"conduct:record:{user_id}"))
        self.user_id = user_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.record.page import record_view  # which shows reports

        await reply(interaction, view=await record_view(Bench.of(interaction), self.user_id))


class MyReportButton(PersistentItem[ui.Button[Any]], template=rf"conduct:myreport:{REPORT}"):
    """Shows whoever reported what they wrote and how it ended, also in private messages."""

    access: ClassVar = EVERYONE

    def __init__(self, report_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=mine_key(report_id)))
        self.report_id = report_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.reports.letters import own_view

        bot = interaction.client
        report = await bot.service(Reports).read.by_id(self.report_id)
        if report is None or report.reporter_id != interaction.user.id:
            raise NotYourReport
        t = bot.i18n.for_reader(interaction.locale, report.guild_id)
        await reply(interaction, view=await own_view(bot, t, report))


def read_action(item: InboxItem, t: Localizer) -> ReadButton:
    """The button of an item of the inbox."""
    return ReadButton(int(item.source), t(N_("Read the report")))


def mine_key(report_id: int) -> str:
    """The custom_id by which the message with the outcome is found again."""
    return f"conduct:myreport:{report_id}"


PARTS = (ReadButton, CloseButton, RecordButton, MyReportButton)
