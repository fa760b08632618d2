"""Buttons and menus that lead from screen to screen; each carries where it leads."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.errors import UserError
from bot.permissions import EVERYONE, MANAGE_SERVER
from bot.ui import PersistentItem
from cogs.conduct.code.place import Place, show

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

SECONDARY = discord.ButtonStyle.secondary
_NUMBER = r"(?P<number>\d{1,9})"


class _Way(PersistentItem[ui.Button[Any]], template=r"(?!)"):
    """Base: leads to a screen and a number in it."""

    access: ClassVar = MANAGE_SERVER
    prefix: ClassVar = ""

    def __init__(
        self,
        screen: str,
        number: int = 0,
        *,
        label: str = "-",
        style: discord.ButtonStyle = SECONDARY,
        disabled: bool = False,
    ) -> None:
        custom_id = f"{self.prefix}:{screen}:{number}"
        super().__init__(ui.Button(label=label, style=style, custom_id=custom_id, disabled=disabled))
        self.screen, self.number = screen, number

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["screen"], int(match["number"]))


class ReadButton(_Way, template=rf"rules:read:(?P<screen>code|versions|old\.\d{{1,9}}):{_NUMBER}"):
    """Shows the code, its history or an older version: everyone may read them."""

    access: ClassVar = EVERYONE
    prefix: ClassVar = "rules:read"

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.code.screens import reading

        place = Place.of(interaction)
        if self.screen == "code":
            view = reading.code_screen(place, self.number)
        elif self.screen == "versions":
            view = await reading.versions_screen(place, self.number)
        else:
            view = await reading.old_screen(place, int(self.screen.partition(".")[2]), self.number)
        await show(interaction, view)


class VersionMenu(PersistentItem[ui.Select[Any]], template=r"rules:version"):
    """Chooses an older version to read."""

    access: ClassVar = EVERYONE

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "rules:version"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.code.screens.reading import old_screen

        await show(interaction, await old_screen(Place.of(interaction), int(self.item.values[0])))


class DeskButton(_Way, template=rf"rules:desk:(?P<screen>draft|article|discard|diff\.(?:en|fr)):{_NUMBER}"):
    """Shows a screen of the draft."""

    prefix: ClassVar = "rules:desk"

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.code.screens import comparing, drafting

        place = Place.of(interaction)
        if self.screen.startswith("diff."):
            view = comparing.diff_screen(place, self.screen.partition(".")[2], self.number)
        elif self.screen == "discard":
            view = drafting.discard_screen(place)
        elif self.screen == "article":
            view = article_or_draft(place, self.number)
        else:
            view = drafting.draft_screen(place)
        await show(interaction, view)


class ArticleMenu(PersistentItem[ui.Select[Any]], template=r"rules:articles"):
    """Chooses an article of the draft."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "rules:articles"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        await show(interaction, article_or_draft(Place.of(interaction), int(self.item.values[0])))


def article_or_draft(place: Place, number: int) -> Any:
    """That article of the draft; the whole draft, and why, when it is gone."""
    from cogs.conduct.code.screens import drafting

    try:
        return drafting.article_screen(place, number)
    except UserError as problem:
        return drafting.draft_screen(place, place.words(problem))
