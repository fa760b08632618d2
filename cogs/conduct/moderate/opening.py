"""Opens the panel from each of its doors."""

import logging

import discord

from bot.contracts.cases import CaseKind
from bot.ui import LayoutView
from cogs.conduct.cases.card import article_of
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.decisions import Decision
from cogs.conduct.deciding.flow import target_of
from cogs.conduct.deciding.people import Target
from cogs.conduct.evidence.service import Snapshot
from cogs.conduct.evidence.taking import snapshot_of
from cogs.conduct.moderate.desk import require_reach
from cogs.conduct.moderate.looks import draw
from cogs.conduct.moderate.service import Panels
from cogs.conduct.reports.reading import ReportView
from cogs.conduct.reports.refusals import AlreadyClosed, ConcernsYou, ReportGone
from cogs.conduct.reports.service import Reports

log = logging.getLogger(__name__)


async def opened(
    bench: Bench, target: Target, *, message: discord.Message | None = None, report: ReportView | None = None
) -> LayoutView:
    """A new panel about the person. Raises a UserError for whoever they may not decide about."""
    await require_reach(bench, target)
    shot: Snapshot | None = None
    if message is not None:
        shot = snapshot_of(message)
    wish = Decision(
        bench.guild.id,
        target.id,
        bench.actor.id,
        CaseKind.WARN,
        "",
        article=_in_force(bench, report.article) if report is not None else None,
    )
    source = str(bench.interaction.id)
    draft_id = await bench.bot.service(Panels).open(wish, source, shot=shot, report=report)
    log.info("the record of %s in server %s was opened by %s", target.id, bench.guild.id, bench.actor.id)
    return await draw(bench, draft_id)


def _in_force(bench: Bench, number: int | None) -> int | None:
    """The article that the report names, unless it was withdrawn meanwhile."""
    found = article_of(bench.bot, bench.guild.id, number)
    return None if found is None or found.withdrawn else found.number


async def opened_from_report(bench: Bench, report_id: int) -> LayoutView:
    """The same about whoever was reported. Raises ReportGone, ConcernsYou or AlreadyClosed too."""
    report = await bench.bot.service(Reports).read.get(bench.guild.id, report_id)
    if report.subject_id == bench.actor.id:
        raise ConcernsYou
    if report.outcome is not None:
        raise AlreadyClosed
    if report.subject_id is None:
        raise ReportGone
    return await opened(bench, await target_of(bench, report.subject_id), report=report)
