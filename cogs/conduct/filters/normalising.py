"""Turns what somebody wrote into what others read: level one, on which filters act.

Three forms: ``folded`` (small Latin letters, punctuation kept: what patterns see), ``plain`` (words with one space on
each side: what word lists see) and, for review only, the readings of ``cogs.conduct.filters.guessing``.
"""

import codecs
import re
import string
import unicodedata

from cogs.conduct.filters.lookalikes import table

_SMALL = bytes(ord(chr(code).lower()) if code < 0x80 else code for code in range(256))
_HIDDEN = bytes(code for code in (*range(0x20), 0x7F) if not chr(code).isspace()) + b"*`\\"
"""Signs that show nothing: controls, and those of Discord's markdown, which vanish inside words too."""
_GONE = b"\x00"
SHOWN = _SMALL.translate(bytes.maketrans(b"\n\r\t\v\f" + _HIDDEN, b" " * 5 + _GONE * len(_HIDDEN)))
WORDS_ONLY = bytes(code if code >= 0x80 or chr(code).isalnum() else 0x20 for code in range(256))
"""Beyond ASCII a folded text has only letters and digits."""
_DOUBLE_MARKS = (b"||", b"~~", b"__")
UNFOLDED = r"\x00|\|\||~~|__"
"""An RE2 pattern of what ``Folding.roughly`` leaves and ``Folding.folded`` takes away."""
_UNUSED = "\ufffe"
_WESTERN = bytes(range(256)).decode("cp1252", "replace").replace("\ufffd", "\u202f", 1).replace("\ufffd", _UNUSED)
"""The sign of each byte: as Windows has them, and the narrow space of French."""
# Every quantifier is followed by what it cannot contain, so neither can backtrack far.
_MASKED = re.compile(r"\[([^\[\]]{0,300})\]\(([^()\s]{0,500})[^()]{0,100}\)")
_ADDRESS = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)


class Folding:
    """Folds texts. Making one costs some tenths of a second the first time in a process, so not on the loop."""

    def __init__(self) -> None:
        self._table = table()
        looks = {code: sign.translate(self._table) for code, sign in enumerate(_WESTERN) if sign != _UNUSED}
        single = {code: ord(look) for code, look in looks.items() if len(look) == 1}
        self._western = bytes(single.get(code, code) for code in range(256)).translate(SHOWN)
        self._longer = [(bytes([code]), look.encode()) for code, look in looks.items() if len(look) != 1]
        self._codes = codecs.charmap_build(_WESTERN)
        self.misread = frozenset(_WESTERN[code] for code, look in looks.items() if _misreads(_WESTERN[code], look))
        """Signs of Western Europe that are read as letters though they are none, as in `€vil`."""

    def folded(self, text: str) -> bytes:
        """As it is read: look-alikes as small Latin letters, without accents, invisible signs and markdown; UTF-8."""
        shown = self.roughly(text)
        if shown is None:
            # A lone surrogate cannot be encoded; no message has one, a text from elsewhere might.
            shown = text.translate(self._table).encode("utf-8", "replace").translate(SHOWN)
        if _GONE in shown:  # cheaper than to let ``translate`` delete: most texts have none
            shown = shown.replace(_GONE, b"")
        for marks in _DOUBLE_MARKS:
            if marks in shown:
                shown = shown.replace(marks, b"")
        return shown

    def roughly(self, text: str) -> bytes | None:
        """What is folded but for what ``UNFOLDED`` matches; None for a text with a sign beyond Western Europe's.

        It goes through bytes, several times as fast as character by character.
        """
        if text.isascii():
            return text.encode().translate(SHOWN)
        try:
            shown = codecs.charmap_encode(text, "strict", self._codes)[0].translate(self._western)
        except UnicodeEncodeError:
            return None
        if not shown.isascii():
            for sign, look in self._longer:
                shown = shown.replace(sign, look)
        return shown


def _misreads(sign: str, look: str) -> bool:
    return any(map(str.isalnum, look)) and not all(map(str.isalnum, unicodedata.normalize("NFKC", sign)))


def plain(shown: bytes) -> bytes:
    """The words of a folded text: whatever is no letter or digit is a space, and one is put at each end."""
    return b" %b " % shown.translate(WORDS_ONLY)


def without_addresses(text: str) -> str:
    """What a reader takes for words: masked links as their label, addresses not at all."""
    if "](" in text:
        text = _MASKED.sub(r"\1", text)
    return _ADDRESS.sub(" ", text) if "://" in text else text


def addresses(text: str) -> list[str]:
    """The addresses of a text, those of masked links included."""
    return _ADDRESS.findall(text)


def other_script_blanked(text: str) -> str:
    """Without the words in which no letter is Latin: those may be ordinary words of another script.

    What still hits after this is Latin at least in part; a Russian word whose letters happen to look like an English
    one is not.
    """
    return "".join(part if _is_latin(part) else "." for part in re.split(r"(\s+)", text))


def _is_latin(part: str) -> bool:
    """Whether a stretch has a Latin letter, or no letter at all."""
    letters = [sign for sign in unicodedata.normalize("NFKD", part) if sign.isalpha()]
    return not letters or any(sign in string.ascii_letters or _named_latin(sign) for sign in letters)


def _named_latin(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("LATIN")


def is_other_script(word: str) -> bool:
    """Whether a word of a list is itself written in another script."""
    return not _is_latin(word)
