"""The page on which somebody says what the channels and roles of a file are here."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.guilds.transfer.file import Entity, SettingsFile
from bot.guilds.transfer.mapping import Mapped
from bot.i18n.marks import N_
from bot.ui import palette
from bot.ui.panels.desk import Desk
from bot.ui.panels.pages import heading, panel, thin_line
from bot.ui.text import escaped
from bot.ui.views import LayoutView

PER_PAGE = 5


def choices_page(
    desk: Desk,
    file: SettingsFile,
    mapped: Mapped,
    page: int,
    menus: Sequence[ui.Item[Any]],
    turning: Sequence[ui.Item[Any]],
) -> LayoutView:
    """``menus`` are those of this page, in the order of ``mapped.asked``."""
    pages = max(1, -(-len(mapped.asked) // PER_PAGE))
    text = desk.t(N_("What the file names and this server has not, or has several times."))
    items: list[ui.Item[Any]] = [heading(desk, desk.t(N_("Choose channels and roles")), text, page, pages)]
    items.append(thin_line())
    for number, menu in zip(mapped.asked[page * PER_PAGE :], menus, strict=False):
        items += [ui.TextDisplay(_asked(desk, file.entities[number], number in mapped.several)), ui.ActionRow(menu)]
    if not menus:
        items.append(ui.TextDisplay(desk.aside(N_("Everything is found."))))
    return panel(*items, thin_line(), ui.ActionRow(*turning))


def called(desk: Desk, entity: Entity) -> str:
    """The channel or role as the file names it."""
    if entity.name is not None:
        return escaped(entity.name)
    return desk.t(N_("a role without a name")) if entity.is_role else desk.t(N_("a channel without a name"))


def _asked(desk: Desk, entity: Entity, several: bool) -> str:
    kind = desk.t(N_("role")) if entity.is_role else desk.t(N_("channel"))
    why = N_("several have this name") if several else N_("nothing here has this name")
    lines = [f"**{called(desk, entity)}** ({kind})", f"-# {desk.t(why)}"]
    if entity.needed:
        needed = desk.t(N_("Needed: the import cannot do without it."))
        lines.append(f"{palette.WARNING} {needed}")
    return "\n".join(lines)
