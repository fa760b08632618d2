"""The reference of the settings for the docs, generated from the models, so that it cannot be out of date."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from bot.errors import Translated
from bot.guilds.fields import ChannelKind
from bot.guilds.sections import Section
from bot.guilds.shape import FieldKind, FieldShape, shapes
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_

_KINDS = {
    FieldKind.TOGGLE: N_("on or off"),
    FieldKind.CHOICE: N_("one of: {choices}"),
    FieldKind.CHOICES: N_("any of: {choices}"),
    FieldKind.CHANNEL: N_("a channel ({channels})"),
    FieldKind.CHANNELS: N_("channels ({channels})"),
    FieldKind.ROLE: N_("a role"),
    FieldKind.ROLES: N_("roles"),
    FieldKind.DURATION: N_("a length of time"),
    FieldKind.NUMBER: N_("a number"),
    FieldKind.TEXT: N_("a text"),
    FieldKind.LONG_TEXT: N_("a text of several lines"),
    FieldKind.ITEMS: N_("a list, each entry {item}"),
    FieldKind.ROWS: N_("a table, see below"),
}
_CHANNELS = {
    ChannelKind.TEXT: N_("text"),
    ChannelKind.FORUM: N_("forum"),
    ChannelKind.VOICE: N_("voice"),
    ChannelKind.CATEGORY: N_("category"),
}
_TEXT_SHOWN = 60


def markdown(sections: Iterable[type[Section]], t: Localizer, permission: Callable[[str], str]) -> str:
    """The whole page in the language of ``t``; ``permission`` is what Discord calls a permission (an ``N_`` text)."""
    lines = [
        "# " + t(N_("Settings")),
        "",
        t(N_("Everything a server decides, section by section, as `/settings` shows it.")),
        t(N_("This page is generated from the code.")),
    ]
    for section in sections:
        value = section()
        lines += ["", f"## {t(section.title)}", "", t(section.summary), ""]
        lines += _table(t, shapes(section).values(), value, permission)
        for shape in shapes(section).values():
            if shape.row is not None:
                lines += ["", f"### {t(section.title)} › {t(shape.title)}", ""]
                lines += [t(N_("Each entry has:")), ""]
                lines += _table(t, shapes(shape.row).values(), None, permission)
    return "\n".join(lines) + "\n"


def _table(
    t: Localizer, fields: Iterable[FieldShape], value: Section | None, permission: Callable[[str], str]
) -> Iterator[str]:
    titles = (N_("Setting"), N_("What it decides"), N_("Value"), N_("Default"))
    yield "| " + " | ".join(t(title) for title in titles) + " |"
    yield "| --- | --- | --- | --- |"
    for shape in fields:
        default = shape.default if value is None else getattr(value, shape.name)
        told = (
            f"**{t(shape.title)}**",
            t(shape.description),
            " · ".join(_value(t, shape, permission)),
            t(N_("needed")) if shape.required else _default(t, shape, default),
        )
        yield "| " + " | ".join(_cell(text) for text in told) + " |"


def _value(t: Localizer, shape: FieldShape, permission: Callable[[str], str]) -> Iterator[str]:
    yield _kind(t, shape)
    if shape.minimum is not None:
        yield t(N_("at least {limit}"), limit=_written(t, shape, shape.minimum))
    if shape.maximum is not None:
        yield t(N_("at most {limit}"), limit=_written(t, shape, shape.maximum))
    if shape.longest is not None:
        several = shape.kind in {FieldKind.ITEMS, FieldKind.ROWS} or shape.item is not None
        yield (
            t.plural("at most {n} entry", "at most {n} entries", shape.longest)
            if several
            else t.plural("at most {n} character", "at most {n} characters", shape.longest)
        )
    if shape.channel is not None and shape.channel.needs:
        needs = tuple(Translated(permission(name)) for name in shape.channel.needs)
        yield t(N_("the bot needs there: {permissions}"), permissions=needs)
    if shape.role is not None and shape.role.granted:
        yield t(N_("harmless, and below the bot's own role"))


def _kind(t: Localizer, shape: FieldShape) -> str:
    params: dict[str, Any] = {}
    if shape.choices is not None:
        params["choices"] = ", ".join(_choice(t, choice) for choice in shape.choices)
    if shape.channel is not None:
        params["channels"] = ", ".join(t(_CHANNELS[kind]) for kind in shape.channel.kinds)
    if shape.kind is FieldKind.ITEMS and shape.item is not None:
        params["item"] = _kind(t, shape.item)
    return t(_KINDS[shape.kind], **params)


def _default(t: Localizer, shape: FieldShape, value: Any) -> str:
    if value is None or value == () or value == "":
        return "–"
    if shape.kind is FieldKind.ROWS:
        return ", ".join(_row(t, row) for row in value)
    if shape.kind is FieldKind.LONG_TEXT:
        return t(N_("a text that comes with the bot"))
    if isinstance(value, tuple):
        return ", ".join(_written(t, shape.item or shape, one) for one in value)
    return _written(t, shape, value)


def _row(t: Localizer, row: BaseModel) -> str:
    first = next(iter(shapes(type(row)).values()))
    return _written(t, first, getattr(row, first.name))


def _written(t: Localizer, shape: FieldShape, value: Any) -> str:
    if shape.kind is FieldKind.TOGGLE:
        return t(N_("on")) if value else t(N_("off"))
    if isinstance(value, StrEnum):
        return _choice(t, value)
    if shape.kind is FieldKind.DURATION:
        return t.span(value)
    if shape.kind is FieldKind.NUMBER:
        return t.number(value)
    text = " ".join(str(value).split())
    return text if len(text) <= _TEXT_SHOWN else text[: _TEXT_SHOWN - 1].rstrip() + "…"


def _choice(t: Localizer, choice: StrEnum) -> str:
    return t(getattr(choice, "label", choice.value))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
