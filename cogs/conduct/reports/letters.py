"""What whoever reported is told: how it ended, and nothing else. An answer to what they did, so no budget counts it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.clock import now
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.posting import post_once
from bot.timers import DueTimer
from bot.ui import LayoutView, palette
from bot.ui.text import escaped
from cogs.conduct.carrying.people import member_of
from cogs.conduct.carrying.rules import tried_again
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.cases.service import Cases
from cogs.conduct.cases.words import moment
from cogs.conduct.evidence.words import quoted
from cogs.conduct.reports.buttons import MyReportButton, mine_key
from cogs.conduct.reports.reading import ReportView
from cogs.conduct.reports.service import Reports
from cogs.conduct.reports.words import state

if TYPE_CHECKING:
    from bot.client import CommunityBot


class Teller:
    """Handles the timer that tells the reporter. Safe to repeat."""

    def __init__(self, bot: "CommunityBot", reports: Reports) -> None:
        self._bot = bot
        self._reports = reports

    async def tell(self, timer: DueTimer) -> None:
        """Write to whoever reported; closed private messages and who left are not told."""
        report = await self._reports.read.by_id(int(timer.payload["report"]))
        if report is None or report.decided_at is None or report.told_at is not None:
            return
        guild = self._bot.get_guild(report.guild_id)
        if guild is None or guild.unavailable:
            return  # when it is back, it is promised anew
        case = await _case_of(self._bot, report)
        if report.reporter_id is not None:
            try:
                await self._write(guild, report, report.reporter_id, case)
            except discord.HTTPException:
                if tried_again(timer.due_at, timer.attempts, now()):
                    raise
        await self._reports.told(report, undone=_undone(case))

    async def resume(self, guild: discord.Guild, since: datetime) -> None:
        """After a start or an outage: promise anew what is owed."""
        for report_id in await self._reports.read.untold(guild.id):
            await self._reports.again(guild.id, report_id)

    async def _write(self, guild: discord.Guild, report: ReportView, reporter_id: int, case: CaseView | None) -> None:
        member = await member_of(guild, reporter_id)
        if member is None or report.decided_at is None:
            return
        known = await self._bot.community.members.get(guild.id, member.id)
        t = self._bot.i18n.for_reader(known.locale if known else None, guild.id)
        row: ui.ActionRow[Any] = ui.ActionRow(MyReportButton(report.id, t(N_("What I reported"))))
        view = _view(t, guild.name, state(t, report.outcome, taken_back=_undone(case)), row)
        try:
            channel = member.dm_channel or await member.create_dm()
            letter = await post_once(channel, mine_key(report.id), report.decided_at, view=view)
            if _undone(case) or _made_anew(case, report.decided_at):  # the letter of before, corrected where it stands
                await letter.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
        except (discord.Forbidden, discord.NotFound):
            return


async def _case_of(bot: "CommunityBot", report: ReportView) -> CaseView | None:
    return await bot.service(Cases).read.by_id(report.case_id) if report.case_id is not None else None


def _undone(case: CaseView | None) -> bool:
    """Whether the case that came of the report was voided or overturned since."""
    return case is not None and case.state in ENDED


def _made_anew(case: CaseView | None, decided_at: datetime) -> bool:
    """Whether it took the place of one that was undone: the first case of a report is never younger than its end."""
    return case is not None and case.created_at > decided_at


async def own_view(bot: "CommunityBot", t: Localizer, report: ReportView) -> LayoutView:
    """The report as whoever made it sees it."""
    guild = bot.get_guild(report.guild_id)
    said = state(t, report.outcome, taken_back=_undone(await _case_of(bot, report)))
    made = t(N_("You wrote on {when}:"), when=moment(report.made_at))
    words = quoted(report.details, 1800) if report.details else "> " + t(N_("(no text)"))
    return _view(t, guild.name if guild else "?", f"{said}\n{made}\n{words}")


def _view(t: Localizer, server: str, text: str, *more: ui.Item[Any]) -> LayoutView:
    title = t(N_("Your report in {server}"), server=escaped(server))
    view = LayoutView()
    view.add_item(ui.Container(ui.TextDisplay(f"### {title}\n{text}"), *more, accent_colour=palette.ACCENT))
    return view
