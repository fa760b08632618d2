"""Word lists at work on a text: what is surely there, and what is guessed at."""

from collections.abc import Iterable

from cogs.conduct.filters.guessing import Guessing
from cogs.conduct.filters.lists import shipped
from cogs.conduct.filters.model import Filter, Hit, Where
from cogs.conduct.filters.normalising import Folding, other_script_blanked, plain, without_addresses
from cogs.conduct.filters.refusals import BadFilter
from cogs.conduct.filters.scouting import GUESSED
from cogs.conduct.filters.words import AllowList, Entry, Word, WordSet, word


class WordFilters:
    """The word filters of a server, all in one set."""

    def __init__(self, filters: Iterable[Filter], allow: AllowList, folding: Folding) -> None:
        """Raises EmptyWord or TooManyEntries with the id of the filter."""
        self._folding = folding
        self._guessing = Guessing(folding)
        self.words = WordSet([entry for one in filters for entry in _entries(one, folding)], allow, folding)

    def find(self, text: str, shown: bytes, where: Where, signs: set[str]) -> list[Hit]:
        """``shown`` is the folded text. ``signs``: what the scout saw in it."""
        visible = without_addresses(text)
        words = plain(shown if visible is text else self._folding.folded(visible))
        found = self.words.find(words)
        guess = bool(signs) and not GUESSED.isdisjoint(signs)
        if not found and not guess:
            return []
        sure = self._sure(found, visible) if found and not text.isascii() else found
        hits = [_hit(entry, where) for entry in sure]
        if guess and (readings := self._guessing.readings(text, shown, signs)):
            found = [*found, *self.words.find(readings)]
        known = {id(entry) for entry in sure}
        guessed = {id(entry): entry for entry in found if id(entry) not in known}
        return hits + [_hit(entry, where, review=True) for entry in guessed.values()]

    def _sure(self, found: list[Word], visible: str) -> list[Word]:
        """Without the words that are only there if words wholly in another script are read as Latin."""
        latin = {id(entry) for entry in self.words.find(plain(self._folding.folded(other_script_blanked(visible))))}
        return [entry for entry in found if entry.foreign or id(entry) in latin]


def _entries(owner: Filter, folding: Folding) -> list[Word]:
    entries = [word(text, owner, owner.severity) for text in owner.words]
    entries += [word(one.text, owner, one.severity) for language in owner.shipped for one in shipped(language)]
    try:
        for entry in entries:
            Entry(entry.text, folding)
    except BadFilter as refusal:
        refusal.filter_id = owner.id
        raise
    return entries


def _hit(entry: Word, where: Where, *, review: bool = False) -> Hit:
    return Hit(entry.filter, where, entry.text, entry.severity, review)
