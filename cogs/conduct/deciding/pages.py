"""What a moderator reads: the question before a decision, and the answer after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.contracts.cases import CaseKind
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions.names import permission_names
from bot.ui import LayoutView, boxed, divider, palette
from cogs.conduct.carrying.items import CaseButton
from cogs.conduct.cases import card as cards
from cogs.conduct.cases import words
from cogs.conduct.cases.models import Notice
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.deciding.bench import Bench, lacked
from cogs.conduct.deciding.buttons import DropButton, TakeButton, WhyButton
from cogs.conduct.deciding.comparison import comparison, step_named
from cogs.conduct.deciding.decisions import Decision, Recorded, Weighing
from cogs.conduct.deciding.people import special_powers
from cogs.conduct.deciding.sanctions import Sanction

DANGER, PRIMARY = discord.ButtonStyle.danger, discord.ButtonStyle.primary
Parts = list[ui.Item[Any]]


@dataclass(frozen=True)
class Question:
    """Why a decision is not recorded at once. ``member`` is None for somebody who has left."""

    decision: Decision
    member: discord.Member | None
    elevated: bool

    @property
    def departs(self) -> bool:
        """Whether it differs from the proposal in a way that has to be explained."""
        return self.decision.proposed is not None and self.decision.kind is not CaseKind.WARN

    @property
    def is_asked(self) -> bool:
        return self.elevated or self.departs


async def question(bench: Bench, asked: Question, weighing: Weighing, draft_id: int) -> LayoutView:
    """What is about to happen to whom, what speaks to it, and the buttons that do it."""
    t, decision = bench.t, asked.decision
    step = step_named(t, decision.chosen)
    title = t(N_("{step}: not decided yet"), step=step)
    parts: Parts = [ui.TextDisplay(f"### {title}")]
    parts.append(ui.TextDisplay("\n".join(await _facts(bench, decision))))
    if asked.elevated and asked.member is not None:
        parts.append(ui.TextDisplay(f"{palette.WARNING} {_elevated(t, asked.member)}"))
    buttons: list[ui.Item[Any]] = []
    if asked.departs and decision.proposed is not None:
        parts += [divider(), ui.TextDisplay("\n".join(_proposal(bench, asked, weighing, decision.proposed)))]
        if _can_follow(bench, asked, decision.proposed):
            label = step_named(t, decision.proposed)
            buttons.append(TakeButton(draft_id, True, label, PRIMARY))
        buttons.append(WhyButton(draft_id, t(N_("{step}: say why"), step=step)))
    else:
        buttons.append(TakeButton(draft_id, False, step, DANGER))
    buttons.append(DropButton(draft_id, t(N_("Do nothing"))))
    return _view([*parts, ui.ActionRow(*buttons)], palette.ATTENTION)


def _can_follow(bench: Bench, asked: Question, proposed: Sanction) -> bool:
    here = asked.member is not None or proposed.kind is CaseKind.BAN
    return here and bench.may(proposed.kind)


def _proposal(bench: Bench, asked: Question, weighing: Weighing, proposed: Sanction) -> list[str]:
    t, step = bench.t, step_named(bench.t, proposed)
    lines = [
        t.plural(
            "The ladder proposes **{step}**: with this case it would be {n} point.",
            "The ladder proposes **{step}**: with this case it would be {n} points.",
            weighing.total,
            step=step,
        )
    ]
    if compared := compared_line(t, asked.decision.article, weighing):
        lines.append(f"-# {compared}")
    lines.append(t(N_("To decide otherwise, say why: it is kept with the case.")))
    return lines


def _elevated(t: Localizer, member: discord.Member) -> str:
    powers = special_powers(member)
    if not powers:
        return t(N_("This member is on the team of this server. Confirm that you mean it."))
    return t(
        N_("This member has power over others ({permissions}). Confirm that you mean it."),
        permissions=permission_names(powers[:4]),
    )


async def recorded(bench: Bench, made: Recorded, weighing: Weighing) -> LayoutView:
    """The case, whether the member was told, what counts now, and the next step."""
    t = bench.t
    case = await bench.cases.read.by_id(made.case.id) or made.case
    points = await bench.cases.read.points(case.guild_id, case.user_id)
    lines = [*await _facts(bench, made.decision), _points(t, case, points), f"-# {_told(t, case)}"]
    parts: Parts = [ui.TextDisplay(f"### {words.title(t, case)}"), ui.TextDisplay("\n".join(lines))]
    said, buttons = _next_step(bench, made, weighing)
    if said:
        parts += [divider(), ui.TextDisplay("\n".join(said))]
    parts.append(ui.ActionRow(*buttons, CaseButton(case.id, t(N_("Open the case")))))
    return _view(parts, palette.GOOD)


def _next_step(bench: Bench, made: Recorded, weighing: Weighing) -> tuple[list[str], Sequence[ui.Item[Any]]]:
    t, proposed, said = bench.t, made.decision.proposed, []
    buttons: list[ui.Item[Any]] = []
    if made.draft_id is not None and proposed is not None:
        step = step_named(t, proposed)
        said.append(t(N_("The ladder proposes **{step}**."), step=step))
        if bench.may(proposed.kind):
            buttons.append(TakeButton(made.draft_id, False, step, PRIMARY))
        else:
            lacking = permission_names([lacked(proposed.kind)])
            said.append(t(N_("For that one needs the permission {permissions}."), permissions=lacking))
    elif proposed is not None:
        said.append(
            t(N_("The ladder proposed {step}. Why you decided otherwise is kept."), step=step_named(t, proposed))
        )
    elif weighing.beyond is not None:
        step, start = step_named(t, weighing.beyond[0]), weighing.beyond[1]
        said.append(
            t.plural(
                "Next step of the ladder: {step}, from {n} point on.",
                "Next step of the ladder: {step}, from {n} points on.",
                start,
                step=step,
            )
        )
    if compared := compared_line(t, made.decision.article, weighing):
        said.append(f"-# {compared}")
    return said, buttons


def compared_line(t: Localizer, article: int | None, weighing: Weighing) -> str:
    """What similar cases received; nothing where there is no article to compare under."""
    if article is None or weighing.proportion is None:
        return ""
    return comparison(t, article, weighing.proposal, weighing.proportion)


async def _facts(bench: Bench, decision: Decision) -> list[str]:
    t, bot, guild_id = bench.t, bench.bot, bench.guild.id
    names = await cards.names_of_absent(bot, guild_id, [decision.user_id])
    member = bench.guild.get_member(decision.user_id)
    if member is not None and decision.kind in (CaseKind.KICK, CaseKind.BAN):
        names[member.id] = member.display_name  # a mention of whoever is about to go turns into a number
    article = cards.article_of(bot, guild_id, decision.article)
    rows = [
        (t(N_("Member")), words.person(t, decision.user_id, names)),
        (t(N_("Article")), words.article_line(t, decision.article, article)),
        (t(N_("Reason")), words.typed(decision.reason)),
    ]
    if decision.delete_seconds:
        days = decision.delete_seconds // 86400
        said = t.plural("those of the last day are deleted", "those of the last {n} days are deleted", days)
        rows.append((t(N_("Messages")), said))
    return [words.row(t, name, value) for name, value in rows]


def _points(t: Localizer, case: CaseView, points: int) -> str:
    said, waiting = t.number(points), case.points and case.noticed_at is None
    if waiting and case.notice is Notice.OWED:
        said = t(N_("{now}, and {then} once the notice has arrived"), now=said, then=t.number(points + case.points))
    return words.row(t, t(N_("Points")), said)


def _told(t: Localizer, case: CaseView) -> str:
    if case.notice is Notice.OWED:
        return t(N_("The notice is on its way: this answer shows whether it arrives, and so does the moderation log."))
    return t(words.NOTICES[case.notice]) if case.notice in words.NOTICES else ""


def nothing_done(t: Localizer) -> LayoutView:
    """After Cancel."""
    return _view([ui.TextDisplay(t(N_("Nothing was recorded.")))], palette.QUIET)


def _view(parts: Parts, colour: discord.Colour) -> LayoutView:
    return boxed(parts, colour)
