"""The report as the team reads it: what was said, the message as it was, and whom it is about."""

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, divider, palette
from cogs.conduct.carrying.items import CaseButton
from cogs.conduct.cases import card as cards
from cogs.conduct.cases import words
from cogs.conduct.cases.rules import ENDED
from cogs.conduct.cases.service import Cases
from cogs.conduct.cases.standing import standing_of
from cogs.conduct.evidence import words as exhibits
from cogs.conduct.evidence.service import EvidenceRoom
from cogs.conduct.moderate.buttons import ModerateButton
from cogs.conduct.reports.buttons import CloseButton, RecordButton
from cogs.conduct.reports.models import Outcome
from cogs.conduct.reports.reading import ReportView
from cogs.conduct.reports.refusals import ConcernsYou
from cogs.conduct.reports.service import Reports
from cogs.conduct.reports.words import OUTCOMES

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

log = logging.getLogger(__name__)


async def read(interaction: "Interaction", report_id: int) -> ReportView:
    """The report of this server. Raises ReportGone, or ConcernsYou for whom it is about."""
    report = await interaction.client.service(Reports).read.get(interaction.guild_id or 0, report_id)
    if report.subject_id == interaction.user.id:
        raise ConcernsYou
    log.info("report %s of server %s was read by %s", report.id, report.guild_id, interaction.user.id)
    return report


async def page(interaction: "Interaction", report: ReportView) -> LayoutView:
    """The report as it is now, with the buttons that decide about it while it is open."""
    bot = interaction.client
    t = bot.i18n.for_interaction(interaction)
    people = [report.reporter_id, report.subject_id, report.decided_by]
    names = await cards.names_of_absent(bot, report.guild_id, people)
    title = t(N_("Report about {member}"), member=words.person(t, report.subject_id, names))
    article = words.article_line(t, report.article, cards.article_of(bot, report.guild_id, report.article))
    by = words.person(t, report.reporter_id, names)
    lines = [f"### {title}", words.row(t, t(N_("Reported by")), f"{by} · {words.moment(report.made_at)}")]
    lines.append(words.row(t, t(N_("Article")), article))
    if report.details:
        lines.append(exhibits.quoted(report.details, 1300))
    parts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
    if evidence := await _evidence(interaction, report):
        parts += [divider(), ui.TextDisplay(evidence)]
    parts += [divider(), ui.TextDisplay(await standing_of(bot, t, report.guild_id, report.subject_id))]
    if report.outcome is None:
        parts.append(_buttons(t, report))
    else:
        parts += [divider(), *await _ended(bot, t, report, names)]
    view = LayoutView()
    colour = palette.ATTENTION if report.outcome is None else palette.QUIET
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view


async def _evidence(interaction: "Interaction", report: ReportView) -> str:
    if report.evidence_id is None:
        return ""
    bot = interaction.client
    t = bot.i18n.for_interaction(interaction)
    exhibit = await bot.service(EvidenceRoom).get(report.guild_id, report.evidence_id)
    if exhibit is None:
        return t(N_("The reported message is not kept any more."))
    names = await cards.names_of_absent(bot, report.guild_id, [exhibit.author_id])
    return exhibits.shown(t, exhibit, names)


async def _ended(bot: "CommunityBot", t: Localizer, report: ReportView, names: words.Names) -> list[ui.Item[Any]]:
    """How it ended; with the case that was made of it, and what became of that."""
    assert report.outcome is not None
    case = await bot.service(Cases).read.by_id(report.case_id) if report.case_id is not None else None
    # The case may have taken the place of one that was undone: then somebody else decided, and later.
    decided_by, at = (report.decided_by, report.decided_at) if case is None else (case.moderator_id, case.created_at)
    if case is not None:
        names = {**names, **await cards.names_of_absent(bot, report.guild_id, [decided_by])}
    by, when = words.person(t, decided_by, names), words.moment(at) if at else ""
    said = t(N_("**{outcome}.** By {who}, {when}."), outcome=t(OUTCOMES[report.outcome]), who=by, when=when)
    if case is None:
        return [ui.TextDisplay(said)]
    made = words.title(t, case)
    if case.state in ENDED:
        made += f" · {t(words.STATES[case.state])}"
    return [ui.TextDisplay(f"{said}\n{made}"), ui.ActionRow(CaseButton(case.id, t(N_("Open the case"))))]


def _buttons(t: Localizer, report: ReportView) -> "ui.ActionRow[Any]":
    buttons: list[ui.Item[Any]] = []
    if report.subject_id is not None:
        buttons.append(ModerateButton(report.id, t(N_("Moderate"))))
    buttons.append(CloseButton(Outcome.UPHELD, report.id, t(N_("Upheld without a sanction"))))
    buttons.append(CloseButton(Outcome.NOT_UPHELD, report.id, t(N_("Not upheld"))))
    buttons.append(CloseButton(Outcome.DUPLICATE, report.id, t(N_("Duplicate"))))
    if report.subject_id is not None:
        buttons.append(RecordButton(report.subject_id, t(N_("Record"))))
    return ui.ActionRow(*buttons)
