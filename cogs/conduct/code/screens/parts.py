"""What several screens are made of."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, palette

Part = ui.Item[Any]


def framed(parts: Sequence[Part], *, notice: str | None = None, colour: discord.Colour = palette.ACCENT) -> LayoutView:
    """The parts in one box, below what there is to say first."""
    said = [ui.TextDisplay[Any](f"**{notice}**")] if notice else []
    view = LayoutView()
    view.add_item(ui.Container(*said, *parts, accent_colour=colour))
    return view


def page_line(t: Localizer, page: int, pages: int) -> str:
    """Which page of how many, nothing for a single one."""
    return t(N_("Page {page} of {pages}"), page=page + 1, pages=pages) if pages > 1 else ""


def small(*parts: str) -> Part:
    """One line in small letters of what there is to say."""
    return ui.TextDisplay("-# " + " · ".join(part for part in parts if part))


def rows(*buttons: Part) -> list[Part]:
    """Buttons, five a row."""
    return [ui.ActionRow(*buttons[start : start + 5]) for start in range(0, len(buttons), 5)]
