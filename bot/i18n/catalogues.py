"""Reads gettext catalogues straight from the .po files, so that a bare clone needs no build step."""

import gettext
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "fr")
"""English is the source; every other language here is complete."""
FORMAL = {"fr": "vous"}
"""Languages with a polite form of address, and the name of the small catalogue that overlays the familiar one."""


def folders_of(feature: Path) -> list[Path]:
    """Where the catalogues of a feature stand: its own folder, and those of its parts."""
    return [feature / "locales", *sorted(feature.glob("*/locales"))]


def load(folders: Iterable[Path], language: str, domain: str, overlay: str | None = None) -> gettext.NullTranslations:
    """One catalogue out of ``<folder>/<language>/<domain>.po`` of every folder; empty for the source language.

    A message may stand in several catalogues as long as they agree; the catalogue test refuses the contrary. What a
    folder's ``<overlay>.po`` says prevails.
    """
    merged = gettext.NullTranslations()
    folders = list(folders)
    for name in (domain, overlay):
        for folder in folders:
            path = folder / language / f"{name}.po"
            if path.exists():
                part = _read(path, path.stat().st_mtime_ns, language)
                merged = _union(merged, part)
    return merged


@cache
def _read(path: Path, _modified: int, language: str) -> gettext.GNUTranslations:
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class _Union(gettext.GNUTranslations):
    """Several catalogues looked up as one dictionary: a chain of fallbacks would cost a call each."""

    def __init__(self, parts: Iterable[gettext.GNUTranslations]) -> None:
        super().__init__()
        self._catalog: dict[object, str] = {}
        for part in parts:
            self._catalog.update(part._catalog)  # type: ignore[attr-defined]
            self.plural = part.plural  # type: ignore[attr-defined]


def _union(merged: gettext.NullTranslations, part: gettext.GNUTranslations) -> gettext.GNUTranslations:
    return _Union([merged, part]) if isinstance(merged, gettext.GNUTranslations) else part
