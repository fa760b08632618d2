"""A settings file as text into a ``SettingsFile``; whatever is wrong with it is said with line and key."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, cast

from pydantic import ValidationError

from bot.guilds.fields import Row
from bot.guilds.problems import OUR_WORDS, InvalidValue
from bot.guilds.sections import Section
from bot.guilds.shape import shapes
from bot.guilds.transfer.entities import Entities
from bot.guilds.transfer.file import (
    FORMAT,
    LARGEST,
    LONGEST_LIST,
    FileRefused,
    SettingsFile,
    Trouble,
    WrongValue,
    filled,
)
from bot.guilds.transfer.lines import Lines, Place, lines_of
from bot.guilds.transfer.values import value_of
from bot.i18n.marks import N_

SERVER_NAME = 100
"""Characters of a server's name, as Discord allows."""
MOST = 200
"""Troubles of one file that are gathered."""
_HUGE = re.compile(r"0[xob][0-9A-Fa-f_]{300,}|[0-9_]{300,}")


def read(data: bytes, sections: Iterable[type[Section]]) -> SettingsFile:
    """Raises FileRefused with everything that is wrong. It may take seconds of a bad file: call it in a thread."""
    text = _decoded(data)
    lines = lines_of(text)
    return _Reading(lines, _parsed(text, lines), {section.key: section for section in sections}).file()


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST:
        raise _refused(None, N_("This file is too large for settings. Kilobytes it may have: {limit}."), limit=256)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(line, N_("This is not text in UTF-8. Save the file as UTF-8, then send it again.")) from None
    return text.replace("\r\n", "\n")


def _parsed(text: str, lines: Lines) -> dict[str, Any]:
    unreadable = N_("This is not written as TOML needs it. Look for a missing quote or bracket.")
    if lines.too_deep is not None:
        raise _refused(lines.too_deep, unreadable)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = _line_of(error, text)
        if lines.repeated and (line is None or line >= lines.repeated[0][0]):
            line, place = lines.repeated[0]
            raise FileRefused([Trouble(line, _written(place), N_("This stands in the file twice."))]) from None
        huge = _HUGE.search(text)
        if line is None and huge is not None:
            raise _refused(_line_at(text, huge.start()), N_("This number is too large.")) from None
        raise _refused(line, unreadable) from None


def _line_of(error: Exception, text: str) -> int | None:
    """The parser says it in words only (before Python 3.14)."""
    said = re.search(r"\(at (?:line (\d+)|end of document)", str(error))
    if said is None:
        return None
    return int(said[1]) if said[1] else _line_at(text.rstrip(), len(text))


def _refused(line: int | None, message: str, **params: Any) -> FileRefused:
    return FileRefused([Trouble(line, "", message, params)])


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


class _Reading:
    """One file on its way; troubles gather, so that somebody mends them all at once."""

    def __init__(self, lines: Lines, content: Mapping[str, Any], known: Mapping[str, type[Section]]) -> None:
        self._content = content
        self._known = known
        self._lines = lines
        self._entities = Entities()
        self._troubles: list[Trouble] = []

    def file(self) -> SettingsFile:
        self._check_format()
        server = self._content.get("server", "")
        if not isinstance(server, str) or "\x00" in server:
            self._trouble(("server",), N_("Write a text."))
            server = ""
        found = {}
        for key, value in self._content.items():
            if key in ("format", "server"):
                continue
            if key not in self._known:
                self._unknown((key,), N_("There is no such section of settings."), self._known)
            elif not isinstance(value, dict):
                self._trouble((key,), N_("This is a section: it begins with {header}."), header=f"[{key}]")
            else:
                found[key] = self._section(self._known[key], value)
        if self._troubles:
            raise FileRefused(self._troubles)
        return SettingsFile(server[:SERVER_NAME], found, self._entities.all())

    def _check_format(self) -> None:
        """Of a file of another version nothing else is judged."""
        found, place = self._content.get("format"), ("format",)
        if type(found) is not int:
            message = N_("A file of settings begins with {line}. Export one with /settings to see how it looks.")
            self._trouble(place, message, line=f"format = {FORMAT}")
        elif found > FORMAT:
            message = N_("This file is of a newer version ({theirs}) than I read ({mine}). Update me, then import it.")
            self._trouble(place, message, theirs=_shown(found), mine=FORMAT)
        elif found < FORMAT:
            message = N_("This file is of a version ({theirs}) that does not exist. I read version {mine}.")
            self._trouble(place, message, theirs=_shown(found), mine=FORMAT)
        if self._troubles:
            raise FileRefused(self._troubles)

    def _section(self, section: type[Section], content: Mapping[str, Any]) -> dict[str, Any]:
        before = len(self._troubles)
        fields = self._fields(section, content, (section.key,))
        if len(self._troubles) == before:
            self._judge(section, fields)
        return fields

    def _fields(self, model: type[Section] | type[Row], content: Mapping[str, Any], at: Place) -> dict[str, Any]:
        known, found = shapes(model), {}
        for name, value in content.items():
            place = (*at, name)
            shape = known.get(name)
            if shape is None and name in getattr(model, "moved", {}):
                self._trouble(place, model.moved[name])  # type: ignore[union-attr]
            elif shape is None:
                self._unknown(place, N_("There is no such setting here."), known)
            elif shape.row is not None:
                found[name] = self._rows(shape.row, value, place)
            else:
                try:
                    found[name] = value_of(shape, value, self._entities)
                except WrongValue as wrong:
                    self._trouble((*place, *wrong.at), wrong.message, **wrong.params)
        return found

    def _rows(self, row: Any, value: Any, place: Place) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            self._trouble(
                place, N_("This is a list: each entry begins with {header}."), header=f"[[{_written(place)}]]"
            )
            return []
        if len(value) > LONGEST_LIST:
            self._trouble(place, OUR_WORDS["too_long"], max_length=LONGEST_LIST)
            return []
        rows = []
        for index, one in enumerate(value):
            if isinstance(one, dict):
                rows.append(self._fields(row, one, (*place, index)))
            else:
                self._trouble((*place, index), N_("This row cannot be read."))
        return rows

    def _judge(self, section: type[Section], fields: Mapping[str, Any]) -> None:
        """What the model says; channels and roles are taken as if each were found."""
        known, taken = shapes(section), self._entities.supposed
        try:
            section.model_validate({name: filled(known[name], value, taken) for name, value in fields.items()})
        except ValidationError as error:
            for problem in error.errors(include_url=False)[:MOST]:
                invalid = InvalidValue(error, cast("dict[str, Any]", problem))
                self._trouble((section.key, *problem["loc"]), invalid.message, **invalid.params)

    def _unknown(self, place: Place, message: str, known: Iterable[str]) -> None:
        close = difflib.get_close_matches(str(place[-1])[:50], list(known), n=1)
        if close:
            self._trouble(place, N_("There is nothing of this name here. Is {name} meant?"), name=close[0])
        else:
            self._trouble(place, message)

    def _trouble(self, place: Place, message: str, **params: Any) -> None:
        if len(self._troubles) < MOST:
            self._troubles.append(Trouble(self._lines.of(place), _written(place), message, params))


def _written(place: Place) -> str:
    """``welcome.steps[2].step``, entries counted from 1 as people do."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text if len(text) <= 80 else text[:79] + "…"


def _shown(number: int) -> str:
    return str(number) if abs(number) < 10**9 else "…"
