"""RE2 patterns at work on a text: at once where that is quick, in a thread where it might not be."""

from collections.abc import Callable, Iterable

from cogs.conduct.filters.gate import Gate
from cogs.conduct.filters.model import Filter, Hit, Where
from cogs.conduct.filters.patterns import INLINE, PatternSet, checked
from cogs.conduct.filters.refusals import BadFilter
from cogs.conduct.filters.words import AllowList

Rest = Callable[[], tuple[Hit, ...]]


class PatternFilters:
    """The pattern filters of a server."""

    def __init__(self, filters: Iterable[Filter], allow: AllowList) -> None:
        """Raises BadFilter with the id of the filter."""
        self._owners = [(one, pattern) for one in filters for pattern in one.words]
        for owner, pattern in self._owners:
            try:
                checked(pattern)
            except BadFilter as refusal:
                refusal.filter_id = owner.id
                raise
        self._patterns = PatternSet([pattern for _, pattern in self._owners])
        self._allow = allow
        self.reads_as_typed = any(map(_needs_the_typed, (pattern for _, pattern in self._owners)))
        """Whether a pattern names signs that folding takes away."""
        self.gate = Gate([pattern for _, pattern in self._owners], self._patterns.steps)

    def seen(self, text: str, shown: bytes, found: list[int], where: Where) -> list[Hit]:
        """The hits where the gate looked at the folded text; what it cannot see is the text as it was typed."""
        if self.reads_as_typed and not text.isascii():
            typed = text.lower().encode("utf-8", "replace")
            if len(typed) > self.gate.longest:
                found = [*found, *self._patterns.matching(self._patterns.candidates(typed), typed)]
            else:
                found = [*found, *self.gate.look(typed)[0]]
            return self._hits([shown, typed], sorted(set(found)), where) if found else []
        return self._hits([shown], found, where) if found else []

    def find(self, text: str, shown: bytes, where: Where) -> tuple[list[Hit], Rest | None]:
        """The hits, or what finds them and is to be called in a thread. ``shown`` is the folded text."""
        patterns = self._patterns
        forms = (
            [shown] if not self.reads_as_typed or text.isascii() else [shown, text.lower().encode("utf-8", "replace")]
        )
        candidates = patterns.candidates(b"\n".join(forms))
        if not candidates:
            return [], None
        if sum([patterns.cost(candidates, form) for form in forms]) > INLINE:
            return [], lambda: tuple(self._hits(forms, candidates, where))
        return self._hits(forms, candidates, where), None

    def _hits(self, forms: list[bytes], candidates: list[int], where: Where) -> list[Hit]:
        found: set[int] = set()
        for form in forms:
            matching = self._patterns.matching(candidates, form)
            if matching and not self._allow.empty:
                still = self._patterns.matching(matching, self._allow.masked(form))
                matching = [index for index in matching if index in still]
            found.update(matching)
        if not found:
            return []
        owners = [self._owners[index] for index in sorted(found)]
        return [Hit(owner, where, pattern, owner.severity) for owner, pattern in owners]


def _needs_the_typed(pattern: str) -> bool:
    """Whether it can match something beyond ASCII that the folded text does not have."""
    return not pattern.isascii() or any(sign in pattern for sign in ("\\p", "\\P", "\\x", "[:^"))
