"""Invite and domain filters at work on a text."""

from collections.abc import Iterable

from cogs.conduct.filters.links import Host, below, domain, hosts, invites
from cogs.conduct.filters.model import Filter, FilterKind, Hit, Where
from cogs.conduct.filters.normalising import Folding, plain
from cogs.conduct.filters.refusals import BadFilter
from cogs.conduct.filters.scouting import INVITE, LINK, NAME

LINKS = (FilterKind.INVITES, FilterKind.DENIED_DOMAINS, FilterKind.ALLOWED_DOMAINS)
_NAMES = frozenset({LINK, NAME})
_WHAT = 80
"""Characters of a host that are shown at most."""


class LinkFilters:
    """All filters of a server that look at links. ``own_invites`` are codes of the server itself, always welcome."""

    def __init__(self, filters: Iterable[Filter], own_invites: Iterable[str], folding: Folding) -> None:
        """Raises BadDomain with the id of the filter."""
        chosen = list(filters)
        own = frozenset(code.lower() for code in own_invites)
        self._invites = [
            (one, own | {_code(word) for word in one.words}) for one in chosen if one.kind is FilterKind.INVITES
        ]
        domains = [one for one in chosen if one.kind is not FilterKind.INVITES]
        self._domains = [(one, _domains(one)) for one in domains]
        self._looks = {
            one.id: frozenset(folding.folded(name).decode() for name in names) for one, names in self._domains
        }
        self._folding = folding
        denied = [one.id for one, _ in self._domains if one.kind is FilterKind.DENIED_DOMAINS]
        self.keys = frozenset(max(plain(look.encode()).split(), key=len) for one in denied for look in self._looks[one])
        """A word of each domain that may be named without being linked, in the form of ``plain``."""

    def find(self, text: str, where: Where, signs: set[str]) -> list[Hit]:
        """``signs``: what the scout saw in the text. A link counts once for each filter."""
        hits: list[Hit] = []
        if self._invites and INVITE in signs:
            codes = invites(text, self._folding)
            hits += [_hit(one, where, code) for one, welcome in self._invites for code in codes if code not in welcome]
        if self._domains and not _NAMES.isdisjoint(signs):
            found = hosts(text, self._folding)
            hits += [
                hit for one, names in self._domains for host in found for hit in self._judged(one, names, host, where)
            ]
        return list(dict.fromkeys(hits)) if hits else hits

    def _judged(self, one: Filter, names: frozenset[str], host: Host, where: Where) -> list[Hit]:
        if one.kind is FilterKind.DENIED_DOMAINS:
            named = below(host.exact, names) or below(host.looks, self._looks[one.id])
            return [_hit(one, where, named)] if named else []
        # A name without a scheme is no link, and `notes.txt` is no domain.
        return [_hit(one, where, host.exact)] if host.linked and not below(host.exact, names) else []


def _domains(one: Filter) -> frozenset[str]:
    try:
        return frozenset(domain(word) for word in one.words)
    except BadFilter as refusal:
        refusal.filter_id = one.id
        raise


def _code(word: str) -> str:
    """The code of an invite that may have been pasted as a whole link."""
    return word.strip().rstrip("/").rpartition("/")[2].lower()


def _hit(one: Filter, where: Where, what: str) -> Hit:
    return Hit(one, where, what[:_WHAT], one.severity)
