"""Turns what somebody wrote into what others read: level one, on which filters act.

Three forms: ``folded`` (small Latin letters, punctuation kept: what patterns see), ``plain`` (words with one space on
each side: what word lists see) and, for review only, the readings of ``cogs.conduct.filters.guessing``.
"""

import re
import string
import unicodedata

from cogs.conduct.filters.lookalikes import table

_SMALL = bytes(ord(chr(code).lower()) if code < 0x80 else code for code in range(256))
_HIDDEN = bytes(code for code in (*range(0x20), 0x7F) if not chr(code).isspace()) + b"*`\\"
"""Signs that show nothing: controls, and those of Discord's markdown, which vanish inside words too."""
_GONE = b"\x00"
_SHOWN = _SMALL.translate(bytes.maketrans(b"\n\r\t\v\f" + _HIDDEN, b" " * 5 + _GONE * len(_HIDDEN)))
_WORDS_ONLY = bytes(code if code >= 0x80 or chr(code).isalnum() else 0x20 for code in range(256))
"""Beyond ASCII a folded text has only letters and digits."""
_DOUBLE_MARKS = (b"||", b"~~", b"__")
# Every quantifier is followed by what it cannot contain, so neither can backtrack far.
_MASKED = re.compile(r"\[([^\[\]]{0,300})\]\(([^()\s]{0,500})[^()]{0,100}\)")
_ADDRESS = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)


class Folding:
    """Folds texts. Making one costs some tenths of a second the first time in a process, so not on the loop."""

    def __init__(self) -> None:
        self._table = table()
        western = {code: bytes([code]).decode("cp1252", "ignore") for code in range(256)}
        looks = {code: sign.translate(self._table).encode() for code, sign in western.items() if sign}
        single = {code: look for code, look in looks.items() if len(look) == 1}
        self._western = bytes(ord(single.get(code, bytes([code]))) for code in range(256)).translate(_SHOWN)
        self._longer = [(bytes([code]), look) for code, look in looks.items() if len(look) != 1]

    def folded(self, text: str) -> bytes:
        """As it is read: look-alikes as small Latin letters, without accents, invisible signs and markdown; UTF-8."""
        shown = text.encode().translate(_SHOWN) if text.isascii() else self._beyond_ascii(text)
        if _GONE in shown:  # cheaper than to let ``translate`` delete: most texts have none
            shown = shown.replace(_GONE, b"")
        for marks in _DOUBLE_MARKS:
            if marks in shown:
                shown = shown.replace(marks, b"")
        return shown

    def _beyond_ascii(self, text: str) -> bytes:
        """French goes through bytes, several times as fast as character by character."""
        try:
            shown = text.encode("cp1252").translate(self._western)
        except UnicodeEncodeError:
            # A lone surrogate cannot be encoded; no message has one, a text from elsewhere might.
            return text.translate(self._table).encode("utf-8", "replace").translate(_SHOWN)
        if not shown.isascii():
            for sign, look in self._longer:
                shown = shown.replace(sign, look)
        return shown


def plain(shown: bytes) -> bytes:
    """The words of a folded text: whatever is no letter or digit is a space, and one is put at each end."""
    return b" %b " % shown.translate(_WORDS_ONLY)


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
