"""What each character looks like: one table from code points to plain small letters, for ``str.translate``."""

import functools
import string
import unicodedata
from collections.abc import Iterator

import disarm

_INVISIBLE = frozenset({"Mn", "Me", "Mc", "Cf", "Cc"})
"""General categories that show nothing of their own, or sit on the letter before: they separate no word."""
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols by category that show nothing: Hangul fillers and the empty Braille cell."""
_SPACES = frozenset({"Zs", "Zl", "Zp"})
_ROWS = (range(0x80, 0x3400), range(0xA000, 0xAC00), range(0xF900, 0x1FC00), range(0xE0000, 0xE0200))
"""All of Unicode that can look like a Latin letter or like nothing: neither Han nor Hangul syllables."""
_LETTERED = {
    **{0x249C + n: letter for n, letter in enumerate(string.ascii_lowercase)},  # (a) in one sign
    **{0x1F150 + n: letter for n, letter in enumerate(string.ascii_lowercase)},  # white on a black disc
    **{0x1F170 + n: letter for n, letter in enumerate(string.ascii_lowercase)},  # white on a black square
    **{ord(sign): letter for sign, letter in zip("æœøłđħŧŋıþ", ("ae", "oe", *"oldhtnip"), strict=True)},
    **{ord(sign): letter for sign, letter in zip("ᗩᗷᑕᗪᗴᖴ", "abcdef", strict=True)},  # syllabics that fancy text uses
    ord("\u3002"): ".",  # dots of other scripts, which browsers take for one in an address
    ord("\uff61"): ".",
}
"""What neither decomposition nor Unicode's table of look-alikes says."""


_FLAGS = {0x1F1E6 + n: f" {letter}" for n, letter in enumerate(string.ascii_lowercase)}
"""Letters of flags: spaced out, because two of them are a flag and no word."""
_ELSE = "."
"""What stands for a sign that is neither ASCII nor a letter or digit: it separates words."""
_KEPT = 20_000
"""Entries that the table may grow by."""


class Table(dict[int, str]):
    """Code point -> how it looks in small letters, "" for what shows nothing."""

    def __missing__(self, code: int) -> str:
        look = chr(code) if chr(code).isalnum() else _ELSE
        if len(self) < _KEPT + len(_looks()):
            self[code] = look
        return look


def table() -> Table:
    """A table for ``str.translate`` with all of Unicode's look-alikes. The first one takes some tenths of a second."""
    return Table(_looks())


@functools.cache
def _looks() -> dict[int, str]:
    signs = [chr(code) for row in _ROWS for code in row if not 0xD800 <= code < 0xF900]
    signs = [sign for sign in signs if unicodedata.category(sign) not in {"Cn", "Co"}]
    found = {code: chr(code) for code in range(0x80)}
    for sign, look in zip(signs, _folded(signs), strict=True):
        if look != sign:
            found[ord(sign)] = look
    return found | _LETTERED | _FLAGS


def _folded(signs: list[str]) -> Iterator[str]:
    """In the order given. One call for all of them: a call for each would take a second and more."""
    folded = disarm.normalize_confusables("\n".join(_bare(sign) for sign in signs)).split("\n")
    for sign, look in zip(signs, folded, strict=True):
        small = look.casefold()
        if not small.isascii() and unicodedata.name(sign, "").startswith("LATIN"):
            latin = disarm.transliterate(small).casefold()
            small = latin if latin.isascii() and latin.isalpha() else small
        if not small.isascii():
            small = "".join(part if part.isalnum() or part.isascii() else _ELSE for part in _bare(small))
        yield small


def _bare(text: str) -> str:
    """Without marks and what shows nothing; every space is the same."""
    kinds = ((sign, unicodedata.category(sign)) for sign in unicodedata.normalize("NFKD", text) if sign not in _BLANK)
    return "".join(" " if kind in _SPACES else sign for sign, kind in kinds if kind not in _INVISIBLE)
