"""A filter as plain values, and what it finds. No Discord, no tables."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.contracts.conduct import Severity


class FilterKind(StrEnum):
    """What a filter looks for."""

    WORDS = "words"
    """Words and phrases in ``words``, and the lists that come with Parvis in ``shipped``."""
    PATTERNS = "patterns"
    """RE2 patterns in ``words``, tried on the text as written and as folded, whatever the case."""
    INVITES = "invites"
    """Invites to other servers; ``words`` are codes that are welcome."""
    DENIED_DOMAINS = "denied_domains"
    """Links to the domains in ``words`` and to what is below them."""
    ALLOWED_DOMAINS = "allowed_domains"
    """Links to anything but the domains in ``words`` and what is below them."""
    MENTIONS = "mentions"
    """More than ``limit`` people and roles mentioned in one message."""
    SPAM = "spam"
    """Floods; the limits are the server's (see ``cogs.conduct.filters.spam``)."""


class Action(StrEnum):
    """What an armed filter does about a hit, mildest first. Everything but NONE also deletes the message."""

    NONE = "none"
    DELETE = "delete"
    WARN = "warn"
    TIMEOUT = "timeout"
    KICK = "kick"
    BAN = "ban"

    @property
    def rank(self) -> int:
        """0 is the mildest."""
        return _ACTIONS.index(self)


_ACTIONS = tuple(Action)


class Mode(StrEnum):
    """Whether a filter acts or is only watched."""

    SHADOW = "shadow"
    ARMED = "armed"


class Where(StrEnum):
    """The part of a message, or of a member, in which something was found."""

    CONTENT = "content"
    EMBED = "embed"
    ATTACHMENT = "attachment"
    POLL = "poll"
    FORWARDED = "forwarded"
    STICKER = "sticker"
    THREAD_NAME = "thread_name"
    NICKNAME = "nickname"
    MESSAGE = "message"
    """The message as a whole: its mentions, or the flood that it belongs to."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a server. ``article`` is the number of the article of the code of conduct that it upholds."""

    id: int
    kind: FilterKind
    words: tuple[str, ...] = ()
    article: int | None = None
    severity: Severity = Severity.MEDIUM
    action: Action = Action.NONE
    mode: Mode = Mode.SHADOW
    exempt_roles: frozenset[int] = frozenset()
    exempt_channels: frozenset[int] = frozenset()
    shipped: tuple[str, ...] = ()
    """Languages of the lists that come with Parvis: "en", "fr". Their words have severities of their own."""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A filter found something.

    ``what`` is the filter's own word, pattern, domain or invite code, never the member's text. ``review``: a guess
    (level two); it is shown to people and never acts by itself.
    """

    filter: Filter = field(repr=False)
    where: Where
    what: str
    severity: Severity
    review: bool = False

    @property
    def weight(self) -> tuple[bool, bool, int, int]:
        """What to compare: the most severe hit is the greatest. One that acts goes before one that does not."""
        acts = self.filter.mode is Mode.ARMED and not self.review
        return acts, not self.review, self.filter.action.rank, self.severity.points


def by_severity(hits: list[Hit]) -> tuple[Hit, ...]:
    """The most severe first; of equal ones in the order in which they were found."""
    return tuple(sorted(hits, key=lambda hit: hit.weight, reverse=True))
