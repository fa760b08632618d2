"""What was changed about a case, in words."""

from datetime import datetime
from typing import Any

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from cogs.conduct.cases import words
from cogs.conduct.cases.reading import Change

_ACTS = {
    "lifted": N_("{when}: {who} lifted it"),
    "void": N_("{when}: {who} voided it"),
    "overturned": N_("{when}: {who} overturned it on appeal"),
    "appealed": N_("{when}: it was appealed"),
    "upheld": N_("{when}: {who} upheld it after an appeal"),
}
_BY_HAND = N_("{when}: {who} lifted it in Discord’s own menus")
_EDITED = N_("{when}: {who} changed {what}")
SHOWN = 60
"""Characters of what a reason was before."""


def change_line(t: Localizer, change: Change, names: words.Names) -> str:
    """One line of the history."""
    known = {"when": words.moment(change.at), "who": words.person(t, change.by, names)}
    if change.what == "edited":
        return t(_EDITED, **known, what=t.enumeration([*_edits(t, change)]))
    act = _BY_HAND if change.after.get("by_hand") else _ACTS.get(change.what)
    line = t(act, **known) if act else f"{known['when']}: {words.typed(change.what, SHOWN)}"
    reason = str(change.after.get("reason") or "")
    return f"{line} · {words.typed(reason, 2 * SHOWN)}" if reason else line


def _edits(t: Localizer, change: Change) -> list[str]:
    before, said = change.before, []
    if "reason" in before:
        said.append(t(N_("the reason (it was: {before})"), before=words.typed(str(before["reason"]), SHOWN) or "–"))
    if "article" in before:
        said.append(t(N_("the article (it was: {before})"), before=before["article"] or "–"))
    elif "severity" in before:
        said.append(t(N_("the severity")))
    if "until" in before:
        said.append(t(N_("the end (it was: {before})"), before=_end(before["until"])))
    return said


def _end(stored: Any) -> str:
    return words.moment(datetime.fromisoformat(stored)) if stored else "–"
