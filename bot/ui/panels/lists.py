"""The pages of a list: its rows, one row, and the question before one is removed."""

from typing import Any

from discord import ui
from pydantic import BaseModel

from bot.guilds.edits import rows_of
from bot.guilds.paths import Path, RowRef
from bot.guilds.shape import FieldShape, shape_of, shapes
from bot.i18n.marks import N_
from bot.ui import palette
from bot.ui.panels.controls import control
from bot.ui.panels.desk import Desk, page
from bot.ui.panels.health import problems
from bot.ui.panels.items import AddButton, EditButton, OpenButton, RowButton
from bot.ui.panels.layout import page_of, spread
from bot.ui.panels.pages import heading, panel, reset_menu, thin_line, turning
from bot.ui.panels.places import Kind, Place, list_place, row_place, section_place
from bot.ui.panels.values import row_details, row_name, shown
from bot.ui.text import shortened
from bot.ui.views import LayoutView

ROWS_PER_PAGE = 8


@page(Kind.LIST)
async def list_page(desk: Desk, place: Place) -> LayoutView:
    """The rows of a list, each with the button that opens it."""
    shape, values, rows = _list(desk, place)
    pages = max(1, -(-len(values) // ROWS_PER_PAGE))
    number = min(place.page, pages - 1)
    title = f"{desk.t(desk.section(place.section).title)} › {desk.t(shape.title)}"
    items: list[ui.Item[Any]] = [heading(desk, title, desk.t(shape.description), number, pages), thin_line()]
    broken = [problem.text for problem in problems(desk, desk.value(place.section)) if problem.field is shape]
    if broken:
        items.append(ui.TextDisplay("\n".join(f"{palette.WARNING} {text}" for text in broken[:5])))
    for index in range(number * ROWS_PER_PAGE, min((number + 1) * ROWS_PER_PAGE, len(values))):
        button = OpenButton.to(row_place(place.section, shape.name, RowRef.to(rows, index)), desk.t(N_("Edit")))
        items.append(ui.Section(ui.TextDisplay(_row_line(desk, shape, index, values[index])), accessory=button))
    if not values:
        items.append(ui.TextDisplay(desk.aside(N_("Nothing here yet."))))
    items.append(thin_line())
    buttons: list[ui.Item[Any]] = [_back(desk, place.section, shape)]
    if shape.longest is None or len(values) < shape.longest:
        buttons.append(AddButton.of(place.section, shape.name, desk.t(N_("Add"))))
    buttons += turning(desk, place, number, pages)
    items.append(ui.ActionRow(*buttons))
    return panel(*items, colour=palette.ATTENTION if broken else palette.ACCENT)


@page(Kind.ROW)
async def one_row(desk: Desk, place: Place) -> LayoutView:
    """One row with its fields, and buttons to move or remove it. Raises ListChanged."""
    shape, values, rows = _list(desk, place)
    path, index = _located(place, rows)
    row = values[index]
    title = f"{desk.t(shape.title)} › {shortened(row_name(desk, shape, row), 60)}"
    where = desk.t(N_("Entry {number} of {count}"), number=index + 1, count=len(rows))
    fields = list(shapes(type(row)).values()) if isinstance(row, BaseModel) else []
    pages = spread(fields)
    number = min(place.page, len(pages) - 1)
    items: list[ui.Item[Any]] = [heading(desk, title, where, number, len(pages)), thin_line()]
    for sub in pages[number]:
        items += control(desk, place.section, path.within(sub.name), sub, getattr(row, sub.name), [])
    if not fields:
        assert shape.item is not None
        button = EditButton.of(place.section, path, desk.t(N_("Change")))
        items.append(ui.Section(ui.TextDisplay(shown(desk, shape.item, row)), accessory=button))
    items.append(thin_line())
    changed = [sub for sub in pages[number] if not sub.required and getattr(row, sub.name) != sub.default]
    items += reset_menu(desk, place.section, path, changed)
    items.append(ui.ActionRow(*_moves(desk, place, path, index, len(rows))))
    back = OpenButton.to(list_place(place.section, shape.name), desk.t(N_("Back to the list")), emoji=palette.BACK)
    here = row_place(place.section, shape.name, RowRef.to(rows, index))
    items.append(ui.ActionRow(back, *turning(desk, here, number, len(pages))))
    return panel(*items)


@page(Kind.REMOVE)
async def remove_page(desk: Desk, place: Place) -> LayoutView:
    """Asks before a row is removed. Raises ListChanged."""
    shape, values, rows = _list(desk, place)
    path, index = _located(place, rows)
    name = shortened(row_name(desk, shape, values[index]), 100)
    text = desk.t(
        N_("Remove {name} from the list {list}? The history can bring it back."), name=name, list=desk.t(shape.title)
    )
    keep = OpenButton.to(row_place(place.section, shape.name, RowRef.to(rows, index)), desk.t(N_("Keep it")))
    drop = RowButton.of("drop", place.section, path, desk.t(N_("Remove")))
    return panel(ui.TextDisplay(text), ui.ActionRow(drop, keep), colour=palette.BAD)


def _moves(desk: Desk, place: Place, path: Path, index: int, count: int) -> list[ui.Item[Any]]:
    moves: list[ui.Item[Any]] = []
    if index > 0:
        moves.append(RowButton.of("up", place.section, path, desk.t(N_("Move up")), emoji="⬆️"))
    if index + 1 < count:
        moves.append(RowButton.of("down", place.section, path, desk.t(N_("Move down")), emoji="⬇️"))
    remove = OpenButton.to(Place(Kind.REMOVE, place.section, path), desk.t(N_("Remove …")))
    return [*moves, remove]


def _list(desk: Desk, place: Place) -> tuple[FieldShape, list[Any], list[Any]]:
    """The list's shape, its values, and the same as JSON."""
    assert place.path is not None
    section = desk.value(place.section)
    field = place.path.field
    return shape_of(type(section), field), list(getattr(section, field)), rows_of(section, field)


def _located(place: Place, rows: list[Any]) -> tuple[Path, int]:
    assert place.path is not None
    assert place.path.row is not None
    index = place.path.row.locate(rows)
    return Path(place.path.field, RowRef.to(rows, index)), index


def _row_line(desk: Desk, shape: FieldShape, index: int, row: Any) -> str:
    details = row_details(desk, row)
    return f"**{index + 1}.** {row_name(desk, shape, row)}" + (f"\n-# {details}" if details else "")


def _back(desk: Desk, key: str, shape: FieldShape) -> OpenButton:
    place = section_place(key, page_of(desk, key, shape.name))
    return OpenButton.to(place, desk.t(desk.section(key).title), emoji=palette.BACK)
