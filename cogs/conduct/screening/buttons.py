"""Buttons of the filters: each names its filter, and looks again at every click."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentItem, open_modal, palette
from cogs.conduct.screening.changing import arm, attempt, page_or_list
from cogs.conduct.screening.place import Place, show
from cogs.conduct.screening.rules import Kept

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

NUMBER = r"(?P<number>\d{1,9})"
SECONDARY, SUCCESS, DANGER = discord.ButtonStyle.secondary, discord.ButtonStyle.success, discord.ButtonStyle.danger


class FiltersButton(PersistentItem[ui.Button[Any]], template=r"filters:list"):
    """Below the settings of the filters: opens their list."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id="filters:list"))

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.screening.pages import list_page

        await show(interaction, await list_page(Place.of(interaction)))


class AddButton(PersistentItem[ui.Button[Any]], template=r"filters:add"):
    """Opens the form of a new filter."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, label: str = "-", *, disabled: bool = False) -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=label, style=style, custom_id="filters:add", disabled=disabled))

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.screening.forms import NewForm

        await open_modal(interaction, NewForm.of(Place.of(interaction)))


class TryButton(PersistentItem[ui.Button[Any]], template=r"filters:try"):
    """Opens the form of a text to be tried."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, label: str = "-", *, disabled: bool = False) -> None:
        super().__init__(ui.Button(label=label, custom_id="filters:try", disabled=disabled))

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.screening.forms import TextForm

        await open_modal(interaction, TextForm.of(Place.of(interaction)))


ACTS = "native|open|edit|name|backtest|hits|drop|gone"


class ActButton(PersistentItem[ui.Button[Any]], template=rf"filters:(?P<act>{ACTS}):{NUMBER}"):
    """Opens something of a filter, tries it out, or removes it."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, act: str, number: int, label: str = "-", style: discord.ButtonStyle = SECONDARY) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"filters:{act}:{number}"))
        self.act, self.number = act, number

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.screening import forms, pages, results

        place = Place.of(interaction)
        match self.act:
            case "edit":
                await open_modal(interaction, forms.EntriesForm.of(place, place.kept(self.number)))
            case "name":
                await open_modal(interaction, forms.DetailsForm.of(place, place.kept(self.number)))
            case "backtest":
                await self._back_test(interaction, place)
            case "hits":
                await show(interaction, await results.hits_page(place, self.number))
            case "drop":
                await show(interaction, pages.drop_page(place, self.number))
            case "native":
                await place.native.put_back(place.guild.id, place.kept(self.number))
                await show(interaction, await page_or_list(place, self.number))
            case "gone":
                gone = await place.screens.remove(place.guild.id, self.number)
                said = place.t(N_("**{name}** is removed."), name=discord.utils.escape_markdown(gone.name))
                await show(interaction, await pages.list_page(place, said))
            case _:
                await show(interaction, await page_or_list(place, self.number))

    async def _back_test(self, interaction: "Interaction", place: Place) -> None:
        from cogs.conduct.screening.results import back_test_page

        kept = place.kept(self.number)
        try:
            result = await place.trying.back_test(place.guild, kept)
        except UserError as problem:
            notice = f"{palette.WARNING} {place.words(problem)}"
            await show(interaction, await page_or_list(place, self.number, notice))
            return
        await show(interaction, back_test_page(place, kept, result, arming=False))


class ListButton(
    PersistentItem[ui.Button[Any]], template=rf"filters:shipped:(?P<language>en|fr):{NUMBER}:(?P<on>[01])"
):
    """Adds a list that comes with Parvis, or takes it out; the wanted state is in the custom_id."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, language: str, number: int, label: str = "-", *, on: bool) -> None:
        style = SECONDARY if on else SUCCESS
        super().__init__(
            ui.Button(label=label, style=style, custom_id=f"filters:shipped:{language}:{number}:{int(on)}")
        )
        self.language, self.number, self.on = language, number, on

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["language"], int(match["number"]), on=match["on"] == "1")

    async def run(self, interaction: "Interaction") -> None:
        def edit(kept: Kept) -> Kept:
            lists = {*kept.shipped, self.language} if self.on else {*kept.shipped} - {self.language}
            return replace(kept, shipped=tuple(sorted(lists)))

        await attempt(interaction, self.number, edit)


class ArmButton(PersistentItem[ui.Button[Any]], template=rf"filters:arm:{NUMBER}:(?P<revision>\d{{1,9}})"):
    """Arms exactly what was tried out."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, number: int, revision: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=DANGER, custom_id=f"filters:arm:{number}:{revision}"))
        self.number, self.revision = number, revision

    async def run(self, interaction: "Interaction") -> None:
        await arm(interaction, self.number, self.revision)


BUTTONS = (FiltersButton, AddButton, TryButton, ActButton, ListButton, ArmButton)
