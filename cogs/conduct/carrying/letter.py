"""The notice: what was done, under which article, why, until when, and how to contest it. Sober, and short."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Article
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, PersistentItem, divider, palette
from bot.ui.text import escaped, shortened
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.rules import ENDED, State
from cogs.conduct.cases.words import REASON, moment

NoticePart = Callable[[CaseView, Localizer], "ui.Item[Any] | None"]
"""Adds something to every notice: a button stands beside the others, anything else below the text."""

TITLES = {
    CaseKind.WARN: N_("Warning in {server}"),
    CaseKind.TIMEOUT: N_("Timeout in {server}"),
    CaseKind.KICK: N_("Removed from {server}"),
    CaseKind.BAN: N_("Banned from {server}"),
}


@dataclass(frozen=True)
class Letter:
    """Everything a notice is made from. ``t`` is the member's language."""

    t: Localizer
    case: CaseView
    server: str
    article: Article | None


def letter_view(letter: Letter, parts: Iterable["ui.Item[Any]"]) -> LayoutView:
    """The notice as a message; one of the parts carries the key by which it is found again."""
    texts: list[ui.Item[Any]] = []
    buttons: list[ui.Item[Any]] = []
    for part in parts:
        (buttons if _is_button(part) else texts).append(part)
    box: ui.Container[LayoutView] = ui.Container(accent_colour=_colour(letter.case))
    title = letter.t(TITLES[letter.case.kind], server=escaped(letter.server))
    box.add_item(ui.TextDisplay(f"### {title}\n{happened(letter)}"))
    if grounds := _grounds(letter):
        box.add_item(divider()).add_item(ui.TextDisplay(grounds))
    for part in texts:
        box.add_item(part)
    box.add_item(ui.TextDisplay(f"-# {_footer(letter)}"))
    if buttons:
        box.add_item(ui.ActionRow(*buttons))
    view = LayoutView()
    view.add_item(box)
    return view


def happened(letter: Letter) -> str:
    """What it means for the member, and until when."""
    t, case = letter.t, letter.case
    if case.state in ENDED:
        when = moment(case.ended_at, "D") if case.ended_at else ""
        said = (
            N_("This decision was overturned on appeal on {when}. It has no effect any more, and counts for nothing.")
            if case.state is State.OVERTURNED
            else N_("This decision was withdrawn on {when}. It has no effect any more, and counts for nothing.")
        )
        return t(said, when=when)
    if case.lifted_at is not None:
        lifted = t(N_("This was ended early on {when}."), when=moment(case.lifted_at, "D"))
        return " ".join(one for one in (lifted, counts(letter), appealed(letter)) if one)
    return " ".join(one for one in (_effect(letter), counts(letter), appealed(letter)) if one)


def appealed(letter: Letter) -> str:
    """That an appeal is open; nothing while there is none."""
    return letter.t(N_("Your appeal is being looked at.")) if letter.case.state is State.APPEALED else ""


def _effect(letter: Letter) -> str:
    t, case = letter.t, letter.case
    until = moment(case.until) if case.until else None
    match case.kind:
        case CaseKind.TIMEOUT if until:
            return t(N_("Until {until} you can read there, but not write, react or speak."), until=until)
        case CaseKind.TIMEOUT:
            return t(N_("You can read there, but not write, react or speak, until the team ends it."))
        case CaseKind.KICK:
            return t(N_("The team removes you from the server. You can come back with an invite."))
        case CaseKind.BAN if until:
            return t(N_("You cannot come back before {until}. The ban then ends by itself."), until=until)
        case CaseKind.BAN:
            return t(N_("You cannot come back unless the team lifts the ban."))
    return t(N_("You go on as before: a warning takes nothing away from you."))


def counts(letter: Letter) -> str:
    """Until when it is looked at in later decisions."""
    t, case = letter.t, letter.case
    if not case.points or case.expires_at is None:
        return ""
    return t(
        N_("The team takes it into account until {when}; after that it counts for nothing."),
        when=moment(case.expires_at, "D"),
    )


def _grounds(letter: Letter) -> str:
    t, case = letter.t, letter.case
    lines = []
    if letter.article is not None:
        title = escaped(letter.article.title(t.language))
        lines.append(t(N_("**Article {number}: {title}**"), number=letter.article.number, title=title))
    if case.reason:
        lines.append("\n".join(f"> {line}" for line in shortened(escaped(case.reason.strip()), REASON).splitlines()))
    return "\n".join(lines)


def _footer(letter: Letter) -> str:
    when = moment(letter.case.created_at)
    return letter.t(N_("Case {number}, decided by the team on {when}"), number=letter.case.number, when=when)


def _colour(case: CaseView) -> discord.Colour:
    if case.state in ENDED or case.lifted_at is not None:
        return palette.QUIET
    return palette.ATTENTION if case.kind is CaseKind.WARN else palette.BAD


def _is_button(part: "ui.Item[Any]") -> bool:
    return isinstance(part.item if isinstance(part, PersistentItem) else part, ui.Button)
