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
TOGETHER = 4
"""A step costs that much more where several patterns are looked for together."""
_MEMORY = 16 << 20
"""Bytes of RE2 at most, for one pattern or for those that are looked for together."""


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
    """Patterns by their place in the list. Those without any plain part are looked for together, in every text."""

    def __init__(self, patterns: list[str]) -> None:
        """Raises BadPattern, PatternTooLarge, PatternMatchesNothing, TooManyEntries."""
        if len(patterns) > MOST:
            raise TooManyEntries(len(patterns), MOST)
        self._costs = [checked(pattern) for pattern in patterns]
        self.steps = TOGETHER * sum(self._costs)
        """What looking for all of them together costs for each byte."""
        self._programs = [re2.compile(pattern, _options()) for pattern in patterns]
        self._first = _first_pass(patterns)
        self._always: list[int] = self._first.Match(b"", potential=True) or []
        self._together = _together([patterns[index] for index in self._always]) if self._always else None
        for index in self._always:
            self._costs[index] *= TOGETHER
        self._always_cost = sum(self._costs[index] for index in self._always)

    def candidates(self, text: bytes) -> list[int]:
        """The patterns whose plain parts are in the text, in small letters; the others cannot match."""
        return self._first.Match(text, potential=True) or []

    def cost(self, candidates: list[int], text: bytes) -> int:
        """To be compared with ``INLINE``."""
        if candidates == self._always:
            return self._always_cost * len(text)
        return sum(map(self._costs.__getitem__, candidates)) * len(text)

    def matching(self, candidates: list[int], text: bytes) -> list[int]:
        """Those of the candidates that do match."""
        places = self._together.Match(text) if self._together is not None else None
        found = [self._always[place] for place in places] if places else []
        if candidates == self._always:
            return found
        others = set(candidates).difference(self._always)
        return [*found, *(index for index in others if self._programs[index].search(text) is not None)]


def _together(patterns: list[str]) -> "re2.Set":
    together = re2.Set.SearchSet(_options())
    for pattern in patterns:
        together.Add(pattern)
    together.Compile()
    return together


def _first_pass(patterns: list[str]) -> "re2.Filter":
    first = re2.Filter()
    for pattern in patterns:
        first.Add(pattern, _options())
    first.Compile()
    return first
