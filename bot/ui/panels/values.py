"""A setting's value in words, as the reader's language writes it."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from bot.guilds.shape import FieldKind, FieldShape, shapes
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui.panels.desk import Desk
from bot.ui.text import escaped, shortened

SHOWN = 150
"""Characters of a text that a panel shows; the form has all of it."""
NAMED = 4
"""Entries of a list that a panel names."""


def label_of(t: Localizer, choice: StrEnum) -> str:
    """What the choice is called; a plain StrEnum has only its value."""
    return t(getattr(choice, "label", choice.value))


def shown(desk: Desk, shape: FieldShape, value: Any) -> str:
    """One line for the value of a field, safe to send."""
    t = desk.t
    if value is None or value == () or value == []:
        return desk.aside(N_("not set")) if value is None else desk.aside(N_("none"))
    match shape.kind:
        case FieldKind.ITEMS | FieldKind.ROWS:
            return _listed(desk, shape, value)
        case FieldKind.CHANNELS | FieldKind.ROLES | FieldKind.CHOICES:
            assert shape.item is not None
            return t.enumeration([shown(desk, shape.item, one) for one in value])
        case FieldKind.TOGGLE:
            return t(N_("On")) if value else t(N_("Off"))
        case FieldKind.CHOICE:
            return label_of(t, value)
        case FieldKind.CHANNEL:
            return f"<#{value}>" if desk.guild.get_channel(value) else desk.aside(N_("deleted channel"))
        case FieldKind.ROLE:
            return f"<@&{value}>" if desk.guild.get_role(value) else desk.aside(N_("deleted role"))
        case FieldKind.DURATION:
            return t.span(value)
        case FieldKind.NUMBER:
            return t.number(value)
    text = " ".join(str(value).split())
    return escaped(shortened(text, SHOWN)) if text else desk.aside(N_("empty"))


def row_name(desk: Desk, shape: FieldShape, row: Any) -> str:
    """What a row of a list is called: its first field, or the entry itself."""
    if isinstance(row, BaseModel):
        first = next(iter(shapes(type(row)).values()))
        return shown(desk, first, getattr(row, first.name))
    assert shape.item is not None
    return shown(desk, shape.item, row)


def row_details(desk: Desk, row: Any) -> str:
    """The row's other fields that differ from their default, in one line."""
    if not isinstance(row, BaseModel):
        return ""
    _first, *others = shapes(type(row)).values()
    told = [sub for sub in others if getattr(row, sub.name) != sub.default]
    pairs = (desk.pair(sub.title, shown(desk, sub, getattr(row, sub.name))) for sub in told[:3])
    return shortened(" · ".join(pairs), 2 * SHOWN)


def _listed(desk: Desk, shape: FieldShape, rows: Any) -> str:
    names = [shortened(row_name(desk, shape, row), 40) for row in rows[:NAMED]]
    more = len(rows) - len(names)
    if more:
        names.append(desk.t.plural("{n} more", "{n} more", more))
    return desk.t.enumeration(names)
