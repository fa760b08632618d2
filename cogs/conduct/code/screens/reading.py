"""The code of conduct as members read it: in pages, one article, or as it was in an earlier version."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.contracts.conduct import Article
from bot.i18n.marks import N_
from bot.ui import LayoutView
from cogs.conduct.code.place import Place
from cogs.conduct.code.rules.pages import article_text, page_of
from cogs.conduct.code.screens.buttons import DeskButton, ReadButton, VersionMenu
from cogs.conduct.code.screens.parts import Part, framed, page_line, rows, small
from cogs.conduct.code.service import Published, code_of

VERSIONS = 10
"""On one page of the history."""
PRIMARY = discord.ButtonStyle.primary


def code_screen(place: Place, page: int = 0) -> LayoutView:
    """A page of what is in force."""
    t, code = place.t, place.codes.current(place.guild_id)
    pages = code.pages_in(t.language)
    page = min(page, len(pages) - 1)
    since = t(N_("in force since {date}"), date=_date(code)) if code.published_at else ""
    version = t(N_("Version {version}"), version=code.version)
    parts: list[Part] = [
        ui.TextDisplay(t(N_("## Code of conduct")) + "\n" + pages[page]),
        small(version, since, page_line(t, page, len(pages))),
    ]
    buttons: list[Part] = _turning(place, "code", page, len(pages))
    if code.version > 1:
        buttons.append(ReadButton("versions", 0, label=t(N_("Earlier versions"))))
    if place.may_edit:
        buttons.append(DeskButton("draft", label=t(N_("Edit"))))
    return framed([*parts, *rows(*buttons)])


def article_screen(place: Place, article: Article) -> LayoutView:
    """One article, with a way to the whole."""
    t, published = place.t, place.codes.published(place.guild_id)
    parts: list[Part] = [ui.TextDisplay(article_text(article, t.language))]
    if article.withdrawn:
        parts.append(ui.TextDisplay(t(N_("This article was withdrawn. It stays readable because cases may name it."))))
    page = page_of(published.document, t.language, article.number)
    whole = ReadButton("code", page, label=t(N_("The whole code")))
    version = t(N_("Version {version}"), version=published.version)
    return framed([*parts, small(t(N_("Code of conduct")), version), *rows(whole)])


async def versions_screen(place: Place, before: int = 0) -> LayoutView:
    """What was published, newest first; ``before`` is the oldest version already seen, 0 to begin."""
    t = place.t
    found = await place.codes.history(place.guild_id, before=before or None, limit=VERSIONS + 1)
    shown, more = found[:VERSIONS], len(found) > VERSIONS
    lines = [_line(place, one, other) for one, other in zip(shown, [*found[1:], None], strict=False)]
    parts: list[Part] = [ui.TextDisplay(t(N_("## Versions of the code of conduct")) + "\n" + "\n".join(lines))]
    if shown:
        options = [
            discord.SelectOption(label=t(N_("Version {version}"), version=one.version), value=str(one.version))
            for one in shown
        ]
        parts.append(ui.ActionRow(VersionMenu(ui.Select(options=options, placeholder=t(N_("Read a version"))))))
    buttons: list[Part] = [ReadButton("code", 0, label=t(N_("What is in force")))]
    if more:
        buttons.append(ReadButton("versions", shown[-1].version, label=t(N_("Older ones"))))
    return framed([*parts, *rows(*buttons)])


async def old_screen(place: Place, number: int, page: int = 0) -> LayoutView:
    """A page of that version. Raises UnknownVersion."""
    t, old = place.t, await place.codes.version(place.guild_id, number)
    pages = code_of(old).pages_in(t.language)
    page = min(page, len(pages) - 1)
    heading = t(N_("## Code of conduct, version {version}"), version=number)
    when = t(N_("published {date}"), date=_date(old)) if old.at else ""
    in_force = number == place.codes.published(place.guild_id).version
    status = "" if in_force else t(N_("no longer in force"))
    parts: list[Part] = [
        ui.TextDisplay(f"{heading}\n{pages[page]}"),
        small(when, status, page_line(t, page, len(pages))),
    ]
    buttons = _turning(place, f"old.{number}", page, len(pages))
    buttons.append(ReadButton("versions", 0, label=t(N_("All versions"))))
    return framed([*parts, *rows(*buttons)])


def _turning(place: Place, screen: str, page: int, pages: int) -> list[Part]:
    t, buttons = place.t, list[Any]()
    if page > 0:
        buttons.append(ReadButton(screen, page - 1, label=t(N_("Previous page"))))
    if page + 1 < pages:
        buttons.append(ReadButton(screen, page + 1, label=t(N_("Next page")), style=PRIMARY))
    return buttons


def _line(place: Place, one: Published, older: Published | None) -> str:
    t = place.t
    new_edition = one.major > older.major if older else one.version == 1
    number = t(N_("Version {version}"), version=one.version)
    facts: Sequence[str] = (
        f"**{number}**",
        _date(one) if one.at else t(N_("what the bot comes with")),
        t(N_("by {who}"), who=f"<@{one.by}>") if one.by and place.may_edit else "",
        t(N_("new edition, to be accepted again")) if new_edition and one.version > 1 else "",
    )
    return " · ".join(fact for fact in facts if fact)


def _date(what: Any) -> str:
    at = getattr(what, "at", None) or what.published_at
    return discord.utils.format_dt(at, "D")
