"""The input of a field in a form, and what was filled in."""

from collections.abc import Callable
from typing import Any

import discord
from discord import ui

from bot.durations import parse_duration, written
from bot.guilds.shape import FieldKind, FieldShape
from bot.i18n.marks import N_
from bot.permissions.channels import channel_types
from bot.ui.panels.desk import Desk
from bot.ui.panels.values import label_of
from bot.ui.text import shortened

FORM_FIELDS = 5
"""Discord's limit of inputs in a form."""
LABEL, DESCRIPTION, TEXT_LENGTH, OPTIONS = 45, 100, 4000, 25
"""Discord's limits: an input's label and description, a text input, the entries of a menu."""
SHORT_TEXT = 100
"""A text of at most this many characters is written in one line."""


def input_for(desk: Desk, shape: FieldShape, value: Any, *, custom_id: str) -> ui.Label[Any]:
    """The labelled input of a field, filled with ``value``."""
    return ui.Label(
        text=shortened(desk.t(shape.title), LABEL),
        description=shortened(_hint(desk, shape), DESCRIPTION) or None,
        component=_INPUTS.get(shape.kind, _text)(desk, shape, value, custom_id),
    )


def submitted_value(shape: FieldShape, given: Any) -> Any:
    """What was filled in, for the model to judge. Raises NotADuration."""
    match shape.kind:
        case FieldKind.TOGGLE:
            return bool(given)
        case FieldKind.CHOICE:
            return given[0] if given else None
        case FieldKind.CHANNEL | FieldKind.ROLE:
            return int(given[0]) if given else None
        case FieldKind.CHOICES:
            return list(given or ())
        case FieldKind.CHANNELS | FieldKind.ROLES:
            return [int(one) for one in given or ()]
        case FieldKind.ITEMS:
            assert shape.item is not None
            lines = [line for line in str(given or "").splitlines() if line.strip()]
            return [submitted_value(shape.item, line) for line in lines]
    return _typed(shape, str(given or "").replace("\x00", "").strip())


def _typed(shape: FieldShape, text: str) -> Any:
    if not text and shape.optional:
        return None
    if shape.kind is FieldKind.DURATION:
        return parse_duration(text)
    if shape.kind is FieldKind.NUMBER:
        # 1 234,5 as French writes it; pydantic says what is wrong with anything else.
        return "".join(text.split()).replace(",", ".")
    return text


def _hint(desk: Desk, shape: FieldShape) -> str:
    kind = shape.item.kind if shape.item else shape.kind
    if kind is FieldKind.DURATION:
        return desk.t(N_("For example 90m, 1h30 or 2 days."))
    if shape.kind is FieldKind.ITEMS:
        return desk.t(N_("One entry a line."))
    return desk.t(shape.description)


def _text(desk: Desk, shape: FieldShape, value: Any, custom_id: str) -> ui.Item[Any]:
    longest = shape.longest if shape.kind in {FieldKind.TEXT, FieldKind.LONG_TEXT} else None
    several_lines = shape.kind in {FieldKind.LONG_TEXT, FieldKind.ITEMS} or (longest or 0) > SHORT_TEXT
    must = shape.shortest > 0 or shape.kind in {FieldKind.NUMBER, FieldKind.DURATION} or shape.required
    return ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph if several_lines else discord.TextStyle.short,
        max_length=min(longest or TEXT_LENGTH, TEXT_LENGTH),
        required=must and not shape.optional,
        default=_as_typed(shape, value) or None,
    )


def _as_typed(shape: FieldShape, value: Any) -> str:
    if value is None:
        return ""
    if shape.kind is FieldKind.ITEMS:
        assert shape.item is not None
        return "\n".join(_as_typed(shape.item, one) for one in value)
    return written(value) if shape.kind is FieldKind.DURATION else str(value)


def _toggle(desk: Desk, shape: FieldShape, value: Any, custom_id: str) -> ui.Item[Any]:
    return ui.Checkbox(custom_id=custom_id, default=bool(value))


def choice_options(desk: Desk, shape: FieldShape, chosen: Any) -> list[discord.SelectOption]:
    """The entries of a menu of choices, with those in ``chosen`` marked."""
    assert shape.choices is not None
    return [
        discord.SelectOption(label=shortened(label_of(desk.t, one), 100), value=one.value, default=one in chosen)
        for one in list(shape.choices)[:OPTIONS]
    ]


def how_many(shape: FieldShape, available: int = OPTIONS) -> dict[str, Any]:
    """How many entries of a menu may be chosen."""
    if shape.item is None:
        return {"min_values": 0 if shape.optional else 1, "max_values": 1}
    return {"min_values": min(shape.shortest, available), "max_values": min(shape.longest or OPTIONS, available)}


def chosen_ids(shape: FieldShape, value: Any) -> list[int]:
    """The ids in a field of channels or roles, one or several."""
    return [] if value is None else list(value) if shape.item else [value]


def _choice(desk: Desk, shape: FieldShape, value: Any, custom_id: str) -> ui.Item[Any]:
    options = choice_options(desk, shape, value if shape.item else (value,))
    limits = how_many(shape, len(options))
    return ui.Select(custom_id=custom_id, options=options, required=limits["min_values"] > 0, **limits)


def _channel(desk: Desk, shape: FieldShape, value: Any, custom_id: str) -> ui.Item[Any]:
    assert shape.channel is not None
    limits = how_many(shape)
    defaults = [discord.SelectDefaultValue.from_channel(discord.Object(one)) for one in chosen_ids(shape, value)]
    return ui.ChannelSelect(
        custom_id=custom_id,
        channel_types=channel_types(shape.channel),
        default_values=defaults,
        required=limits["min_values"] > 0,
        **limits,
    )


def _role(desk: Desk, shape: FieldShape, value: Any, custom_id: str) -> ui.Item[Any]:
    limits = how_many(shape)
    defaults = [discord.SelectDefaultValue.from_role(discord.Object(one)) for one in chosen_ids(shape, value)]
    return ui.RoleSelect(custom_id=custom_id, default_values=defaults, required=limits["min_values"] > 0, **limits)


_INPUTS: dict[FieldKind, Callable[[Desk, FieldShape, Any, str], ui.Item[Any]]] = {
    FieldKind.TOGGLE: _toggle,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choice,
    FieldKind.CHANNEL: _channel,
    FieldKind.CHANNELS: _channel,
    FieldKind.ROLE: _role,
    FieldKind.ROLES: _role,
}
