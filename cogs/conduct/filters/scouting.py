"""Cheap looks at every text that say which dearer looks could find anything."""

import re

import re2

_SIGNS = r"0-9@$!+|(€£"

DRAWN_OUT = "|".join(f"{letter}{{3}}" for letter in "abcdefghijklmnopqrstuvwxyz")
WITHIN = rf"[a-z][{_SIGNS}]{{1,4}}[a-z]"
BEFORE = rf"(?:^|[^0-9a-z])[{_SIGNS}]{{1,3}}[a-z]{{2}}"
BEHIND = r"[a-z]{2}[0-9@$€£+]{1,3}(?:[^0-9a-z]|$)"
_BETWEEN = r"[ -/:-@\[-`{-~]"
SPACED = rf"(?:^|{_BETWEEN})[a-z0-9](?:{_BETWEEN}{{1,3}}[a-z0-9]){{2}}(?:{_BETWEEN}|$)"
ADDRESS = "://"
GUESSED = frozenset({DRAWN_OUT, WITHIN, BEFORE, BEHIND, SPACED, ADDRESS})
"""With one of these level two is worth a look."""
NAME = r"[^ .][.][^ .\d/][^ .\d/]"
"""What may be a bare name, but mostly is a file or a missing space."""
LINK = r"%[0-9a-f]{2}|tps?:|xn--"
_GAP = r"[ \x1c-\x1f]?"
INVITE = rf"(?:discord|dsc|dis|invite){_GAP}[.]{_GAP}gg|discord(?:app)?{_GAP}[.]{_GAP}(?:com|io|me|li)|%[0-9a-f]{{2}}"
SIGNS = (DRAWN_OUT, WITHIN, BEFORE, BEHIND, SPACED, ADDRESS, NAME, LINK, INVITE)
_NONE: set[str] = set()


_LETTERS = bytes(code for code in range(256) if chr(code).isalpha() or code >= 0x80)
_SHAPE = bytearray(b" " * 256)
"""Letters are `a`, digits and the signs that stand for letters `1`, the exclamation mark itself, all else a space."""
for _code in _LETTERS:
    _SHAPE[_code] = ord("a")
for _code in b"0123456789@$+|(":
    _SHAPE[_code] = ord("1")
_SHAPE[ord("!")] = ord("!")
_THRICE = re.compile(rb"([a-z])\1\1")


def _could(shown: bytes) -> bool:
    """False for nearly every ordinary text. RE2 would be as fast alone; amid other work it waits for memory."""
    if shown.count(b".") > shown.count(b". ") + shown.endswith(b".") or b"%" in shown:
        return True
    if b"tp:" in shown or b"tps:" in shown or b"://" in shown or b"discord" in shown or b" gg" in shown:
        return True
    shape = b" %b " % shown.translate(_SHAPE)
    if b"a1" in shape or b"1a" in shape or b"a!a" in shape or b"!a" in shape:
        return True
    if b" a " in shape and b" a a a " in shape.replace(b"   ", b" ").replace(b"  ", b" "):
        return True
    return _THRICE.search(shown) is not None


class Scout:
    """Made once a server; looks at folded texts."""

    def __init__(self) -> None:
        options = re2.Options()
        options.log_errors = False
        options.never_capture = True
        self._set = re2.Set.SearchSet(options)
        self._signs = {self._set.Add(sign): sign for sign in SIGNS}
        self._set.Compile()

    def look(self, shown: bytes) -> set[str]:
        """Which of the signs above are in the text."""
        found = self._set.Match(shown) if _could(shown) else None
        return {self._signs[index] for index in found} if found else _NONE
