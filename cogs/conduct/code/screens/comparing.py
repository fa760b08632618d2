"""What publishing the draft would change, in one language, and the buttons that publish exactly that."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView
from bot.ui.text import escaped
from cogs.conduct.code.place import Place
from cogs.conduct.code.rules.difference import ArticleChange, Change, Kind, Piece, changes
from cogs.conduct.code.rules.document import LANGUAGES
from cogs.conduct.code.rules.pages import pages
from cogs.conduct.code.screens.acting import PublishButton
from cogs.conduct.code.screens.buttons import DeskButton
from cogs.conduct.code.screens.parts import Part, framed, page_line, rows, small
from cogs.conduct.code.texts import FATES, LANGUAGE_NAMES, PASSAGES, SEVERITIES

PAGE = 3000
"""Characters of a page: the legend and the explanations stand beside it."""
MARKS = {Kind.SAME: "", Kind.ADDED: "__", Kind.REMOVED: "~~"}


def diff_screen(place: Place, language: str, page: int = 0, notice: str | None = None) -> LayoutView:
    """A page of the differences in that language."""
    t, draft = place.t, place.codes.draft(place.guild_id)
    found = [_said(t, change) for change in changes(draft.published, draft.document, language)]
    shown = pages(found or [t(N_("Nothing changes in this language."))], PAGE)
    page = min(page, len(shown) - 1)
    heading = t(N_("## What the draft changes · {language}"), language=LANGUAGE_NAMES[language])
    legend = t(N_("__Underlined__ words are new, ~~struck~~ words go."))
    parts: list[Part] = [
        ui.TextDisplay(f"{heading}\n{legend}"),
        ui.TextDisplay(shown[page]),
        small(t(N_("Compared with version {version}"), version=draft.version), page_line(t, page, len(shown))),
        *rows(*_turning(t, language, page, len(shown))),
    ]
    if draft.is_changed:
        parts.append(ui.TextDisplay(_choice(t)))
        parts += rows(
            PublishButton("minor", draft.revision, t(N_("Publish")), discord.ButtonStyle.primary),
            PublishButton("major", draft.revision, t(N_("Publish as a new edition"))),
        )
    return framed(parts, notice=notice)


def _turning(t: Localizer, language: str, page: int, count: int) -> list[Part]:
    buttons: list[Part] = []
    if page > 0:
        buttons.append(DeskButton(f"diff.{language}", page - 1, label=t(N_("Previous page"))))
    if page + 1 < count:
        buttons.append(DeskButton(f"diff.{language}", page + 1, label=t(N_("Next page"))))
    buttons += [DeskButton(f"diff.{other}", label=LANGUAGE_NAMES[other]) for other in LANGUAGES if other != language]
    return [*buttons, DeskButton("draft", label=t(N_("Back to the draft")))]


def _choice(t: Localizer) -> str:
    return "\n".join(
        (
            t(N_("**Publish**: for corrections. Nobody has to do anything.")),
            t(N_("**Publish as a new edition**: for what changes what is expected. Members accept it again.")),
        )
    )


def _said(t: Localizer, change: Change) -> str:
    if not isinstance(change, ArticleChange):
        return f"**{t(PASSAGES[change.passage])}**\n{marked(change.text)}"
    facts = [t(N_("Article {number}"), number=change.number), t(FATES[change.fate])]
    if change.severities:
        before, after = change.severities
        facts.append(t(N_("{before}, then {after}"), before=t(SEVERITIES[before]), after=t(SEVERITIES[after])))
    lines = [f"**{' · '.join(facts)}**", marked(change.title), marked(change.text)]
    return "\n".join(line for line in lines if line)


def marked(pieces: Sequence[Piece]) -> str:
    """The pieces in Discord markdown; what the text has of its own is shown as it was typed."""
    text = ""
    for piece in pieces:
        if text and not text[-1].isspace() and piece.text[:1].strip():
            text += " "  # the last word of the old text has no space of its own
        text += _marked(piece)
    return text.strip()


def _marked(piece: Piece) -> str:
    mark = MARKS[piece.kind]
    lines = []
    for line in piece.text.split("\n"):
        words = line.strip()
        if not words:
            lines.append(line)
        else:  # marks end where the words do, and before the line does, or Discord shows them as they are
            tail = line[len(line.rstrip()) :]
            lines.append(f"{mark}{escaped(words)}{mark}{tail}")
    return "\n".join(lines)
