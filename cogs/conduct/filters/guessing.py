"""Level two: what a text might be meant to read as. For review only: such a hit never acts by itself.

Digits and signs for letters, letters drawn out, letters spaced out, words inside addresses, flags as letters.
"""

import re
from itertools import product
from urllib.parse import unquote

from cogs.conduct.filters.normalising import Folding, addresses, plain
from cogs.conduct.filters.scouting import ADDRESS, BEFORE, BEHIND, DRAWN_OUT, SPACED, WITHIN

_IN_WORDS = frozenset({DRAWN_OUT, WITHIN, BEFORE, BEHIND})
LONGEST = 1000
"""Characters of a text that are guessed at; the rest is looked at on level one only."""
MOST_WORDS = 40
"""Suspicious words of a text that are guessed at."""
_SIGNS = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "!": "i"}
_SIGNS |= {"+": "t", "|": "il", "(": "c", "€": "e", "£": "l", "6": "g", "2": "z"}
_SIGN = re.compile(r"[0-9@$!+|(€£]")
_SUSPICIOUS = re.compile(r"[a-z].*[0-9@$!+|(€£]|[0-9@$!+|(€£].*[a-z]|([a-z])\1\1")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_SPACED = re.compile(r"(?<![a-z0-9])[a-z0-9](?: [a-z0-9]){2,}(?![a-z0-9])")
_FEW_SPACES = re.compile(" {2,3}")
_READINGS = 8
"""Readings of one word at most: `1` is an i or an l."""


class Guessing:
    """To be asked where ``cogs.conduct.filters.scouting`` says so: it takes some tens of microseconds."""

    def __init__(self, folding: Folding) -> None:
        self._folding = folding

    def readings(self, text: str, shown: bytes, signs: set[str]) -> bytes:
        """In the form of ``plain``: what the text and its folded form may be meant to read as; often empty.

        ``signs`` is what the scout saw; only what they stand for is looked for.
        """
        shown = shown[:LONGEST]
        found = []
        if not _IN_WORDS.isdisjoint(signs):
            found = _unsigned(shown.decode("utf-8", "ignore"), drawn_out=DRAWN_OUT in signs)
        if SPACED in signs:
            runs = [part for run in _spaced(shown) for part in (run, run[1:], run[:-1]) if len(part) > 2]
            found += [*runs, *(_unsigned_whole(run) for run in runs if _SIGN.search(run))]
        if ADDRESS in signs:
            found += [self._words_of(address) for address in addresses(text[:LONGEST])]
        return f" {'  '.join(found)} ".encode() if found else b""

    def _words_of(self, address: str) -> str:
        return _words(self._folding.folded(unquote(address)))


def _words(shown: bytes) -> str:
    return plain(shown).decode().strip()


def _spaced(shown: bytes) -> list[str]:
    """Letters set apart, put together: by one space, so that two spaces part words, or by up to three signs."""
    spaced = plain(shown).decode("utf-8", "ignore")
    runs = [*_SPACED.findall(spaced), *_SPACED.findall(_FEW_SPACES.sub(" ", spaced))]
    return [run.replace(" ", "") for run in dict.fromkeys(runs)][:MOST_WORDS]


def _unsigned(shown: str, *, drawn_out: bool) -> list[str]:
    words = (word.strip(".,:;?\"'-_)/#&=<>") for word in shown.split() if "//" not in word)
    suspicious = [word for word in words if (drawn_out or not word.isalpha()) and _SUSPICIOUS.search(word)]
    return [reading for word in suspicious[:MOST_WORDS] for reading in _of_word(word[:60])]


def _of_word(word: str) -> set[str]:
    """The readings of one word that are not the word itself."""
    read = {word}
    if not word.isalpha():
        choices = [_SIGNS.get(sign, sign) for sign in word]
        count, options = 1, []
        for signs in choices:  # past the limit only the first meaning of a sign counts
            count *= len(signs)
            options.append(signs if count <= _READINGS else signs[0])
        read = {"".join(letters) for letters in product(*options)}
    if _DRAWN_OUT.search(word):
        read = {_DRAWN_OUT.sub(short, reading) for reading in read for short in (r"\1", r"\1\1")}
    read.discard(word)
    return {reading if reading.isalnum() else _words(reading.encode()) for reading in read}


def _unsigned_whole(run: str) -> str:
    return "".join(_SIGNS.get(sign, sign)[0] for sign in run)
