"""Word lists as one RE2 set: whole words and phrases, `word*`, `*word`, `*word*`; an allow list prevails."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import re2

from bot.contracts.conduct import Severity
from cogs.conduct.filters.model import Filter
from cogs.conduct.filters.normalising import Folding, is_other_script, plain
from cogs.conduct.filters.refusals import EmptyWord, TooManyEntries

MOST = 5_000
"""Words of one server's filters: beyond that the set's automaton takes too long to build."""
_MEMORY = 64 << 20
"""Bytes that RE2 may use at most for a set; 2,000 words use about 5 MB."""
_WORD = re.compile(rb"[a-z0-9\x80-\xff]+")
_ALLOWED = b"-"
"""What stands for an allowed word: it keeps its neighbours from becoming a phrase."""


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of a list, with the filter that it belongs to. ``foreign``: it is not written in Latin letters."""

    text: str
    filter: Filter
    severity: Severity
    foreign: bool


class Entry:
    """What an entry is looked for as."""

    __slots__ = ("body", "head", "tail")

    def __init__(self, text: str, folding: Folding) -> None:
        """Raises EmptyWord when fewer than two letters or digits are left."""
        text = text.strip()
        self.head = b"" if text.startswith("*") else b" "
        self.tail = b"" if len(text) > 1 and text.endswith("*") else b" "
        self.body = plain(folding.folded(text.strip("*"))).split()
        if len(b"".join(self.body).decode()) < 2:
            raise EmptyWord(text)

    @property
    def pattern(self) -> bytes:
        """For RE2, in a text in the form of ``plain``; the parts of a phrase may be any number of spaces apart."""
        return self.head + b" +".join(self.body) + self.tail


class AllowList:
    """Words that are never a hit, whatever they contain."""

    def __init__(self, words: Iterable[str], folding: Folding) -> None:
        entries = [Entry(word, folding) for word in words]
        single = [entry for entry in entries if len(entry.body) == 1]
        self._whole = frozenset(entry.body[0] for entry in single if entry.head and entry.tail)
        self._starts = tuple(entry.body[0] for entry in single if entry.head and not entry.tail)
        self._ends = tuple(entry.body[0] for entry in single if entry.tail and not entry.head)
        self._inside = tuple(entry.body[0] for entry in single if not entry.head and not entry.tail)
        self._phrases = tuple(b" ".join(entry.body) for entry in entries if len(entry.body) > 1)
        self.empty = not entries

    def without(self, text: bytes) -> bytes:
        """The text, in the form of ``plain``, without what is allowed."""
        if self.empty:
            return text
        words = [_ALLOWED if self._allows(word) else word for word in text.split()]
        text = b" %b " % b" ".join(words)
        for phrase in self._phrases:
            text = text.replace(b" %b " % phrase, b" - ")
        return text

    def masked(self, text: bytes) -> bytes:
        """A text with its punctuation, in small letters, without what is allowed."""
        text = _WORD.sub(lambda found: _ALLOWED if self._allows(found[0]) else found[0], text)
        for phrase in self._phrases:
            text = text.replace(phrase, _ALLOWED)
        return text

    def _allows(self, word: bytes) -> bool:
        return (
            word in self._whole
            or word.startswith(self._starts)
            or word.endswith(self._ends)
            or any(part in word for part in self._inside)
        )


class WordSet:
    """All word lists of a server. Most texts are done with after a look at their words; RE2 looks at the others."""

    def __init__(self, words: list[Word], allow: AllowList, folding: Folding) -> None:
        """Raises TooManyEntries, EmptyWord."""
        if len(words) > MOST:
            raise TooManyEntries(len(words), MOST)
        self._words = words
        self._allow = allow
        entries = [Entry(one.text, folding) for one in words]
        self._set = _compiled([entry.pattern for entry in entries])
        plain_ones = [entry for entry in entries if entry.head and entry.tail]
        self._keys = frozenset(max(entry.body, key=len) for entry in plain_ones)
        """A word of each entry without a star: a text without any of them has none of these entries."""
        starred = [entry.pattern for entry in entries if not (entry.head and entry.tail)]
        self._starred = _compiled(starred) if starred else None

    def could(self, words: list[bytes]) -> bool:
        """Whether the words of a text of the form of ``plain`` are worth a closer look."""
        return not self._keys.isdisjoint(words) or (
            self._starred is not None and bool(self._starred.Match(b" %b " % b" ".join(words)))
        )

    def find(self, text: bytes) -> list[Word]:
        """The words in a text of the form of ``plain``, without those that stand only in what is allowed."""
        if not self.could(text.split()):
            return []
        found = self._set.Match(text)
        if found and not self._allow.empty:
            found = self._set.Match(self._allow.without(text))
        return [self._words[index] for index in sorted(found)] if found else []


def _compiled(patterns: list[bytes]) -> "re2.Set":
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = _MEMORY
    words = re2.Set.SearchSet(options)
    for pattern in patterns:
        words.Add(pattern)
    words.Compile()
    return words


def word(text: str, owner: Filter, severity: Severity) -> Word:
    """An entry of ``owner``."""
    return Word(text, owner, severity, is_other_script(text))
