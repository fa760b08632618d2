"""What a draft changes, passage by passage and word by word."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.contracts.conduct import Article, Severity
from cogs.conduct.code.rules.document import Document

COSTLIEST = 20_000
"""Pairs of equal words that are looked at: a text written to be slow is shown as replaced instead."""
_WORD = re.compile(r"\S+\s*|\s+")


class Kind(StrEnum):
    """What became of a word, or of a whole passage."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row that share their fate."""

    kind: Kind
    text: str


class Passage(StrEnum):
    """A part of the code that is not an article."""

    PREAMBLE = "preamble"
    ENDING = "ending"


class Fate(StrEnum):
    """What happens to an article."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    PUT_BACK = "put_back"
    MOVED = "moved"
    """It is read elsewhere, and says what it said."""


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """``title`` and ``text`` are in the language that was asked for; ``severities``: before, after."""

    number: int
    fate: Fate
    title: Sequence[Piece]
    text: Sequence[Piece]
    severities: tuple[Severity, Severity] | None = None


@dataclass(frozen=True, slots=True)
class PassageChange:
    passage: Passage
    text: Sequence[Piece]


Change = ArticleChange | PassageChange


def fates(before: Document, after: Document) -> Mapping[int, Fate]:
    """Of every article that a publication would change, in the order of the new text."""
    known = {article.number: article for article in before.articles}
    moved = _moved(before, after)
    found = {}
    for article in after.articles:
        old = known.get(article.number)
        if old is None:
            found[article.number] = Fate.NEW
        elif old.withdrawn is not article.withdrawn:
            found[article.number] = Fate.WITHDRAWN if article.withdrawn else Fate.PUT_BACK
        elif old != article:
            found[article.number] = Fate.CHANGED
        elif article.number in moved:
            found[article.number] = Fate.MOVED
    return found


def changes(before: Document, after: Document, language: str) -> list[Change]:
    """What publishing ``after`` would change, as it is read in this language."""
    known = {article.number: article for article in before.articles}
    found: list[Change] = list(_passage(Passage.PREAMBLE, before.preamble, after.preamble, language))
    for number, fate in fates(before, after).items():
        found.append(_article(known.get(number), after.article(number), fate, language))
    return [*found, *_passage(Passage.ENDING, before.ending, after.ending, language)]


def words(before: str, after: str) -> list[Piece]:
    """The words of both texts, each with its fate; what stayed is written as in the new one."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    keys = [word.strip() for word in old], [word.strip() for word in new]
    counts = Counter(keys[0]), Counter(keys[1])
    if sum(count * counts[1][word] for word, count in counts[0].items()) > COSTLIEST:
        return _pieces((Kind.REMOVED, old), (Kind.ADDED, new))
    found: list[tuple[Kind, list[str]]] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if what == "equal":
            found.append((Kind.SAME, new[j1:j2]))
        else:
            found += [(Kind.REMOVED, old[i1:i2]), (Kind.ADDED, new[j1:j2])]
    return _pieces(*found)


def _pieces(*runs: tuple[Kind, list[str]]) -> list[Piece]:
    return [Piece(kind, "".join(run)) for kind, run in runs if run]


def _passage(which: Passage, before: Mapping[str, str], after: Mapping[str, str], language: str) -> Iterator[Change]:
    if before.get(language, "") != after.get(language, ""):
        yield PassageChange(which, words(before.get(language, ""), after.get(language, "")))


def _article(old: Article | None, new: Article, fate: Fate, language: str) -> ArticleChange:
    titles = old.titles.get(language, "") if old else "", new.titles.get(language, "")
    texts = old.texts.get(language, "") if old else "", new.texts.get(language, "")
    severities = (old.severity, new.severity) if old and old.severity is not new.severity else None
    return ArticleChange(new.number, fate, words(*titles), words(*texts), severities)


def _moved(before: Document, after: Document) -> set[int]:
    """The articles in force that stand in another order among those that were there before."""
    old = [article.number for article in before.in_force]
    new = [article.number for article in after.in_force]
    shared = [number for number in new if number in old]
    kept = SequenceMatcher(None, [number for number in old if number in new], shared, autojunk=False)
    stayed = {shared[block.b + i] for block in kept.get_matching_blocks() for i in range(block.size)}
    return set(shared) - stayed
