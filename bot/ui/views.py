"""Views that report errors and never time out: their items are persistent, so nothing has to be remembered."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import ui

from bot.ui.errors import report_error


def divider() -> "ui.Separator[Any]":
    """A thin line between two blocks."""
    return ui.Separator(spacing=discord.SeparatorSpacing.small)


def boxed(parts: "Iterable[ui.Item[Any]]", colour: discord.Colour) -> "LayoutView":
    """A message that is one box with a coloured edge."""
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view


class View(ui.View):
    """Classic components below a message."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, item: "ui.Item[Any]", /) -> None:
        await report_error(interaction, error)


class LayoutView(ui.LayoutView):
    """Components V2: the message *is* its components (at most 40 of them, 4,000 characters of text)."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, item: "ui.Item[Any]", /) -> None:
        await report_error(interaction, error)
