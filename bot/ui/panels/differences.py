"""What changes between two values of a section, in words: for the history, and before an import or an undo."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from bot.guilds.sections import Section
from bot.guilds.shape import FieldKind, FieldShape, shapes
from bot.i18n.marks import N_
from bot.ui.panels.desk import Desk
from bot.ui.panels.values import row_details, row_name, shown
from bot.ui.text import escaped, shortened

LINE = 400
"""Characters of a line."""
EXCERPT = 60
"""Characters of a long text shown around where it begins to differ."""
ENTRIES = 8
"""Entries of one list that are named."""
_SETS = frozenset({FieldKind.CHANNELS, FieldKind.ROLES, FieldKind.CHOICES, FieldKind.ITEMS})
_TEXTS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT})


def section_differences(desk: Desk, before: Section, after: Section, most: int = ENTRIES) -> list[str]:
    """A line, or several for a list, for each field that changes, in order; ``most`` entries of a list are named."""
    lines: list[str] = []
    for name, shape in shapes(type(after)).items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            lines += differences(desk, shape, old, new, most)
    return lines


def differences(desk: Desk, shape: FieldShape, before: Any, after: Any, most: int = ENTRIES) -> list[str]:
    """How a field changes; its title stands first."""
    title = f"**{desk.t(shape.title)}**"
    if shape.row is not None or shape.kind in _SETS:
        entries = [shortened(f"- {line}", LINE) for line in _list(desk, shape, before, after)]
        return [title, *limited(desk, entries, most)]
    if shape.kind in _TEXTS and before and after:
        old, new = _excerpts(" ".join(before.split()), " ".join(after.split()))
        change = f"{escaped(old)} → {escaped(new)}"
    else:
        change = f"{shown(desk, shape, before)} → {shown(desk, shape, after)}"
    return [shortened(desk.t(N_("{field}: {value}"), field=title, value=change), LINE)]


def limited(desk: Desk, lines: Sequence[str], most: int) -> list[str]:
    """At most so many lines, and how many more there are."""
    more = len(lines) - most
    if more <= 0:
        return list(lines)
    return [*lines[:most], "-# " + desk.t.plural("{n} more", "{n} more", more)]


def _list(desk: Desk, shape: FieldShape, before: Sequence[Any], after: Sequence[Any]) -> list[str]:
    gone, come, kept = _moved(before, after)
    changed = _paired(gone, come)
    lines = [desk.t(N_("gone: {entry}"), entry=_entry(desk, shape, one)) for one in gone]
    lines += [desk.t(N_("new: {entry}"), entry=_entry(desk, shape, one)) for one in come]
    for old, new in changed:
        for text in section_like(desk, old, new):
            lines.append(desk.t(N_("{field}: {value}"), field=row_name(desk, shape, new), value=text))
    if not lines or [one for one in before if one in kept] != [one for one in after if one in kept]:
        lines.append(desk.t(N_("in another order")))
    return lines


def section_like(desk: Desk, before: BaseModel, after: BaseModel) -> Iterator[str]:
    """How the fields of a row change, one line each."""
    for name, shape in shapes(type(after)).items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield desk.pair(shape.title, f"{shown(desk, shape, old)} → {shown(desk, shape, new)}")


def _moved(before: Iterable[Any], after: Iterable[Any]) -> tuple[list[Any], list[Any], list[Any]]:
    """What is only in ``before``, what is only in ``after``, and what is in both; an entry twice counts twice."""
    gone, come, kept = [], list(after), []
    for one in before:
        if one in come:
            come.remove(one)
            kept.append(one)
        else:
            gone.append(one)
    return gone, come, kept


def _paired(gone: list[Any], come: list[Any]) -> list[tuple[BaseModel, BaseModel]]:
    """Rows that go and come under one name are one row that changes; they leave both lists."""
    pairs = []
    for old in [one for one in gone if isinstance(one, BaseModel)]:
        new = next((one for one in come if _name(one) == _name(old)), None)
        if new is not None:
            pairs.append((old, new))
            gone.remove(old)
            come.remove(new)
    return pairs


def _name(row: BaseModel) -> Any:
    return getattr(row, next(iter(type(row).model_fields)))


def _entry(desk: Desk, shape: FieldShape, value: Any) -> str:
    details = row_details(desk, value)
    name = row_name(desk, shape, value)
    return f"{name} ({details})" if details else name


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """The part of each text where they begin to differ."""
    same = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    start = max(0, same - EXCERPT // 3) if max(len(before), len(after)) > EXCERPT else 0
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    return ("…" if start else "") + shortened(text[start:], EXCERPT)
