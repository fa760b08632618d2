"""The pages of the settings: overview and section."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.guilds.paths import Path
from bot.guilds.sections import Section
from bot.guilds.shape import FieldShape, shapes
from bot.i18n.marks import N_
from bot.ui import palette
from bot.ui.panels.controls import control
from bot.ui.panels.desk import Desk, page
from bot.ui.panels.health import problems, unset
from bot.ui.panels.items import OpenButton, ResetMenu
from bot.ui.panels.layout import spread
from bot.ui.panels.places import OVERVIEW, Kind, Place, section_place
from bot.ui.text import escaped, shortened
from bot.ui.views import LayoutView

SECTIONS_PER_PAGE = 8


def panel(*items: ui.Item[Any], colour: discord.Colour = palette.ACCENT) -> LayoutView:
    """One container, as every page of the settings is."""
    view = LayoutView()
    view.add_item(ui.Container(*items, accent_colour=colour))
    return view


def thin_line() -> ui.Separator[Any]:
    return ui.Separator(spacing=discord.SeparatorSpacing.small)


@page(Kind.OVERVIEW)
async def overview(desk: Desk, place: Place) -> LayoutView:
    """Every section with its summary and what is broken or unset in it."""
    sections = desk.bot.sections.all()
    pages = [sections[start : start + SECTIONS_PER_PAGE] for start in range(0, len(sections), SECTIONS_PER_PAGE)]
    number = min(place.page, len(pages) - 1)
    broken = any(problems(desk, desk.value(section.key)) for section in sections)
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(
            "\n".join(
                (
                    "## " + desk.t(N_("Settings of {server}"), server=escaped(desk.guild.name)),
                    "-# " + desk.t(N_("Every change applies at once and is kept in the history.")),
                )
            )
        ),
        thin_line(),
    ]
    for section in pages[number]:
        button = OpenButton.to(section_place(section.key), desk.t(N_("Open")))
        items.append(ui.Section(ui.TextDisplay(_summary(desk, section)), accessory=button))
    buttons = [*turning(desk, place, number, len(pages))]
    buttons.append(OpenButton.to(Place(Kind.HISTORY), desk.t(N_("History")), emoji=palette.HISTORY))
    items += [thin_line(), ui.ActionRow(*buttons)]
    actions = [action.build(shortened(desk.t(action.label), 80)) for action in desk.bot.sections.overview_actions]
    items += [ui.ActionRow(*actions)] if actions else []
    return panel(*items, colour=palette.ATTENTION if broken else palette.ACCENT)


def _summary(desk: Desk, section: type[Section]) -> str:
    value = desk.value(section.key)
    lines = [f"**{desk.t(section.title)}**", desk.t(section.summary)]
    lines += [
        f"{palette.WARNING} {desk.pair(problem.field.title, problem.text)}" for problem in problems(desk, value)[:2]
    ]
    waiting = [desk.t(shape.title) for shape in unset(value)]
    if waiting:
        lines.append("-# " + desk.t(N_("Not set yet: {fields}"), fields=desk.t.enumeration(waiting)))
    return shortened("\n".join(lines), 400)


@page(Kind.SECTION)
async def section_page(desk: Desk, place: Place) -> LayoutView:
    """The fields of a section with their controls."""
    section = desk.section(place.section)
    value = desk.value(place.section)
    pages = spread(list(shapes(section).values()))
    number = min(place.page, len(pages) - 1)
    found = problems(desk, value)
    top = heading(desk, desk.t(section.title), desk.t(section.summary), number, len(pages))
    items: list[ui.Item[Any]] = [top, thin_line()]
    for shape in pages[number]:
        said = [problem.text for problem in found if problem.field is shape]
        items += control(desk, section.key, Path(shape.name), shape, getattr(value, shape.name), said)
    items.append(thin_line())
    default = desk.bot.guild_settings.default(section)
    changed = [shape for shape in pages[number] if getattr(value, shape.name) != getattr(default, shape.name)]
    items += reset_menu(desk, section.key, Path(pages[number][0].name), changed)
    actions = [action.build(shortened(desk.t(action.label), 80)) for action in desk.bot.sections.actions(section)]
    items += [ui.ActionRow(*actions)] if actions else []
    buttons = [OpenButton.to(OVERVIEW, desk.t(N_("All settings")), emoji=palette.BACK)]
    buttons += turning(desk, place, number, len(pages))
    buttons.append(OpenButton.to(Place(Kind.HISTORY, section.key), desk.t(N_("History")), emoji=palette.HISTORY))
    items.append(ui.ActionRow(*buttons))
    return panel(*items, colour=palette.ATTENTION if found else palette.ACCENT)


def heading(desk: Desk, title: str, text: str, number: int = 0, pages: int = 1) -> ui.TextDisplay[Any]:
    """Title, explanation, and which page this is when there are several."""
    if pages > 1:
        text += " · " + desk.t(N_("page {number} of {pages}"), number=number + 1, pages=pages)
    return ui.TextDisplay(f"## {title}\n-# {text}")


def turning(desk: Desk, place: Place, number: int, pages: int) -> list[OpenButton]:
    """Previous and next, where there are such pages."""
    buttons = []
    if number > 0:
        buttons.append(OpenButton.to(place.at(number - 1), desk.t(N_("Previous"))))
    if number + 1 < pages:
        buttons.append(OpenButton.to(place.at(number + 1), desk.t(N_("Next"))))
    return buttons


def reset_menu(desk: Desk, key: str, path: Path, changed: Sequence[FieldShape]) -> list[ui.Item[Any]]:
    """A menu of the fields that differ from their default; nothing when none does."""
    if not changed:
        return []
    options = [discord.SelectOption(label=shortened(desk.t(shape.title), 100), value=shape.name) for shape in changed]
    return [ui.ActionRow(ResetMenu.of(key, path, options, desk.t(N_("Reset a setting …"))))]
