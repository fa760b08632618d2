"""The pages of the history: who changed what, when; and what undoing it would do."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui
from pydantic import ValidationError

from bot.guilds.history import Change, Origin
from bot.guilds.sections import Section, UnknownSection
from bot.guilds.shape import shapes
from bot.i18n.marks import N_
from bot.permissions.configuration import refusals
from bot.ui import palette
from bot.ui.panels.desk import Desk, page
from bot.ui.panels.differences import limited, section_differences
from bot.ui.panels.items import OpenButton, RevertButton
from bot.ui.panels.pages import heading, panel, thin_line
from bot.ui.panels.people import names_of
from bot.ui.panels.places import OVERVIEW, Kind, Place, section_place
from bot.ui.text import shortened
from bot.ui.views import LayoutView

CHANGES_PER_PAGE = 6
LINES_SHOWN = 4
"""Lines of one change in the list."""
LINES_OF_UNDO = 20
ENTRY_LENGTH = 500
_ORIGINS: Mapping[str, str] = {
    Origin.IMPORT: N_("Import of a file"),
    Origin.SETUP: N_("Set-up"),
    Origin.UNDO: N_("Undone"),
}
Entry = Sequence[Change]
"""Changes that were made together."""


@page(Kind.HISTORY)
async def history_page(desk: Desk, place: Place) -> LayoutView:
    """Changes of one section or of all, newest first."""
    section = desk.section(place.section) if place.section else None
    entries = await desk.bot.guild_settings.entries(
        desk.guild.id, section, before=place.page or None, limit=CHANGES_PER_PAGE + 1
    )
    names = await names_of(desk, (entry[0].by for entry in entries))
    title = desk.t(N_("History"))
    title = f"{desk.t(section.title)} › {title}" if section else title
    items: list[ui.Item[Any]] = [
        heading(desk, title, desk.t(N_("Undo puts back what one change touched and leaves the rest."))),
        thin_line(),
    ]
    for entry in entries[:CHANGES_PER_PAGE]:
        button = OpenButton.to(Place(Kind.UNDO, place.section, None, entry[0].id), desk.t(N_("Undo …")))
        items.append(ui.Section(ui.TextDisplay(_told(desk, entry, names)), accessory=button))
    if not entries:
        items.append(ui.TextDisplay(desk.aside(N_("Nothing was changed yet."))))
    back = section_place(section.key) if section else OVERVIEW
    label = desk.t(section.title) if section else desk.t(N_("All settings"))
    buttons = [OpenButton.to(back, label, emoji=palette.BACK)]
    if place.page:
        buttons.append(OpenButton.to(place.at(0), desk.t(N_("Newest"))))
    if len(entries) > CHANGES_PER_PAGE:
        buttons.append(OpenButton.to(place.at(entries[CHANGES_PER_PAGE - 1][0].id), desk.t(N_("Older"))))
    return panel(*items, thin_line(), ui.ActionRow(*buttons))


@page(Kind.UNDO)
async def undo_page(desk: Desk, place: Place) -> LayoutView:
    """Asks before a change is undone, and says what that does, or why it cannot be. Raises UnknownChange."""
    entry = await desk.bot.guild_settings.entry(desk.guild.id, place.page)
    names = await names_of(desk, [entry[0].by])
    lines, troubles = _undoing(desk, entry)
    items: list[ui.Item[Any]] = [
        heading(desk, desk.t(N_("Undo this change?")), _headline(desk, entry, names)),
        thin_line(),
    ]
    if troubles:
        said = [desk.t(N_("This cannot be undone:")), *(f"{palette.WARNING} {one}" for one in troubles)]
        items.append(ui.TextDisplay(shortened("\n".join(limited(desk, said, LINES_OF_UNDO)), 3000)))
    elif lines:
        items.append(ui.TextDisplay(shortened("\n".join(limited(desk, lines, LINES_OF_UNDO)), 3000)))
    else:
        items.append(ui.TextDisplay(desk.aside(N_("Everything is as it was before this change already."))))
    buttons: list[ui.Item[Any]] = []
    if lines and not troubles:
        buttons.append(RevertButton.of(place.page, place.section, desk.t(N_("Undo"))))
    buttons.append(OpenButton.to(Place(Kind.HISTORY, place.section), desk.t(N_("History")), emoji=palette.BACK))
    return panel(*items, thin_line(), ui.ActionRow(*buttons), colour=palette.ATTENTION)


def _undoing(desk: Desk, entry: Entry) -> tuple[list[str], list[str]]:
    """What undoing does, and what stands in its way."""
    lines: list[str] = []
    troubles: list[str] = []
    for change in entry:
        try:
            section = desk.section(change.section)
            present = desk.value(change.section)
            then = desk.bot.guild_settings.undone(change, section, present)
        except UnknownSection as error:
            troubles.append(f"{change.section}: {desk.t(error.message)}")
            continue
        except ValidationError:
            troubles.append(desk.pair(section.title, desk.t(N_("What was there before is no longer accepted."))))
            continue
        for reference, refusal in refusals(desk.guild, desk.person, present, then):
            where = f"**{desk.t(section.title)} › {desk.t(reference.field.title)}**"
            reason = desk.t(refusal.message, **refusal.params)
            troubles.append(desk.t(N_("{field}: {value}"), field=where, value=reason))
        found = section_differences(desk, present, then)
        if found and len(entry) > 1:
            found = [f"### {desk.t(section.title)}", *found]
        lines += found
    return lines, list(dict.fromkeys(troubles))


def _told(desk: Desk, entry: Entry, names: Mapping[int | None, str]) -> str:
    lines: list[str] = []
    for change in entry:
        section = _section(desk, change)
        if section is None:
            continue
        if len(entry) > 1:
            titles = [desk.t(shape.title) for name, shape in shapes(section).items() if name in change.fields]
            lines.append(desk.pair(section.title, desk.t.enumeration(titles)))
        else:
            lines += section_differences(desk, *desk.bot.guild_settings.sides(change, section))
    return shortened("\n".join([_headline(desk, entry, names), *limited(desk, lines, LINES_SHOWN)]), ENTRY_LENGTH)


def _headline(desk: Desk, entry: Entry, names: Mapping[int | None, str]) -> str:
    """What kind of change, of which sections, when, by whom."""
    first = entry[0]
    sections = [(section, change) for change in entry for section in [_section(desk, change)]]
    titles = [desk.t(section.title) if section else change.section for section, change in sections]
    parts = [f"**{desk.t.enumeration(titles)}**", discord.utils.format_dt(first.at, "R"), names[first.by]]
    if first.origin is not None and first.origin in _ORIGINS:
        parts.insert(0, desk.t(_ORIGINS[first.origin]))
    return " · ".join(parts)


def _section(desk: Desk, change: Change) -> type[Section] | None:
    try:
        return desk.section(change.section)
    except UnknownSection:
        return None
