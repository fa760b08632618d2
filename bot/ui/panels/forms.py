"""Forms of the settings: one value, or the first fields of a new row. They are answered also after a restart."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord

from bot.errors import UserError
from bot.guilds import edits
from bot.guilds.edits import Edit
from bot.guilds.paths import PATH, Path, RowRef
from bot.guilds.shape import FieldShape, shape_of, shapes
from bot.permissions.access import MANAGE_SERVER
from bot.ui.modals import PersistentModal, Submitted
from bot.ui.panels.changes import change
from bot.ui.panels.desk import Desk, show, show_again
from bot.ui.panels.inputs import FORM_FIELDS, input_for, submitted_value
from bot.ui.panels.layout import page_of
from bot.ui.panels.places import Place, list_place, row_place, section_place
from bot.ui.text import shortened

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

TITLE = 45
"""Discord's limit for the title of a form."""
_VALUE = "value"


class ValueForm(PersistentModal):
    """A text, a number, a duration, or a short list with one entry a line."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(rf"settings:value:(?P<section>[a-z_]+):(?P<path>{PATH})")

    @classmethod
    def of(cls, desk: Desk, key: str, path: Path) -> Self:
        """Filled with the present value, from memory. Raises ListChanged."""
        shape, value = target(desk, key, path)
        form = cls(title=shortened(desk.t(shape.title), TITLE), custom_id=f"settings:value:{key}:{path}")
        form.add_item(input_for(desk, shape, value, custom_id=_VALUE))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        desk, path = Desk.of(interaction), Path.parse(ids["path"])
        shape = _shape(desk, ids["section"], path)
        try:
            edit: Edit = edits.setting(path, submitted_value(shape, values.get(_VALUE)))
            place = await change_at(desk, ids["section"], path, edit)
        except UserError:
            await show_again(interaction, lambda: _home(desk, ids["section"], path))
            raise
        await show(interaction, place)


class NewForm(PersistentModal):
    """A new row of a list."""

    access: ClassVar = MANAGE_SERVER
    template = re.compile(r"settings:new:(?P<section>[a-z_]+):(?P<field>[a-z0-9_]+)")

    @classmethod
    def of(cls, desk: Desk, key: str, field: str) -> Self:
        shape = shape_of(desk.section(key), field)
        title = desk.t(getattr(shape.row, "title", shape.title)) if shape.row else desk.t(shape.title)
        form = cls(title=shortened(title, TITLE), custom_id=f"settings:new:{key}:{field}")
        for sub in new_fields(shape):
            form.add_item(input_for(desk, sub, sub.default, custom_id=sub.name))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        desk, field = Desk.of(interaction), ids["field"]
        section = desk.section(ids["section"])
        shape = shape_of(section, field)
        try:
            filled = {sub.name: submitted_value(sub, values.get(sub.name)) for sub in new_fields(shape)}
            row: Any = filled if shape.row else filled[field]
            value = await change(desk, section, edits.adding(field, row))
        except UserError:
            await show_again(interaction, lambda: list_place(section.key, field))
            raise
        rows = edits.rows_of(value, field)
        unseen = shape.row is not None and len(shapes(shape.row)) > len(filled)
        last = RowRef.to(rows, len(rows) - 1)
        await show(
            interaction, row_place(section.key, field, last) if unseen else list_place(section.key, field, _LAST_PAGE)
        )


_LAST_PAGE = 999
"""The list page shows its last page for any number beyond it."""


def new_fields(shape: FieldShape) -> list[FieldShape]:
    """What the form of a new row asks for: all that is needed, then the first of the rest, in the row's order."""
    if shape.row is None:
        assert shape.item is not None
        return [shape.item]
    every = list(shapes(shape.row).values())
    needed = [sub for sub in every if sub.required]
    asked = (needed + [sub for sub in every if not sub.required])[:FORM_FIELDS]
    return [sub for sub in every if sub in asked]


def target(desk: Desk, key: str, path: Path) -> tuple[FieldShape, Any]:
    """The field at ``path`` and its present value. Raises ListChanged when its row is gone."""
    section = desk.value(key)
    value = getattr(section, path.field)
    if path.row is not None:
        value = value[path.row.locate(edits.rows_of(section, path.field))]
        if path.sub is not None:
            value = getattr(value, path.sub)
    return _shape(desk, key, path), value


async def change_at(desk: Desk, key: str, path: Path, edit: Edit) -> Place:
    """Apply the edit of the field at ``path``; the page on which the field then stands. Raises UserError."""
    section = desk.section(key)
    if path.row is None:
        await change(desk, section, edit)
        return section_place(key, page_of(desk, key, path.field))
    index = path.row.locate(edits.rows_of(desk.value(key), path.field))
    rows = edits.rows_of(await change(desk, section, edit), path.field)
    return row_place(key, path.field, RowRef.to(rows, min(index, len(rows) - 1)))


def _shape(desk: Desk, key: str, path: Path) -> FieldShape:
    shape = shape_of(desk.section(key), path.field, path.sub)
    if path.row is not None and path.sub is None:
        assert shape.item is not None
        return shape.item
    return shape


def _home(desk: Desk, key: str, path: Path) -> Place:
    if path.row is not None:
        return list_place(key, path.field)
    return section_place(key, page_of(desk, key, path.field))
