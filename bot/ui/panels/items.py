"""Buttons and menus of the settings: each carries its address, changes one thing and turns the panel to its page."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.errors import UserError
from bot.guilds import edits
from bot.guilds.edits import Edit
from bot.guilds.paths import PATH, Path, RowRef
from bot.guilds.shape import FieldKind, shape_of
from bot.permissions.access import MANAGE_SERVER
from bot.ui.items import ItemT, PersistentItem
from bot.ui.panels.changes import change, revert
from bot.ui.panels.desk import Desk, show, show_again
from bot.ui.panels.forms import NewForm, ValueForm, change_at
from bot.ui.panels.layout import page_of
from bot.ui.panels.places import OVERVIEW, PLACE, Kind, Place, list_place, row_place, section_place
from bot.ui.replies import open_modal

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

OTHER = "other"
"""The entry of a menu of durations that opens the form."""
_ADDRESS = rf"(?P<section>[a-z_]+):(?P<path>{PATH})"


class SettingsItem(PersistentItem[ItemT], template=r"(?!)"):
    """Base: after a refusal the panel shows the present state again, then the person is told why."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, item: ItemT) -> None:
        super().__init__(item)
        found = self.template.fullmatch(self.custom_id)
        assert found is not None
        self.ids = found.groupdict()

    @classmethod
    async def from_custom_id(cls, interaction: "discord.Interaction[Any]", item: ui.Item[Any], match: Any, /) -> Self:
        return cls(item)  # type: ignore[arg-type]

    @property
    def path(self) -> Path:
        return Path.parse(self.ids["path"])

    async def run(self, interaction: "Interaction") -> None:
        desk = Desk.of(interaction)
        try:
            place = await self.act(interaction, desk)
        except UserError:
            await show_again(interaction, lambda: self.home(desk))
            raise
        if place is not None:
            await show(interaction, place)

    async def act(self, interaction: "Interaction", desk: Desk) -> Place | None:
        """What the click does; the place to show next, None when it answered by itself."""
        raise NotImplementedError

    def home(self, desk: Desk) -> Place:
        """Where the person is after a refusal."""
        if "path" not in self.ids:
            return OVERVIEW
        return list_place(self.ids["section"], self.path.field) if self.path.row else self._field_page(desk)

    def _field_page(self, desk: Desk) -> Place:
        return section_place(self.ids["section"], page_of(desk, self.ids["section"], self.path.field))

    async def _change(self, desk: Desk, edit: Edit) -> Place:
        """Apply the edit of the field at ``path``; the page on which the field then stands."""
        return await change_at(desk, self.ids["section"], self.path, edit)


class OpenButton(SettingsItem[ui.Button[Any]], template=rf"settings:open:(?P<place>{PLACE})"):
    """Turns the page."""

    @classmethod
    def to(cls, place: Place, label: str, *, emoji: str | None = None) -> Self:
        return cls(ui.Button(label=label, emoji=emoji, custom_id=f"settings:open:{place}"))

    async def act(self, interaction: "Interaction", desk: Desk) -> Place:
        return Place.parse(self.ids["place"])

    async def run(self, interaction: "Interaction") -> None:
        place = Place.parse(self.ids["place"])
        try:
            await show(interaction, place)
        except UserError:
            # The page is gone: its list, or the overview, is still there.
            path = place.path
            await show_again(interaction, lambda: list_place(place.section, path.field) if path else OVERVIEW)
            raise


class ToggleButton(SettingsItem[ui.Button[Any]], template=rf"settings:toggle:(?P<on>[01]):{_ADDRESS}"):
    """Turns something on or off; the wanted state is in the custom_id, so a stale click turns nothing around."""

    @classmethod
    def of(cls, section: str, path: Path, *, on: bool, label: str) -> Self:
        style = discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
        return cls(ui.Button(label=label, style=style, custom_id=f"settings:toggle:{on:d}:{section}:{path}"))

    async def act(self, interaction: "Interaction", desk: Desk) -> Place:
        return await self._change(desk, edits.setting(self.path, self.ids["on"] == "1"))


class EditButton(SettingsItem[ui.Button[Any]], template=rf"settings:edit:{_ADDRESS}"):
    """Opens the form of a text, a number, a duration or the lines of a short list."""

    @classmethod
    def of(cls, section: str, path: Path, label: str) -> Self:
        return cls(ui.Button(label=label, custom_id=f"settings:edit:{section}:{path}"))

    async def act(self, interaction: "Interaction", desk: Desk) -> None:
        await open_modal(interaction, ValueForm.of(desk, self.ids["section"], self.path))


class AddButton(SettingsItem[ui.Button[Any]], template=rf"settings:add:{_ADDRESS}"):
    """Opens the form of a new row."""

    @classmethod
    def of(cls, section: str, field: str, label: str) -> Self:
        style = discord.ButtonStyle.primary
        return cls(ui.Button(label=label, style=style, custom_id=f"settings:add:{section}:{field}"))

    async def act(self, interaction: "Interaction", desk: Desk) -> None:
        await open_modal(interaction, NewForm.of(desk, self.ids["section"], self.path.field))


class ChoiceMenu(SettingsItem[ui.Select[Any]], template=rf"settings:pick:{_ADDRESS}"):
    """One or several of given choices, or a duration."""

    @classmethod
    def of(cls, section: str, path: Path, options: list[discord.SelectOption], **limits: Any) -> Self:
        return cls(ui.Select(custom_id=f"settings:pick:{section}:{path}", options=options, **limits))

    async def act(self, interaction: "Interaction", desk: Desk) -> Place | None:
        shape = shape_of(desk.section(self.ids["section"]), self.path.field, self.path.sub)
        chosen = self.item.values
        if shape.kind is FieldKind.CHOICES:
            had = [option.value for option in self.item.options if option.default]
            return await self._change(desk, _difference(self.path, had, chosen))
        if chosen == [OTHER]:
            await open_modal(interaction, ValueForm.of(desk, self.ids["section"], self.path))
            return None
        value: Any = chosen[0] if chosen else None
        if value is not None and shape.kind is FieldKind.DURATION:
            value = timedelta(seconds=int(value))
        return await self._change(desk, edits.setting(self.path, value))


class EntityMenu(SettingsItem[ItemT], template=r"(?!)"):
    """A menu of Discord's own: roles or channels."""

    async def act(self, interaction: "Interaction", desk: Desk) -> Place:
        shape = shape_of(desk.section(self.ids["section"]), self.path.field, self.path.sub)
        chosen = [found.id for found in self.item.values]  # type: ignore[attr-defined]
        if shape.item is not None:
            had = [found.id for found in self.item.default_values]  # type: ignore[attr-defined]
            return await self._change(desk, _difference(self.path, had, chosen))
        return await self._change(desk, edits.setting(self.path, chosen[0] if chosen else None))


class ChannelMenu(EntityMenu[ui.ChannelSelect[Any]], template=rf"settings:channel:{_ADDRESS}"):
    """One or several channels."""

    @classmethod
    def of(cls, section: str, path: Path, **options: Any) -> Self:
        return cls(ui.ChannelSelect(custom_id=f"settings:channel:{section}:{path}", **options))


class RoleMenu(EntityMenu[ui.RoleSelect[Any]], template=rf"settings:role:{_ADDRESS}"):
    """One or several roles."""

    @classmethod
    def of(cls, section: str, path: Path, **options: Any) -> Self:
        return cls(ui.RoleSelect(custom_id=f"settings:role:{section}:{path}", **options))


class ResetMenu(SettingsItem[ui.Select[Any]], template=rf"settings:reset:{_ADDRESS}"):
    """Puts a field back to its default. ``path`` is any field of the page, or its row."""

    @classmethod
    def of(cls, section: str, path: Path, options: list[discord.SelectOption], placeholder: str) -> Self:
        return cls(ui.Select(custom_id=f"settings:reset:{section}:{path}", options=options, placeholder=placeholder))

    async def act(self, interaction: "Interaction", desk: Desk) -> Place:
        default = desk.bot.guild_settings.default(desk.section(self.ids["section"]))
        name = self.item.values[0]
        path = self.path.within(name) if self.path.row else Path(name)
        return await change_at(desk, self.ids["section"], path, edits.resetting(path, default))


class RowButton(SettingsItem[ui.Button[Any]], template=rf"settings:row:(?P<move>up|down|drop):{_ADDRESS}"):
    """Moves or removes a row."""

    @classmethod
    def of(cls, move: str, section: str, path: Path, label: str, *, emoji: str | None = None) -> Self:
        style = discord.ButtonStyle.danger if move == "drop" else discord.ButtonStyle.secondary
        custom_id = f"settings:row:{move}:{section}:{path}"
        return cls(ui.Button(label=label, emoji=emoji, style=style, custom_id=custom_id))

    async def act(self, interaction: "Interaction", desk: Desk) -> Place:
        section, field, row = desk.section(self.ids["section"]), self.path.field, self.path.row
        assert row is not None
        if self.ids["move"] == "drop":
            await change(desk, section, edits.removing(field, row))
            return list_place(section.key, field)
        value = await change(desk, section, edits.moving(field, row, -1 if self.ids["move"] == "up" else 1))
        rows = edits.rows_of(value, field)
        now = next((index for index, one in enumerate(rows) if RowRef.to(rows, index).digest == row.digest), 0)
        return row_place(section.key, field, RowRef.to(rows, now))


class RevertButton(SettingsItem[ui.Button[Any]], template=r"settings:revert:(?P<change>\d+):(?P<section>[a-z_]*)"):
    """Undoes one change of the history."""

    @classmethod
    def of(cls, change_id: int, section: str, label: str) -> Self:
        style = discord.ButtonStyle.danger
        return cls(ui.Button(label=label, style=style, custom_id=f"settings:revert:{change_id}:{section}"))

    async def act(self, interaction: "Interaction", desk: Desk) -> Place:
        await revert(desk, int(self.ids["change"]))
        return self.home(desk)

    def home(self, desk: Desk) -> Place:
        return Place(Kind.HISTORY, self.ids["section"])


def _difference(path: Path, had: Sequence[Any], chosen: Sequence[Any]) -> Edit:
    """What the person changed in the menu, so that what others changed meanwhile stays."""
    added = [value for value in chosen if value not in had]
    return edits.merging(path, added, [value for value in had if value not in chosen])
