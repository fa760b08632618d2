"""The panel as a message: what happened, how the member stands, what is proposed, and what can be done."""

from typing import Any

import discord
from discord import ui

from bot.contracts.cases import CaseKind
from bot.i18n.marks import N_
from bot.permissions.channels import missing_permissions
from bot.permissions.names import permission_names
from bot.ui import LayoutView, boxed, divider, palette
from cogs.conduct.cases import card as cards
from cogs.conduct.cases import words
from cogs.conduct.cases.standing import standing_of
from cogs.conduct.code.choosing import article_name
from cogs.conduct.deciding import pages
from cogs.conduct.deciding.bench import Bench, lacked
from cogs.conduct.deciding.comparison import step_named
from cogs.conduct.evidence import words as exhibits
from cogs.conduct.evidence.service import EvidenceRoom
from cogs.conduct.moderate.buttons import (
    PROPOSED,
    ActButton,
    ArticleMenu,
    DeleteButton,
    FormButton,
    LeaveButton,
    StepMenu,
)
from cogs.conduct.moderate.desk import Desk, laid_out
from cogs.conduct.reports.buttons import RecordButton

OPTIONS = 25
"""Of a menu, as Discord allows."""
TO_DELETE = ("view_channel", "manage_messages")


async def draw(bench: Bench, draft_id: int) -> LayoutView:
    """The panel as a message."""
    desk = await laid_out(bench, draft_id)
    t, wish = bench.t, desk.sheet.decision
    names = await cards.names_of_absent(bench.bot, bench.guild.id, [wish.user_id])
    title = t(N_("Moderate {member}"), member=words.person(t, wish.user_id, names))
    standing = await standing_of(bench.bot, t, bench.guild.id, wish.user_id)
    parts: list[ui.Item[Any]] = [ui.TextDisplay(f"### {title}\n{standing}")]
    if said := await _message(desk, names):
        parts += [divider(), *(ui.TextDisplay(block) for block in said)]
    parts.append(divider())
    if desk.articles:
        parts.append(ui.ActionRow(ArticleMenu(draft_id, _articles(desk))))
    parts.append(ui.TextDisplay("\n".join(_proposal(desk))))
    if desk.offered:
        parts.append(ui.ActionRow(StepMenu(draft_id, _steps(desk))))
    reason = words.typed(wish.reason) if wish.reason else t(N_("none yet"))
    parts.append(ui.TextDisplay(words.row(t, t(N_("Reason")), reason)))
    parts += _buttons(desk)
    return boxed(parts, palette.ATTENTION)


async def _message(desk: Desk, names: words.Names) -> list[str]:
    bench, sheet = desk.bench, desk.sheet
    if sheet.evidence_id is None:
        return []
    t = bench.t
    exhibit = await bench.bot.service(EvidenceRoom).get(bench.guild.id, sheet.evidence_id)
    if exhibit is None:
        return [t(N_("The message is not kept any more."))]
    lines = [exhibits.shown(t, exhibit, names, 700)]
    if desk.acted is not None:
        lines.append(f"{palette.WARNING} " + t(N_("Case {number} was made about this message."), number=desk.acted))
    elif sheet.delete_message:
        lines.append(t(N_("It is kept with the case, and deleted from the channel.")))
    else:
        lines.append(t(N_("It is kept with the case, and stays in the channel.")))
    return lines


def _articles(desk: Desk) -> "ui.Select[Any]":
    t, chosen = desk.bench.t, desk.sheet.decision.article
    options = [
        discord.SelectOption(label=article_name(one, t.language), value=str(one.number), default=one.number == chosen)
        for one in desk.articles[:OPTIONS]
    ]
    return ui.Select(options=options, placeholder=t(N_("Which article was broken?")))


def _proposal(desk: Desk) -> list[str]:
    t, bench, weighing = desk.bench.t, desk.bench, desk.weighing
    if desk.member is None:
        lines = [t(N_("They are not in this server any more: only a ban reaches them."))]
        if not desk.offered:
            lacking = permission_names([lacked(CaseKind.BAN)])
            lines.append(t(N_("For that one needs the permission {permissions}."), permissions=lacking))
        return lines
    if not desk.weighed:
        return [t(N_("Choose the article: then you see what is proposed, and what similar cases received."))]
    lines = []
    if weighing.proposal is not None:
        step = step_named(t, weighing.proposal)
        lines.append(
            t.plural(
                "The ladder proposes **{step}**: with this case it would be {n} point.",
                "The ladder proposes **{step}**: with this case it would be {n} points.",
                weighing.total,
                step=step,
            )
        )
        if not bench.may(weighing.proposal.kind):
            lacking = permission_names([lacked(weighing.proposal.kind)])
            lines.append(t(N_("For that one needs the permission {permissions}."), permissions=lacking))
    if compared := pages.compared_line(t, desk.sheet.decision.article, weighing):
        lines.append(f"-# {compared}")
    return lines or [t(N_("This server has no ladder: choose what is right."))]


def _steps(desk: Desk) -> "ui.Select[Any]":
    t, options = desk.bench.t, []
    proposal = desk.weighing.proposal if desk.weighed else None
    if proposal is not None and proposal.kind in {one.kind for one in desk.offered}:
        # What the menu shows closed is its label alone, and a phone has room for some twenty characters of it.
        label, about = step_named(t, proposal), t(N_("What the ladder proposes"))
        followed = desk.sheet.step is None
        options.append(discord.SelectOption(label=label, description=about, value=PROPOSED, default=followed))
    for one in desk.offered:
        chosen = one == desk.sheet.step
        options.append(discord.SelectOption(label=step_named(t, one), value=str(one), default=chosen))
    return ui.Select(options=options, placeholder=t(N_("What is done?")))


def _buttons(desk: Desk) -> list[ui.Item[Any]]:
    t, sheet = desk.bench.t, desk.sheet
    step = step_named(t, desk.step) if desk.step is not None else t(N_("Act"))
    first: list[ui.Item[Any]] = [
        FormButton("reason", sheet.draft_id, t(N_("Write the reason"))),
        ActButton(sheet.draft_id, step, disabled=not desk.ready),
    ]
    second: list[ui.Item[Any]] = []
    if sheet.message_id is not None and _can_delete(desk):
        label = t(N_("Leave the message there")) if sheet.delete_message else t(N_("Delete the message too"))
        second.append(DeleteButton(sheet.draft_id, int(not sheet.delete_message), label))
    if desk.member is not None:
        second.append(FormButton("word", sheet.draft_id, t(N_("A word in private"))))
    second.append(RecordButton(sheet.decision.user_id, t(N_("Record"))))
    second.append(LeaveButton(sheet.draft_id, t(N_("Do nothing"))))
    return [ui.ActionRow(*first), ui.ActionRow(*second)]


def _can_delete(desk: Desk) -> bool:
    channel = desk.bench.guild.get_channel_or_thread(desk.sheet.channel_id or 0)
    return channel is not None and not missing_permissions(channel, TO_DELETE)
