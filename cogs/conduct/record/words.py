"""Entries of a record in words."""

from bot.contracts.cases import SANCTIONS, CaseKind
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from cogs.conduct.appeals.models import Outcome as AppealOutcome
from cogs.conduct.cases import words
from cogs.conduct.cases.models import MeasureKind, Notice
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.rules import State
from cogs.conduct.record.service import AppealEntry, Entry, InForce, Points, ReportEntry
from cogs.conduct.reports.models import Outcome as ReportOutcome

BRIEF, WHOLE = 130, 260
"""Characters of a reason, and of a note, in the timeline."""
REPORTS = {
    ReportOutcome.SANCTIONED: N_("upheld, and a case was made"),
    ReportOutcome.UPHELD: N_("upheld without a sanction"),
    ReportOutcome.NOT_UPHELD: N_("not upheld"),
    ReportOutcome.DUPLICATE: N_("somebody else had reported it"),
}
MEASURES = {MeasureKind.TIMEOUT: CaseKind.TIMEOUT, MeasureKind.BAN: CaseKind.BAN}
NOTICES = {
    Notice.OWED: N_("notice on its way"),
    Notice.DIRECT: N_("told in a private message"),
    Notice.THREAD: N_("told in a private thread"),
    Notice.UNDELIVERED: N_("not notified"),
}


def points_line(t: Localizer, points: Points) -> str:
    """The points that count now, and until when."""
    if points.first is None or points.last is None:
        said = t.number(points.total)
    elif points.first == points.last:
        said = t(N_("{n}, until {when}"), n=t.number(points.total), when=words.moment(points.last, "D"))
    else:
        first, last = words.moment(points.first, "D"), words.moment(points.last, "D")
        known = {"n": t.number(points.total), "first": first, "last": last}
        said = t(N_("{n}; the first expire on {first}, the last on {last}"), **known)
    return words.row(t, t(N_("Points")), said)


def force_line(t: Localizer, one: InForce) -> str:
    """A timeout or ban that stands."""
    kind = t(words.KINDS[MEASURES[one.kind]])
    until = words.moment(one.until) if one.until else t(N_("without an end"))
    if one.number is None:
        return t(N_("**In force:** {kind}, {until}"), kind=kind, until=until)
    return t(N_("**In force:** {kind}, {until} (case {number})"), kind=kind, until=until, number=one.number)


def title(t: Localizer, entry: Entry) -> str:
    """One line that names the entry; plain text that also fits a menu."""
    if isinstance(entry, CaseView):
        return words.title(t, entry)
    if isinstance(entry, ReportEntry):
        return t(N_("A report")) if entry.article is None else t(N_("Report · article {n}"), n=entry.article)
    return t(N_("Appeal against case {number}"), number=entry.number or "–")


def line(t: Localizer, entry: Entry, names: words.Names) -> str:
    """The entry as the team reads it in the timeline: what, when, by whom, how it stands, and why in brief."""
    if isinstance(entry, CaseView):
        when, said, text = entry.created_at, _case(t, entry, names), entry.reason
    elif isinstance(entry, ReportEntry):
        when, text = entry.at, entry.details or ""
        said = [t(REPORTS[entry.outcome]) if entry.outcome else t(N_("not decided yet"))]
    else:
        when, said, text = entry.at, [_appeal(t, entry, names)], ""
    note = isinstance(entry, CaseView) and entry.kind is CaseKind.NOTE
    lines = [f"**{title(t, entry)}** · {words.moment(when, 'd')}", f"-# {' · '.join(said)}"]
    if text:
        lines.append(f"> {words.typed(text, WHOLE if note else BRIEF)}")
    return "\n".join(lines)


def _case(t: Localizer, case: CaseView, names: words.Names) -> list[str]:
    said = [words.decided_by(t, case, names)]
    if case.article is not None:
        said.append(t(N_("article {number}"), number=case.article))
    if case.lifted_at is not None:
        said.append(t(N_("lifted early")))
    if case.state is not State.ACTIVE:
        said.append(t(words.STATES[case.state]))
    if case.kind in SANCTIONS and case.notice in NOTICES:
        said.append(t(NOTICES[case.notice]))
    return said


def _appeal(t: Localizer, appeal: AppealEntry, names: words.Names) -> str:
    if appeal.outcome is None:
        return t(N_("not decided yet"))
    who = words.person(t, appeal.decided_by, names)
    upheld = appeal.outcome is AppealOutcome.UPHELD
    return t(N_("the case stands, decided by {who}") if upheld else N_("overturned by {who}"), who=who)
