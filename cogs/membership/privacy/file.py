"""A member's data as a file they can read: explained, and in several files where Discord's limit asks for it."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from cogs.membership.privacy.declared import declared

MOST_FILES = 64
"""A table that large is cut no further."""
ABOUT, NAMES = "about_you", "names_you"
Rows = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class File:
    """One attachment."""

    name: str
    content: bytes


def document(t: Localizer, export: Mapping[str, Any], servers: Mapping[int, str]) -> dict[str, Any]:
    """What ``bot.community.export`` found, with what each part is for and how long it is kept."""
    texts = {holding.table.name: data for holding, data in declared()}
    return {
        "read_me": t(
            N_(
                "Everything that is stored about you. Times are in UTC; long numbers are Discord’s ids. "
                "Under names_you are entries about somebody or something else that name you."
            )
        ),
        "user_id": export["user_id"],
        "exported_at": export["exported_at"],
        "servers": {str(guild_id): name for guild_id, name in servers.items()},
        ABOUT: {
            table: {"what": t(texts[table].purpose), "kept": t(texts[table].kept), "entries": rows}
            for table, rows in export[ABOUT].items()
        },
        NAMES: {table: {"entries": rows} for table, rows in export[NAMES].items()},
    }


def files(made: Mapping[str, Any], name: str, limit: int) -> list[File]:
    """One JSON file where it fits into ``limit`` bytes, else zipped, else in as many parts as it takes."""
    text = _written(made)
    if len(text) <= limit:
        return [File(f"{name}.json", text)]
    parts = 1
    while True:
        found = [_zipped(f"{name}-{n + 1}" if parts > 1 else name, _cut(made, n, parts)) for n in range(parts)]
        if parts >= MOST_FILES or all(len(one.content) <= limit for one in found):
            return found
        parts *= 2


def _written(made: Mapping[str, Any]) -> bytes:
    return json.dumps(made, indent=2, ensure_ascii=False).encode()


def _zipped(name: str, made: Mapping[str, Any]) -> File:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.json", _written(made))
    return File(f"{name}.zip", packed.getvalue())


def _cut(made: Mapping[str, Any], part: int, parts: int) -> dict[str, Any]:
    """The ``part``-th share of every table's entries."""
    cut = dict(made)
    for section in (ABOUT, NAMES):
        cut[section] = {
            table: {**kept, "entries": _share(kept["entries"], part, parts)} for table, kept in made[section].items()
        }
    return cut


def _share(rows: Sequence[Any], part: int, parts: int) -> Sequence[Any]:
    size = -(-len(rows) // parts)
    return rows[part * size : (part + 1) * size]
