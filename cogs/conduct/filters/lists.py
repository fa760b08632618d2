"""The word lists that come with Parvis: small, reviewed, in English and French, off unless a server chooses them."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from bot.contracts.conduct import Severity

LANGUAGES = ("en", "fr")
_COMMENT = "#"
_ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class ListedWord:
    """An entry of a list that comes with Parvis."""

    text: str
    severity: Severity


def shipped(language: str) -> tuple[ListedWord, ...]:
    """The words of a language, one of ``LANGUAGES``."""
    sections = _sections(language)
    return tuple(ListedWord(text, severity) for severity in Severity for text in sections.get(severity.value, ()))


def shipped_allowed(languages: Iterable[str]) -> tuple[str, ...]:
    """What looks like an entry of these lists and is none."""
    return tuple(text for language in sorted(set(languages)) for text in _sections(language).get(_ALLOWED, ()))


@functools.cache
def _sections(language: str) -> dict[str, tuple[str, ...]]:
    """A list's sections, ``[low]``, ``[medium]``, ``[high]`` and ``[allowed]``; one entry a line."""
    if language not in LANGUAGES:
        raise ValueError(f"there is no list for {language!r}")
    found: dict[str, list[str]] = {}
    section = ""
    text = files("cogs.conduct.filters").joinpath("words", f"{language}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        entry = line.partition(_COMMENT)[0].strip()
        if entry.startswith("["):
            section = entry.strip("[]")
        elif entry:
            found.setdefault(section, []).append(entry)
    return {name: tuple(entries) for name, entries in found.items()}
