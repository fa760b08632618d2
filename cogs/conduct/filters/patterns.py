"""A server's RE2 patterns: a first pass says which could match, the others cost nothing.

RE2 never backtracks, but building its automaton takes time in proportion to pattern times text, so that a hostile
pattern and a long text could still hold the loop up. What could take longer than ``INLINE`` is left to a thread: RE2
releases the interpreter's lock.
"""

import re2

from cogs.conduct.filters.refusals import BadPattern, PatternMatchesNothing, PatternTooLarge, TooManyEntries

MOST = 200
"""Patterns of one server."""
LONGEST = 260
"""Characters of a pattern, as in Discord's AutoMod."""
LARGEST = 2_000
"""Steps of one pattern's program (RE2's own count)."""
INLINE = 300_000
"""Steps times bytes that are looked at on the loop: about 1 ms at worst, 3 ns for each."""
_MEMORY = 4 << 20
"""Bytes of RE2 for one pattern."""


def _options() -> "re2.Options":
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.never_capture = True
    options.max_mem = _MEMORY
    return options


def checked(pattern: str) -> int:
    """The size of its program. Raises BadPattern, PatternTooLarge, PatternMatchesNothing."""
    if len(pattern) > LONGEST:
        raise PatternTooLarge(pattern, len(pattern), LONGEST)
    try:
        program = re2.compile(pattern, _options())
    except re2.error as refused:
        reason = refused.args[0]
        raise BadPattern(pattern, reason.decode() if isinstance(reason, bytes) else str(reason)) from None
    size = max(program.programsize, program.reverseprogramsize)
    if size > LARGEST:
        raise PatternTooLarge(pattern, size, LARGEST)
    if program.search("") is not None:
        raise PatternMatchesNothing(pattern)
    return int(size)


class PatternSet:
    """Patterns by their place in the list."""

    def __init__(self, patterns: list[str]) -> None:
        """Raises BadPattern, PatternTooLarge, PatternMatchesNothing, TooManyEntries."""
        if len(patterns) > MOST:
            raise TooManyEntries(len(patterns), MOST)
        self._sizes = [checked(pattern) for pattern in patterns]
        self._programs = [re2.compile(pattern, _options()) for pattern in patterns]
        self._first: re2.Filter | None = _first_pass(patterns)

    def candidates(self, text: bytes) -> list[int]:
        """The patterns whose plain parts are in the text, in small letters; the others cannot match."""
        if self._first is None:
            return []
        return self._first.Match(text, potential=True) or []

    def cost(self, candidates: list[int], text: bytes) -> int:
        """To be compared with ``INLINE``."""
        return sum(self._sizes[index] for index in candidates) * len(text)

    def matching(self, candidates: list[int], text: bytes) -> list[int]:
        """Those of the candidates that do match."""
        return [index for index in candidates if self._programs[index].search(text) is not None]


def _first_pass(patterns: list[str]) -> "re2.Filter | None":
    if not patterns:
        return None
    first = re2.Filter()
    for pattern in patterns:
        first.Add(pattern, _options())
    first.Compile()
    return first
