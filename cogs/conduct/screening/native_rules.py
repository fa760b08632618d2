"""Which entries of which filters go into Discord's AutoMod, and as what rules: pure planning on plain values."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cogs.conduct.filters.lists import shipped, shipped_allowed
from cogs.conduct.filters.model import FilterKind
from cogs.conduct.screening.rules import Doing, Kept, Watch

RULES = 6
"""Keyword rules of a server, everybody's counted (Discord's limit)."""
KEYWORDS, KEYWORD = 1_000, 60
"""Keywords of a rule, and characters of one."""
ALLOWED = 100
"""Words that a rule lets pass."""
EXEMPT_ROLES, EXEMPT_CHANNELS = 20, 50
SAID = 150
"""Characters of what Discord says to whoever is blocked."""
_OURS = re.compile(r"Parvis \d+: ")


class Why(StrEnum):
    """Why a filter is not in Discord's AutoMod."""

    OFF = "off"
    """The server does not want it, or filters or moderation are off."""
    NOT_WORDS = "not_words"
    NOT_ARMED = "not_armed"
    NOT_DELETE = "not_delete"
    """A blocked message never reaches the bot: nobody would be warned, and nothing would wait for the team."""
    NO_PERMISSION = "no_permission"
    NO_ROOM = "no_room"
    """All keyword rules of the server are taken."""
    TOO_MANY_EXEMPT = "too_many_exempt"
    """More roles or channels are to be left alone than a rule can."""
    TOO_MANY_ALLOWED = "too_many_allowed"
    NONE_FIT = "none_fit"
    REMOVED = "removed"
    """Somebody removed its rule in Discord."""
    REFUSED = "refused"
    """Discord did not take the rule."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A filter that may go there. Roles, channels and allowed words are all that count for it, the server's too."""

    kept: Kept
    allowed: tuple[str, ...] = ()
    roles: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One keyword rule. ``part`` counts from 1 within its filter."""

    filter_id: int
    part: int
    name: str
    keywords: tuple[str, ...]
    allowed: tuple[str, ...]
    roles: tuple[int, ...]
    channels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """How a filter stands: ``why`` is None when it is in AutoMod, with ``native`` entries; ``own`` are the others."""

    why: Why | None
    native: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules that are to be, and how each filter stands by its id."""

    parts: tuple[Part, ...]
    placed: dict[int, Placed]


def is_ours(name: str) -> bool:
    """Whether a rule that this bot made is one of a filter."""
    return _OURS.match(name) is not None


def keyword(entry: str) -> str | None:
    """The entry as a keyword of Discord's, None when it cannot be one."""
    entry = " ".join(entry.split()) if entry.isprintable() else ""
    bare = entry.strip("*").strip()
    found = f"{'*' if entry.startswith('*') else ''}{bare}{'*' if entry.endswith('*') else ''}"
    return found if bare and "*" not in bare and len(found) <= KEYWORD else None


def entries_of(kept: Kept) -> tuple[str, ...]:
    """Its own entries and those of the lists that come with Parvis, each once."""
    listed = [one.text for language in kept.shipped for one in shipped(language)]
    return tuple(dict.fromkeys([*kept.entries, *listed]))


def allowed_for(keywords: Iterable[str], words: Iterable[str], languages: Iterable[str]) -> tuple[str, ...] | None:
    """The welcome words that could stand in the way of these keywords; None when a rule cannot hold them all."""
    bare = [one.strip("*").casefold() for one in keywords]
    found = []
    for word in dict.fromkeys([*words, *shipped_allowed(languages)]):
        text = word.strip("*").casefold()
        if "*" not in word and not any(one in text or text in one for one in bare):
            continue
        fit = keyword(word)
        if fit is None:
            return None
        found.append(fit)
    found = list(dict.fromkeys(found))
    return tuple(found) if len(found) <= ALLOWED else None


def suits(kept: Kept) -> Why | None:
    """What is about the filter itself that keeps it out."""
    if kept.kind is not FilterKind.WORDS:
        return Why.NOT_WORDS
    if kept.watch is not Watch.ARMED:
        return Why.NOT_ARMED
    return None if kept.doing is Doing.DELETE else Why.NOT_DELETE


def planned(wishes: Sequence[Wish], others: int, removed: frozenset[int] = frozenset()) -> Plan:
    """``others``: keyword rules of the server that are not ours; ``removed``: filters whose rule somebody removed.

    In the order of the wishes; one that does not fit leaves its room to the next.
    """
    room, parts, placed = max(0, RULES - others), [], {}
    for wish in wishes:
        kept, entries = wish.kept, entries_of(wish.kept)
        made: list[Part] = []
        why = suits(kept) or (Why.REMOVED if kept.id in removed else None)
        if why is None:
            why, made = _parts(wish, entries)
        if why is None and len(made) > room:
            why = Why.NO_ROOM
        if why is not None:
            placed[kept.id] = Placed(why, (), entries)
            continue
        room -= len(made)
        parts += made
        native = [one for one in entries if keyword(one) is not None]
        placed[kept.id] = Placed(None, tuple(native), tuple(one for one in entries if keyword(one) is None))
    return Plan(tuple(parts), placed)


def _parts(wish: Wish, entries: Sequence[str]) -> tuple[Why | None, list[Part]]:
    kept = wish.kept
    words = list(dict.fromkeys(found for one in entries if (found := keyword(one)) is not None))
    if not words:
        return Why.NONE_FIT, []
    if len(wish.roles) > EXEMPT_ROLES or len(wish.channels) > EXEMPT_CHANNELS:
        return Why.TOO_MANY_EXEMPT, []
    allowed = allowed_for(words, wish.allowed, kept.shipped)
    if allowed is None:
        return Why.TOO_MANY_ALLOWED, []
    return None, [
        Part(
            kept.id,
            number,
            f"Parvis {kept.number}: {kept.name}" + (f" ({number})" if number > 1 else ""),
            tuple(words[start : start + KEYWORDS]),
            allowed,
            wish.roles,
            wish.channels,
        )
        for number, start in enumerate(range(0, len(words), KEYWORDS), 1)
    ]


def digest(*facts: object) -> str:
    """The same for equal facts; sets are to be sorted by whoever asks."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]
