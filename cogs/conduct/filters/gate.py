"""One look instead of four at a short text: all patterns and all signs of the scout in one automaton.

Each RE2 set is an automaton of its own in memory; amid other work each costs several microseconds to wake.
"""

import random
import time
from collections.abc import Callable, Iterator

import re2

from cogs.conduct.filters.normalising import UNFOLDED
from cogs.conduct.filters.scouting import NAME, SIGNS

WITHIN = 4_000_000
"""Steps of all patterns times bytes that are looked at together, whatever was measured."""
ALLOWED = 0.001
"""Seconds that the longest text may take at first sight, when its states are built."""
_CLOSER = rf"{UNFOLDED}|\]\("
_SAMPLE = 400
"""Characters of a text that the gate is tried with."""
_MEMORY = 32 << 20
"""Bytes that RE2 may use at most."""
_NO_SIGNS: set[str] = set()
_NO_PATTERNS: list[int] = []


class Gate:
    """Patterns that are known to be good, by their place in the list, and the signs."""

    def __init__(self, patterns: list[str], steps: int) -> None:
        """``steps``: what looking for all patterns together costs for each byte."""
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = False
        options.never_capture = True
        options.max_mem = _MEMORY
        self._set = re2.Set.SearchSet(options)
        for pattern in (*patterns, *SIGNS, _CLOSER):
            self._set.Add(pattern)
        self._set.Compile()
        self._count = len(patterns)
        self.match: Callable[[bytes], list[int]] = self._set._set.Match
        """Of a folded text of at most ``longest`` bytes; nothing around it, as that would take as long as it does."""
        self.name = [self._count + SIGNS.index(NAME)]
        """What ``match`` gives where there is no more than a dot within a word."""
        self.closer = self._count + len(SIGNS)
        """What ``match`` has in its list where a text needs folding to the end."""
        self.longest = min(WITHIN // max(1, steps), int(ALLOWED / self._slowest(patterns))) if patterns else 1 << 20
        """Bytes of the longest text it may look at."""

    def look(self, shown: bytes) -> tuple[list[int], set[str]]:
        """Which patterns and which signs are in a folded text of at most ``longest`` bytes."""
        found = self.match(shown)
        if not found:
            return _NO_PATTERNS, _NO_SIGNS
        count = self._count
        return [n for n in found if n < count], {SIGNS[n - count] for n in found if count <= n < self.closer}

    def _slowest(self, patterns: list[str]) -> float:
        """Seconds of processor time a byte, on texts that give the automaton much to build."""
        worst = 1e-9
        for text in _samples(patterns):
            started = time.thread_time()
            self.match(text)
            worst = max(worst, (time.thread_time() - started) / len(text))
        return worst


def _samples(patterns: list[str]) -> Iterator[bytes]:
    """Texts out of the signs that the patterns themselves name: of one sign, of few, of all."""
    signs = sorted({sign for pattern in patterns for sign in pattern.lower() if sign.isalnum()}) or ["a"]
    chance = random.Random(len(signs))  # noqa: S311 - the same texts for the same patterns
    for sign in signs[:8]:
        yield (sign * _SAMPLE).encode()
    for few in (2, 3, 6, len(signs), len(signs)):
        chosen = chance.sample(signs, min(few, len(signs)))
        yield "".join(chance.choices([*chosen, " "], k=_SAMPLE)).encode()
