"""What every screen of the inbox is made of."""

from typing import Any

import discord
from discord import ui

from bot.ui import LayoutView, palette

OPTIONS = 25
"""Discord's limit of the entries of a menu."""
Parts = list[ui.Item[Any]]


def panel(*parts: ui.Item[Any], colour: discord.Colour = palette.ACCENT) -> LayoutView:
    """One container, as every screen is."""
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view


def line() -> ui.Separator[Any]:
    return ui.Separator(spacing=discord.SeparatorSpacing.small)


def said(notice: str | None) -> Parts:
    return [ui.TextDisplay(f"{palette.WARNING} {notice}"), line()] if notice else []
