"""The page of the history: who changed what, when, and the button that undoes it."""

from typing import Any

import discord
from discord import ui

from bot.guilds.history import Change
from bot.guilds.sections import Section, UnknownSection
from bot.guilds.shape import shapes
from bot.i18n.marks import N_
from bot.ui import palette
from bot.ui.panels.desk import Desk, page
from bot.ui.panels.items import OpenButton, RevertButton
from bot.ui.panels.pages import heading, panel, thin_line
from bot.ui.panels.places import OVERVIEW, Kind, Place, section_place
from bot.ui.panels.values import shown
from bot.ui.text import shortened
from bot.ui.views import LayoutView

CHANGES_PER_PAGE = 6
FIELDS_SHOWN = 3


@page(Kind.HISTORY)
async def history_page(desk: Desk, place: Place) -> LayoutView:
    """Changes of one section or of all, newest first."""
    section = desk.section(place.section) if place.section else None
    changes = await desk.bot.guild_settings.history(
        desk.guild.id, section, before=place.page or None, limit=CHANGES_PER_PAGE + 1
    )
    title = desk.t(N_("History"))
    title = f"{desk.t(section.title)} › {title}" if section else title
    items: list[ui.Item[Any]] = [
        heading(desk, title, desk.t(N_("Undo puts back what one change touched and leaves the rest."))),
        thin_line(),
    ]
    for change in changes[:CHANGES_PER_PAGE]:
        button = RevertButton.of(change.id, place.section, desk.t(N_("Undo")))
        items.append(ui.Section(ui.TextDisplay(_told(desk, change)), accessory=button))
    if not changes:
        items.append(ui.TextDisplay(desk.aside(N_("Nothing was changed yet."))))
    items.append(thin_line())
    back = section_place(section.key) if section else OVERVIEW
    label = desk.t(section.title) if section else desk.t(N_("All settings"))
    buttons = [OpenButton.to(back, label, emoji=palette.BACK)]
    if place.page:
        buttons.append(OpenButton.to(place.at(0), desk.t(N_("Newest"))))
    if len(changes) > CHANGES_PER_PAGE:
        buttons.append(OpenButton.to(place.at(changes[CHANGES_PER_PAGE - 1].id), desk.t(N_("Older"))))
    items.append(ui.ActionRow(*buttons))
    return panel(*items)


def _told(desk: Desk, change: Change) -> str:
    who = f"<@{change.by}>" if change.by else desk.t(N_("the bot"))
    when = discord.utils.format_dt(change.at, "R")
    try:
        section = desk.section(change.section)
    except UnknownSection:
        return f"**{change.section}** · {when} · {who}"
    lines = [f"**{desk.t(section.title)}** · {when} · {who}", *_fields(desk, section, change)]
    return shortened("\n".join(lines), 500)


def _fields(desk: Desk, section: type[Section], change: Change) -> list[str]:
    before, after = desk.bot.guild_settings.sides(change, section)
    known = shapes(section)
    names = [name for name in change.fields if name in known]
    lines = [
        desk.pair(
            known[name].title,
            f"{shown(desk, known[name], getattr(before, name))} → {shown(desk, known[name], getattr(after, name))}",
        )
        for name in names[:FIELDS_SHOWN]
    ]
    more = len(names) - FIELDS_SHOWN
    return [*lines, "-# " + desk.t.plural("{n} more", "{n} more", more)] if more > 0 else lines
