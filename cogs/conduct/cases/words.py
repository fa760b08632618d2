"""Cases in words, for cards, logs and lists; everything a person wrote is shown as they typed it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.contracts.cases import CaseKind
from bot.contracts.conduct import Article, Severity
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui.text import escaped, shortened
from cogs.conduct.cases.models import Notice
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.rules import State

Names = Mapping[int, str]
"""What people who are not here are called, by id; others are mentioned, which pings nobody."""

KINDS = {
    CaseKind.NOTE: N_("Note"),
    CaseKind.WARN: N_("Warning"),
    CaseKind.TIMEOUT: N_("Timeout"),
    CaseKind.KICK: N_("Kick"),
    CaseKind.BAN: N_("Ban"),
    CaseKind.UNBAN: N_("Unban"),
    CaseKind.FILTER: N_("Filter hit"),
    CaseKind.NATIVE: N_("AutoMod hit"),
}
STATES = {
    State.ACTIVE: N_("active"),
    State.EXPIRED: N_("expired"),
    State.APPEALED: N_("under appeal"),
    State.OVERTURNED: N_("overturned on appeal"),
    State.VOID: N_("void"),
}
SEVERITIES = {
    Severity.LOW: N_("low severity"),
    Severity.MEDIUM: N_("medium severity"),
    Severity.HIGH: N_("high severity"),
}
NOTICES = {
    Notice.OWED: N_("The notice is on its way."),
    Notice.DIRECT: N_("The member was told in a private message."),
    Notice.THREAD: N_("The member was told in a private thread."),
    Notice.UNDELIVERED: N_("Not notified: the member’s private messages are closed, and no thread reaches them."),
}
REASON = 900
"""Characters of a reason on a card, escapes included: a message has 4,000 in all."""


def moment(at: datetime, style: str = "f") -> str:
    """An instant as Discord shows it to each reader."""
    return f"<t:{int(at.timestamp())}:{style}>"


def person(t: Localizer, user_id: int | None, names: Names) -> str:
    """Somebody by name."""
    if user_id is None:
        return t(N_("somebody unknown"))
    if user_id < 0:
        return t(N_("somebody whose data was erased"))
    return f"**{escaped(names[user_id])}**" if user_id in names else f"<@{user_id}>"


def row(t: Localizer, name: str, value: str) -> str:
    """A fact by its name."""
    return t(N_("**{name}:** {value}"), name=name, value=value)


def typed(text: str, limit: int = REASON) -> str:
    """What somebody wrote, on one line and harmless."""
    return shortened(escaped(" ".join(text.split())), limit)


def sanction(t: Localizer, kind: CaseKind, length: timedelta | None = None) -> str:
    """A step by its name, with its length where it has one: Timeout (2 hours)."""
    name = t(KINDS[kind])
    if kind is CaseKind.BAN and length is None:
        return t(N_("{kind} (without an end)"), kind=name)
    if length is None or kind not in (CaseKind.BAN, CaseKind.TIMEOUT):
        return name
    return t(N_("{kind} ({length})"), kind=name, length=length)


def length_of(case: CaseView) -> timedelta | None:
    """How long its timeout or ban was decided to last; None without an end."""
    return None if case.until is None else case.until - case.created_at


def title(t: Localizer, case: CaseView) -> str:
    """One line: Case 12 · Timeout (2 hours)."""
    step = sanction(t, case.kind, length_of(case))
    return t(N_("Case {number} · {step}"), number=case.number, step=step)


def article_line(t: Localizer, number: int | None, article: Article | None) -> str:
    """The article with its title, where it is still known."""
    if number is None:
        return t(N_("without an article"))
    return f"{number}. {escaped(article.title(t.language))}" if article else str(number)


def decided_by(t: Localizer, case: CaseView, names: Names) -> str:
    """Who made it, and how."""
    if case.automatic:
        # AutoMod acts on Discord's side, so what it does was done there already.
        return t(N_("Discord’s AutoMod")) if case.by_hand or case.kind is CaseKind.NATIVE else t(N_("automatic"))
    who = person(t, case.moderator_id, names)
    return t(N_("{who}, in Discord’s own menus"), who=who) if case.by_hand else who


def standing(t: Localizer, case: CaseView, names: Names, at: datetime) -> str:
    """What the case does at this instant."""
    if case.state is State.VOID:
        return t(N_("Voided by {who} {when}: it has no effect."), **_end(t, case.ended_by, case.ended_at, names))
    if case.state is State.OVERTURNED:
        ended = _end(t, case.ended_by, case.ended_at, names)
        return t(N_("Overturned on appeal by {who} {when}: it has no effect."), **ended)
    said = [t(N_("Under appeal."))] if case.state is State.APPEALED else []
    if case.lifted_at is not None:
        said.append(t(N_("Lifted early by {who} {when}."), **_end(t, case.lifted_by, case.lifted_at, names)))
    elif case.in_force(at):
        until = case.until
        said.append(
            t(N_("In force until {when}."), when=moment(until)) if until else t(N_("In force, without an end."))
        )
    elif case.until is not None:
        said.append(t(N_("Over since {when}."), when=moment(case.until)))
    return " ".join([*said, points(t, case)]).strip()


def points(t: Localizer, case: CaseView) -> str:
    """What it counts, and until when; nothing for what has no points."""
    if not case.points or case.expires_at is None:
        return ""
    when = moment(case.expires_at, "D")
    if case.state is State.EXPIRED:
        return t(N_("Its points expired on {when}."), when=when)
    if case.notice in (Notice.UNDELIVERED, Notice.NONE):
        return t.plural("Its {n} point does not count.", "Its {n} points do not count.", case.points)
    if case.noticed_at is None:
        return t.plural(
            "{n} point until {when}, once the notice has arrived.",
            "{n} points until {when}, once the notice has arrived.",
            case.points,
            when=when,
        )
    return t.plural("{n} point until {when}.", "{n} points until {when}.", case.points, when=when)


def _end(t: Localizer, who: int | None, at: datetime | None, names: Names) -> dict[str, str]:
    return {"who": person(t, who, names), "when": moment(at, "R") if at else ""}
