"""The settings of a server as a file that people like to read and to edit by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import tomlkit
from pydantic import BaseModel
from tomlkit.items import AoT, Item, Table

from bot.guilds.sections import Section
from bot.guilds.shape import FieldShape, shapes
from bot.guilds.transfer.file import CHANNEL_KINDS, ENTITY_KINDS, FORMAT
from bot.guilds.transfer.values import toml_of
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_

LONG = 80
"""A list whose entries take more characters stands on several lines."""


class Names(Protocol):
    """What channels and roles of the server are called; None for one that is gone."""

    def channel(self, channel_id: int) -> str | None: ...
    def role(self, role_id: int) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Writer:
    """``t`` speaks the language of the comments."""

    t: Localizer
    names: Names

    def file(self, server: str, sections: Iterable[tuple[type[Section], Mapping[str, Any]]]) -> str:
        """``sections`` come with the fields to write, those that differ from their defaults, as JSON values."""
        document = tomlkit.document()
        for line in (
            N_("The settings of a server, written by Parvis. Import brings them back, here or in another server."),
            N_("A section that stands in this file is set as it says; what it leaves out gets its default."),
            N_("A section that does not stand in it stays as it is. Lines that begin with # are comments."),
        ):
            document.add(tomlkit.comment(self.t(line)))
        document.add(tomlkit.nl())
        document.add("format", tomlkit.item(FORMAT))
        document.add("server", tomlkit.item(server))
        for section, fields in sections:
            document.add(section.key, self._table(section, fields))
        return document.as_string()

    def _table(self, section: type[Section], fields: Mapping[str, Any]) -> Table:
        table = tomlkit.table()
        table.comment(self._said(section.title, section.summary))
        known = {name: shape for name, shape in shapes(section).items() if name in fields}
        for name, shape in known.items():
            if shape.row is None or not fields[name]:
                table.add(tomlkit.comment(self._said(shape.title, shape.description)))
                table.add(name, self._value(shape, fields[name]))
        for name, shape in known.items():
            if shape.row is not None and fields[name]:
                table.add(name, self._rows(shape, shape.row, fields[name]))
        return table

    def _rows(self, shape: FieldShape, model: type[BaseModel], rows: Iterable[Mapping[str, Any]]) -> AoT:
        found = tomlkit.aot()
        for row in rows:
            table = tomlkit.table()
            if not len(found):
                table.comment(self._said(shape.title, shape.description))
            for number, (name, sub) in enumerate(shapes(model).items()):
                if number == 0 or sub.required or row[name] != _json(model, name):
                    table.add(name, self._value(sub, row[name]))
            found.append(table)
        return found

    def _value(self, shape: FieldShape, value: Any) -> Item:
        if shape.kind in ENTITY_KINDS and value is not None:
            if shape.item is None:
                return self._entity(shape, value)
            return _listed([self._entity(shape, one) for one in value])
        plain = toml_of(shape, value)
        if isinstance(plain, dict):
            return tomlkit.inline_table()
        if isinstance(plain, list):
            return _listed([_text(one) for one in plain])
        return _text(plain)

    def _entity(self, shape: FieldShape, known_id: int) -> Item:
        table = tomlkit.inline_table()
        of_channel = shape.kind in CHANNEL_KINDS
        name = self.names.channel(known_id) if of_channel else self.names.role(known_id)
        if name is not None:
            table.append("name", f"#{name}" if of_channel else name)
        table.append("id", str(known_id))
        return table

    def _said(self, title: str, text: str) -> str:
        return self.t(N_("{field}: {value}"), field=self.t(title), value=" ".join(self.t(text).split()))


def _text(value: Any) -> Item:
    """A text of several lines is written as such."""
    if isinstance(value, str) and "\n" in value and "\r" not in value:
        return tomlkit.string("\n" + value, multiline=True)
    item: Item = tomlkit.item(value)
    return item


def _listed(items: list[Item]) -> Item:
    found = tomlkit.array()
    for one in items:
        found.append(one)
    found.multiline(sum(len(one.as_string()) for one in items) > LONG)
    return found


def _json(model: type[BaseModel], name: str) -> Any:
    """The default of a row's field as a JSON value."""
    default = model.model_fields[name].get_default(call_default_factory=True)
    return model.model_construct(**{name: default}).model_dump(mode="json", include={name})[name]
