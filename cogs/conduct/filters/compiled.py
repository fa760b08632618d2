"""All filters of a server as one object that looks at texts. Made off the loop; looking takes microseconds."""

from collections.abc import Iterable
from dataclasses import dataclass

from cogs.conduct.filters.gate import Gate
from cogs.conduct.filters.linkfilters import LINKS, LinkFilters
from cogs.conduct.filters.lists import shipped_allowed
from cogs.conduct.filters.model import Filter, FilterKind, Hit, Where, by_severity
from cogs.conduct.filters.normalising import SHOWN, WORDS_ONLY, Folding
from cogs.conduct.filters.patternfilters import PatternFilters, Rest
from cogs.conduct.filters.scouting import Scout
from cogs.conduct.filters.wordfilters import WordFilters
from cogs.conduct.filters.words import AllowList

LONGEST = 6_000
"""Characters of one text that are looked at. Discord's messages have 4,000 at most, all texts of an embed 6,000."""


@dataclass(frozen=True, slots=True)
class Look:
    """What looking at a text on the loop found, and what was left for a thread."""

    hits: list[Hit]
    fingerprint: int
    """The same for texts that read the same; good for this process only, and nothing of the text is in it."""
    rest: Rest | None = None
    """Finds the remaining hits; may take tens of milliseconds of processor time, so not on the loop."""


class Compiled:
    """Looks at texts for all filters of a server but mentions and spam, which are no matter of a text."""

    def __init__(self, filters: Iterable[Filter], allow: Iterable[str] = (), own_invites: Iterable[str] = ()) -> None:
        """Raises BadFilter. See ``compile_filters``."""
        self.filters = tuple(filters)
        self._folding = folding = Folding()
        words, patterns, links = self._of(FilterKind.WORDS), self._of(FilterKind.PATTERNS), self._of(*LINKS)
        allowed = AllowList([*allow, *shipped_allowed(one for each in words for one in each.shipped)], folding)
        self._words = WordFilters(words, allowed, folding) if words else None
        self._could = self._words.words.could if self._words is not None else None
        self._patterns = PatternFilters(patterns, allowed) if patterns else None
        self._links = LinkFilters(links, own_invites, folding) if links else None
        self._gate = self._patterns.gate if self._patterns else Gate([], 1)
        self._scout = Scout()
        self._as_typed = self._patterns is not None and self._patterns.reads_as_typed
        self._named = self._links.keys if self._links else frozenset()
        self.reads = bool(words or patterns or links)
        """Whether there is anything to look for in a text."""

    def test(self, text: str, where: Where = Where.CONTENT) -> tuple[Hit, ...]:
        """Every hit, the most severe first, whatever it costs: for panels and back-tests."""
        look = self.look(text, where)
        return by_severity([*look.hits, *(look.rest() if look.rest else ())])

    def look(self, text: str, where: Where = Where.CONTENT) -> Look:
        """What is quickly found, and what is left."""
        text = text[:LONGEST]
        shown = self._folding.folded(text)
        hits: list[Hit] = []
        rest = None
        gate = self._gate
        found: list[int] | None = None
        if len(shown) <= gate.longest:
            found, signs = gate.look(shown)
        else:
            signs = self._scout.look(shown)
        if self._words is not None:
            hits += self._words.find(text, shown, where, signs)
        if signs and self._links is not None:
            hits += self._links.find(text, where, signs)
        if self._patterns is not None:
            if found is None:
                more, rest = self._patterns.find(text, shown, where)
                hits += more
            elif found or (self._patterns.reads_as_typed and not text.isascii()):
                hits += self._patterns.seen(text, shown, found, where)
        return Look(hits, hash(shown), rest)

    def passes(self, text: str) -> int | None:
        """The fingerprint of a text in which nothing can be found; None where ``look`` has to say.

        Nearly every message: it is asked first, and takes a tenth of the time. Amid other work most of that is waiting
        for memory, so the gate also says what else has to be done, instead of a test for each.
        """
        gate = self._gate
        rough: bytes | None
        if text.isascii():
            rough = shown = text.encode().translate(SHOWN)
        elif self._as_typed:
            return None
        else:
            rough = self._folding.roughly(text)
            shown = self._folding.folded(text) if rough is None else rough
        if len(shown) > gate.longest:
            return None
        found = gate.match(shown)
        if found and gate.closer in found and rough is not None:
            shown = self._folding.folded(text)
            found = gate.match(shown)
        if found and (found != gate.name or rough is None or self._could_name(text, rough)):
            return None
        if self._could is not None and self._could(shown.translate(WORDS_ONLY).split()):
            return None
        return hash(shown)

    def _could_name(self, text: str, rough: bytes) -> bool:
        """Whether a text of Western Europe may name a domain. Markdown may bound one, but only `__` go through it."""
        words = rough.replace(b"__", b"").translate(WORDS_ONLY).split()
        return not (self._named.isdisjoint(words) and self._folding.misread.isdisjoint(text))

    def fingerprint(self, text: str) -> int:
        """See ``Look``."""
        return hash(self._folding.folded(text))

    def _of(self, *kinds: FilterKind) -> list[Filter]:
        return [one for one in self.filters if one.kind in kinds]


def compile_filters(filters: Iterable[Filter], allow: Iterable[str] = (), own_invites: Iterable[str] = ()) -> Compiled:
    """The filters of a server. ``allow``: words that are never a hit; ``own_invites``: codes of the server's own.

    Takes up to a second for thousands of words: call it in a thread. Raises BadFilter, whose ``filter_id`` says
    which filter it is about.
    """
    return Compiled(filters, allow, own_invites)
