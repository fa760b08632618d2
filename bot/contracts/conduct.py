"""The code of conduct as plain values: what whoever keeps it says, for whoever applies it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How serious breaking an article is, unless whoever decides says otherwise."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def points(self) -> int:
        """What it counts on the ladder."""
        return _POINTS[self]


_POINTS = {Severity.LOW: 20, Severity.MEDIUM: 40, Severity.HIGH: 80}


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a server's code of conduct.

    ``number`` is its own for good: a withdrawn article keeps it, so that older cases go on naming what they named.
    ``titles`` (80 characters at most) and ``texts`` (Discord markdown, 1,000 characters at most) are by language; each
    is written in one language at least.
    """

    number: int
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    severity: Severity
    withdrawn: bool = False

    def title(self, language: str) -> str:
        """In this language, else in the other."""
        return in_language(self.titles, language)

    def text(self, language: str) -> str:
        """In this language, else in the other."""
        return in_language(self.texts, language)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, else in English, else in any."""
    return texts.get(language) or texts.get("en") or next((text for text in texts.values() if text), "")
