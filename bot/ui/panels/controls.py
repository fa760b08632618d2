"""A field of a panel: what it is, what it is set to, and the control that changes it. Three components each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import discord
from discord import ui

from bot.guilds.paths import Path
from bot.guilds.shape import LISTS, FieldKind, FieldShape
from bot.i18n.marks import N_
from bot.permissions.channels import channel_types
from bot.ui import palette
from bot.ui.panels.desk import Desk
from bot.ui.panels.inputs import OPTIONS, choice_options, chosen_ids, how_many
from bot.ui.panels.items import OTHER, ChannelMenu, ChoiceMenu, EditButton, OpenButton, RoleMenu, ToggleButton
from bot.ui.panels.places import list_place
from bot.ui.panels.values import shown
from bot.ui.text import shortened

_M, _H, _D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SENSIBLE = (
    *(5 * _M, 10 * _M, 15 * _M, 30 * _M, _H, 2 * _H, 4 * _H, 8 * _H, 12 * _H),
    *(_D, 2 * _D, 3 * _D, 7 * _D, 14 * _D, 28 * _D, 30 * _D, 60 * _D, 90 * _D, 180 * _D, 365 * _D),
)
"""Durations a menu offers where the field does not say better, within its bounds."""

Items = list[ui.Item[Any]]


def control(desk: Desk, key: str, path: Path, shape: FieldShape, value: Any, problems: list[str]) -> Items:
    """The components of one field; ``problems`` are said below its title."""
    return _CONTROLS.get(shape.kind, _written)(desk, key, path, shape, value, problems)


def _title(desk: Desk, shape: FieldShape, problems: list[str], value: str | None = None) -> ui.TextDisplay[Any]:
    title = f"**{desk.t(shape.title)}**"
    lines = [
        title if value is None else desk.t(N_("{field}: {value}"), field=title, value=value),
        f"-# {desk.t(shape.description)}",
    ]
    lines += [f"{palette.WARNING} {problem[:1].upper()}{problem[1:]}" for problem in problems[:3]]
    return ui.TextDisplay("\n".join(lines))


def _toggle(desk: Desk, key: str, path: Path, shape: FieldShape, value: bool, problems: list[str]) -> Items:
    label = desk.t(N_("Turn off")) if value else desk.t(N_("Turn on"))
    button = ToggleButton.of(key, path, on=not value, label=label)
    return [ui.Section(_title(desk, shape, problems, shown(desk, shape, value)), accessory=button)]


def _written(desk: Desk, key: str, path: Path, shape: FieldShape, value: Any, problems: list[str]) -> Items:
    if shape.kind in LISTS and path.row is None:
        button: OpenButton | EditButton = OpenButton.to(list_place(key, path.field), desk.t(N_("Open")))
    else:
        button = EditButton.of(key, path, desk.t(N_("Change")))
    return [ui.Section(_title(desk, shape, problems, shown(desk, shape, value)), accessory=button)]


def _choice(desk: Desk, key: str, path: Path, shape: FieldShape, value: Any, problems: list[str]) -> Items:
    options = choice_options(desk, shape, value if shape.item else (value,))
    menu = ChoiceMenu.of(key, path, options, placeholder=_placeholder(desk), **how_many(shape, len(options)))
    return [_title(desk, shape, problems), ui.ActionRow(menu)]


def _duration(desk: Desk, key: str, path: Path, shape: FieldShape, value: Any, problems: list[str]) -> Items:
    spans = {span for span in shape.suggested or SENSIBLE if _within(shape, span)}
    spans |= {value} if value is not None else set()
    options = [
        discord.SelectOption(label=desk.t.span(span), value=str(int(span.total_seconds())), default=span == value)
        for span in sorted(spans)[: OPTIONS - 1]
    ]
    options.append(discord.SelectOption(label=desk.t(N_("Another length of time …")), value=OTHER))
    menu = ChoiceMenu.of(key, path, options, placeholder=_placeholder(desk), min_values=0 if shape.optional else 1)
    return [_title(desk, shape, problems), ui.ActionRow(menu)]


def _channel(desk: Desk, key: str, path: Path, shape: FieldShape, value: Any, problems: list[str]) -> Items:
    assert shape.channel is not None
    known = [one for one in chosen_ids(shape, value) if desk.guild.get_channel(one)]
    menu = ChannelMenu.of(
        key,
        path,
        placeholder=_placeholder(desk),
        channel_types=channel_types(shape.channel),
        default_values=[discord.SelectDefaultValue.from_channel(discord.Object(one)) for one in known],
        **how_many(shape),
    )
    return [_title(desk, shape, problems), ui.ActionRow(menu)]


def _role(desk: Desk, key: str, path: Path, shape: FieldShape, value: Any, problems: list[str]) -> Items:
    known = [one for one in chosen_ids(shape, value) if desk.guild.get_role(one)]
    menu = RoleMenu.of(
        key,
        path,
        placeholder=_placeholder(desk),
        default_values=[discord.SelectDefaultValue.from_role(discord.Object(one)) for one in known],
        **how_many(shape),
    )
    return [_title(desk, shape, problems), ui.ActionRow(menu)]


def _placeholder(desk: Desk) -> str:
    return shortened(desk.t(N_("Not set: choose here")), 100)


def _within(shape: FieldShape, span: timedelta) -> bool:
    low, high = shape.minimum, shape.maximum
    return (low is None or span >= low) and (high is None or span <= high)


_CONTROLS: dict[FieldKind, Callable[[Desk, str, Path, FieldShape, Any, list[str]], Items]] = {
    FieldKind.TOGGLE: _toggle,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choice,
    FieldKind.DURATION: _duration,
    FieldKind.CHANNEL: _channel,
    FieldKind.CHANNELS: _channel,
    FieldKind.ROLE: _role,
    FieldKind.ROLES: _role,
}
