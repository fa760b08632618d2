"""Buttons and menus of the filters: each names its filter, and looks again at every click."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.contracts.services import CodeOfConduct
from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentItem, open_modal, palette
from cogs.conduct.code.choosing import article_name
from cogs.conduct.screening import words
from cogs.conduct.screening.keeping import ready
from cogs.conduct.screening.place import Place, show
from cogs.conduct.screening.rules import Doing, Kept, Watch, looks_for_else

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

NUMBER = r"(?P<number>\d{1,9})"
NONE = "0"
SECONDARY, SUCCESS, DANGER = discord.ButtonStyle.secondary, discord.ButtonStyle.success, discord.ButtonStyle.danger


async def attempt(interaction: "Interaction", number: int, edit: Callable[[Kept], Kept]) -> None:
    """Change the filter, then show it as it is now; a refusal is said above it."""
    place = Place.of(interaction)
    try:
        await changed(interaction, place, number, edit)
    except UserError as problem:
        notice = f"{palette.WARNING} {place.words(problem)}"
        await show(interaction, await page_or_list(place, number, notice))


async def changed(interaction: "Interaction", place: Place, number: int, edit: Callable[[Kept], Kept]) -> None:
    """Change the filter and show it; an armed one that looks for something else is tried out before it acts again."""
    before = place.kept(number)
    made = await place.change(number, edit)
    if before.watch is Watch.ARMED and looks_for_else(before, made):
        await try_to_arm(interaction, place, made)
    else:
        await show(interaction, await page_or_list(place, number))


async def page_or_list(place: Place, number: int, notice: str | None = None) -> Any:
    """The filter; the list, and why, when it is gone."""
    from cogs.conduct.screening import pages

    try:
        return await pages.filter_page(place, number, notice)
    except UserError as problem:
        return await pages.list_page(place, notice or place.words(problem))


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


ACTS = "open|edit|name|backtest|hits|drop|gone"


class ActButton(PersistentItem[ui.Button[Any]], template=rf"filters:(?P<act>{ACTS}):{NUMBER}"):
    """Opens something of a filter, tries it out, or removes it."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, act: str, number: int, label: str = "-", style: discord.ButtonStyle = SECONDARY) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"filters:{act}:{number}"))
        self.act, self.number = act, number

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.screening import forms, pages

        place = Place.of(interaction)
        match self.act:
            case "edit":
                await open_modal(interaction, forms.EntriesForm.of(place, place.kept(self.number)))
            case "name":
                await open_modal(interaction, forms.DetailsForm.of(place, place.kept(self.number)))
            case "backtest":
                await self._back_test(interaction, place)
            case "hits":
                await show(interaction, await pages.hits_page(place, self.number))
            case "drop":
                await show(interaction, pages.drop_page(place, self.number))
            case "gone":
                gone = await place.screens.remove(place.guild.id, self.number)
                said = place.t(N_("**{name}** is removed."), name=discord.utils.escape_markdown(gone.name))
                await show(interaction, await pages.list_page(place, said))
            case _:
                await show(interaction, await page_or_list(place, self.number))

    async def _back_test(self, interaction: "Interaction", place: Place) -> None:
        from cogs.conduct.screening.pages import back_test_page

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


class OpenMenu(PersistentItem[ui.Select[Any]], template=r"filters:pick"):
    """Opens a filter of the list."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    def of(cls, options: list[discord.SelectOption], placeholder: str) -> Self:
        return cls(ui.Select(custom_id="filters:pick", options=options, placeholder=placeholder))

    async def run(self, interaction: "Interaction") -> None:
        await show(interaction, await page_or_list(Place.of(interaction), int(self.item.values[0])))


class _FilterMenu(PersistentItem[ui.Select[Any]], template=r"(?!)"):
    """A menu of one filter."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)  # type: ignore[arg-type]

    @property
    def number(self) -> int:
        return int(self.item.custom_id.rpartition(":")[2])


class WatchMenu(_FilterMenu, template=rf"filters:watch:{NUMBER}"):
    """Off, shadow or armed. What would find much is armed only once that is confirmed."""

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        t = place.t
        options = [
            discord.SelectOption(
                label=t(words.WATCHES[one]),
                value=one.value,
                description=t(words.WATCHES_EXPLAINED[one]),
                default=one is kept.watch,
            )
            for one in Watch
        ]
        return cls(ui.Select(custom_id=f"filters:watch:{kept.number}", options=options))

    async def run(self, interaction: "Interaction") -> None:
        wanted = Watch(self.item.values[0])
        place = Place.of(interaction)
        kept = place.kept(self.number)
        if wanted is not Watch.ARMED or kept.watch is Watch.ARMED:
            await attempt(interaction, self.number, lambda one: replace(one, watch=wanted))
        else:
            await try_to_arm(interaction, place, kept)


class ArmButton(PersistentItem[ui.Button[Any]], template=rf"filters:arm:{NUMBER}:(?P<revision>\d{{1,9}})"):
    """Arms exactly what was tried out."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, number: int, revision: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=DANGER, custom_id=f"filters:arm:{number}:{revision}"))
        self.number, self.revision = number, revision

    async def run(self, interaction: "Interaction") -> None:
        await arm(interaction, self.number, self.revision)


async def try_to_arm(interaction: "Interaction", place: Place, kept: Kept) -> None:
    """Arm it when it would find little; ask first when it would find much."""
    from cogs.conduct.screening.pages import back_test_page

    try:
        ready(kept)
        result = await place.trying.back_test(place.guild, kept)
    except UserError as problem:
        notice = f"{palette.WARNING} {place.words(problem)}"
        await show(interaction, await page_or_list(place, kept.number, notice))
        return
    if result.asks:
        await show(interaction, back_test_page(place, kept, result, arming=True))
    else:
        await arm(interaction, kept.number, kept.revision)


async def arm(interaction: "Interaction", number: int, revision: int) -> None:
    """From now on it acts; refused when it is no longer what was tried out."""
    place, notice = Place.of(interaction), None
    try:
        await place.change(number, lambda one: replace(one, watch=Watch.ARMED), revision=revision)
    except UserError as problem:
        notice = f"{palette.WARNING} {place.words(problem)}"
    await show(interaction, await page_or_list(place, number, notice))


class DoingMenu(_FilterMenu, template=rf"filters:doing:{NUMBER}"):
    """What it does when armed."""

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        t = place.t
        options = [
            discord.SelectOption(
                label=t(N_("When armed: {what}"), what=t(words.DOINGS[one])),
                value=one.value,
                description=t(words.DOINGS_EXPLAINED[one]),
                default=one is kept.doing,
            )
            for one in Doing
        ]
        return cls(ui.Select(custom_id=f"filters:doing:{kept.number}", options=options))

    async def run(self, interaction: "Interaction") -> None:
        wanted = Doing(self.item.values[0])
        await attempt(interaction, self.number, lambda one: replace(one, doing=wanted))


class ArticleMenu(_FilterMenu, template=rf"filters:article:{NUMBER}"):
    """The article that it upholds; its severity is a hit's."""

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        t, code = place.t, place.bot.find_service(CodeOfConduct)
        articles = [one for one in (code.articles(place.guild.id) if code else ()) if not one.withdrawn][:24]
        options = [discord.SelectOption(label=t(N_("No article")), value=NONE, default=kept.article is None)]
        options += [
            discord.SelectOption(
                label=article_name(one, t.language), value=str(one.number), default=one.number == kept.article
            )
            for one in articles
        ]
        return cls(ui.Select(custom_id=f"filters:article:{kept.number}", options=options))

    async def run(self, interaction: "Interaction") -> None:
        chosen = int(self.item.values[0]) or None
        await attempt(interaction, self.number, lambda one: replace(one, article=chosen))


class RolesMenu(PersistentItem[ui.RoleSelect[Any]], template=rf"filters:roles:{NUMBER}"):
    """Roles that it leaves alone."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)  # type: ignore[arg-type]

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        here = [role.id for role in place.guild.roles if role.id in kept.exempt_roles]
        return cls(
            ui.RoleSelect(
                custom_id=f"filters:roles:{kept.number}",
                placeholder=place.t(N_("Roles left alone")),
                min_values=0,
                max_values=20,
                default_values=[discord.SelectDefaultValue.from_role(discord.Object(one)) for one in here],
            )
        )

    async def run(self, interaction: "Interaction") -> None:
        number, chosen = int(self.item.custom_id.rpartition(":")[2]), tuple(one.id for one in self.item.values)
        await attempt(interaction, number, lambda kept: replace(kept, exempt_roles=chosen))


class ChannelsMenu(PersistentItem[ui.ChannelSelect[Any]], template=rf"filters:channels:{NUMBER}"):
    """Channels and categories that it leaves alone."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)  # type: ignore[arg-type]

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        here = [one for one in kept.exempt_channels if place.guild.get_channel_or_thread(one)]
        return cls(
            ui.ChannelSelect(
                custom_id=f"filters:channels:{kept.number}",
                placeholder=place.t(N_("Channels left alone")),
                min_values=0,
                max_values=25,
                default_values=[discord.SelectDefaultValue.from_channel(discord.Object(one)) for one in here],
            )
        )

    async def run(self, interaction: "Interaction") -> None:
        number, chosen = int(self.item.custom_id.rpartition(":")[2]), tuple(one.id for one in self.item.values)
        await attempt(interaction, number, lambda kept: replace(kept, exempt_channels=chosen))


ITEMS = (
    FiltersButton,
    AddButton,
    TryButton,
    ActButton,
    ListButton,
    OpenMenu,
    WatchMenu,
    ArmButton,
    DoingMenu,
    ArticleMenu,
    RolesMenu,
    ChannelsMenu,
)
