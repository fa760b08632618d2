"""RE2 patterns at work on a text: at once where that is quick, in a thread where it might not be."""

from collections.abc import Callable, Iterable

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

    def find(self, text: str, shown: bytes, where: Where) -> tuple[list[Hit], Rest | None]:
        """The hits, or what finds them and is to be called in a thread. ``shown`` is the folded text."""
        forms = [shown]
        written = text.lower().encode("utf-8", "replace")
        if written != shown:
            forms.append(written)
        candidates = [self._patterns.candidates(form) for form in forms]
        if not any(candidates):
            return [], None
        cost = sum(self._patterns.cost(chosen, form) for chosen, form in zip(candidates, forms, strict=True))
        if cost > INLINE:
            return [], lambda: tuple(self._hits(forms, candidates, where))
        return self._hits(forms, candidates, where), None

    def _hits(self, forms: list[bytes], candidates: list[list[int]], where: Where) -> list[Hit]:
        found: set[int] = set()
        for form, chosen in zip(forms, candidates, strict=True):
            matching = self._patterns.matching([index for index in chosen if index not in found], form)
            if matching and not self._allow.empty:
                matching = self._patterns.matching(matching, self._allow.masked(form))
            found.update(matching)
        return [
            Hit(owner, where, pattern, owner.severity)
            for owner, pattern in map(self._owners.__getitem__, sorted(found))
        ]
