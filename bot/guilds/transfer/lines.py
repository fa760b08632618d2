"""On which line of a TOML file each key stands: parsers tell that only of syntax errors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Place = tuple[str | int, ...]
"""Keys, and positions in lists counted from 0: ``("welcome", "steps", 1, "step")``."""

DEEPEST = 20
"""Parts of a key; a parser takes minutes for one of thousands."""
_INDEXED = 6
"""Parts of a place by which what is inside it is found; nothing in a file of settings is deeper."""
_TOKEN = re.compile(
    r"""(?P<string>\"\"\"(?:\\[\s\S]|[^\\])*?(?:\"{3,5}|\Z)|'''[\s\S]*?(?:'{3,5}|\Z)|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?)"""
    r"""|(?P<skipped>\#[^\n]*|[ \t\r]+)"""
    r"""|(?P<sign>[\[\]{}=,.\n])"""
    r"""|(?P<bare>[^\s\[\]{}=,.#"']+|.)"""
)


@dataclass
class _Frame:
    """An array or inline table that is open; ``index`` counts the array's entries, None for a table."""

    place: Place
    index: int | None


@dataclass
class Lines:
    """Lines count from 1."""

    found: dict[Place, int] = field(default_factory=dict)
    inside: dict[Place, int] = field(default_factory=dict)
    """The first line of what is in a place."""
    repeated: list[tuple[int, Place]] = field(default_factory=list)
    """Keys that stand there a second time."""
    too_deep: int | None = None
    """The line of a key with more parts than ``DEEPEST``."""

    def of(self, place: Place) -> int | None:
        """The line of what is there, else of the first thing inside it, else of the innermost thing around it."""
        if place in self.found:
            return self.found[place]
        if place in self.inside:
            return self.inside[place]
        return self.of(place[:-1]) if len(place) > 1 else None


def lines_of(text: str) -> Lines:
    """Where everything in the file stands. Of a text that is no TOML it finds what it can."""
    return _Scan(text).lines


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind (``sign`` or ``word``), content and line of each token that counts."""
    line = 1
    for match in _TOKEN.finditer(text):
        content = match.group()
        if match.lastgroup == "sign":
            yield "sign", content, line
        elif match.lastgroup == "bare":
            yield "word", content, line
        elif match.lastgroup == "string":
            yield "word", content[1:-1], line
        line += content.count("\n")


class _Scan:
    """One pass over the tokens. ``_keys`` gathers the parts of a key until it ends."""

    def __init__(self, text: str) -> None:
        self.lines = Lines()
        self._table: Place = ()
        self._place: Place = ()
        self._brackets = 0
        self._rows: dict[Place, int] = {}
        self._frames: list[_Frame] = []
        self._keys: list[str] = []
        self._in = "start"
        for kind, content, line in _tokens(text):
            getattr(self, f"_{self._in}")(kind, content, line)

    def _start(self, kind: str, content: str, line: int) -> None:
        if kind == "word":
            self._keys, self._in = [content], "key"
        elif content == "[":
            self._keys, self._in, self._brackets = [], "header", 1

    def _header(self, kind: str, content: str, line: int) -> None:
        if kind == "word":
            self._keys.append(content)
        elif content == "[":
            self._brackets += 1
        elif content == "\n":
            self._in = "start"
        elif content == "]" and self._keys:
            self._keys = self._bounded(line)
            self._enter(self._brackets > 1, line)
            self._keys, self._in = [], "rest"

    def _rest(self, kind: str, content: str, line: int) -> None:
        if content == "\n" and kind == "sign":
            self._in = "start"

    def _key(self, kind: str, content: str, line: int) -> None:
        if kind == "word":
            self._keys.append(content)
        elif content == "=":
            around = self._frames[-1].place if self._frames else self._table
            self._place = (*around, *self._bounded(line))
            self._note(self._place, line, once=True)
            self._keys, self._in = [], "value"
        elif content == "}":
            self._close()
        elif content == "\n" and not self._frames:
            self._keys, self._in = [], "start"

    def _value(self, kind: str, content: str, line: int) -> None:
        array = self._frames[-1] if self._frames and self._frames[-1].index is not None else None
        if kind == "word" or content in "[{":
            if array is not None:
                self._place = (*array.place, array.index or 0)
                self._note(self._place, line)
            if kind == "sign":
                self._frames.append(_Frame(self._place, 0 if content == "[" else None))
                self._in = "value" if content == "[" else "key"
        elif content == "\n" and not self._frames:
            self._in = "start"
        elif content == "," and array is not None:
            array.index = (array.index or 0) + 1
        elif content == "," and self._frames:
            self._keys, self._in = [], "key"
        elif content in "]}":
            self._close()

    def _close(self) -> None:
        if self._frames:
            self._frames.pop()
        self._in = "value"

    def _enter(self, row: bool, line: int) -> None:
        place: Place = ()
        for number, key in enumerate(self._keys):
            place = (*place, key)
            last = number + 1 == len(self._keys)
            if row and last:
                self._rows[place] = self._rows.get(place, -1) + 1
            if place in self._rows:
                place = (*place, self._rows[place])
        self._note(place, line, once=not row)
        self._table = place

    def _bounded(self, line: int) -> list[str]:
        if len(self._keys) > DEEPEST:
            self.lines.too_deep = self.lines.too_deep or line
        return self._keys[:DEEPEST]

    def _note(self, place: Place, line: int, *, once: bool = False) -> None:
        if place not in self.found:
            self.found[place] = line
            for end in range(1, min(len(place), _INDEXED)):
                self.lines.inside.setdefault(place[:end], line)
        elif once:
            self.lines.repeated.append((line, place))

    @property
    def found(self) -> dict[Place, int]:
        return self.lines.found
