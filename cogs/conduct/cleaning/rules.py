"""Which messages a cleaning takes, decided on plain values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST = 100
"""Messages of one cleaning; Discord deletes as many at once."""
LOOKED_AT = 500
"""Messages of the channel that are looked at, newest first."""
BULK_AGE = timedelta(days=14)
"""Discord deletes nothing older in bulk."""
KEPT = timedelta(hours=1)
"""How long a preview can be confirmed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it was found. ``wanted``: it is by the member, and contains the text, that were asked for."""

    message_id: int
    author_id: int
    at: datetime
    wanted: bool = True
    pinned: bool = False
    senior: bool = False
    """Its author stands as high as the moderator, or higher."""


@dataclass
class Picked:
    """What a cleaning would delete, newest first, and what it spares of what was asked for."""

    messages: list[Seen] = field(default_factory=list)
    pinned: int = 0
    seniors: int = 0
    old: int = 0
    """Too old to be deleted in bulk."""

    @property
    def authors(self) -> dict[int, int]:
        """How many messages of whom, the most first."""
        return authors_of((one.message_id, one.author_id) for one in self.messages)


def authors_of(messages: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Of pairs of message and author: how many of whom, the most first."""
    found: dict[int, int] = {}
    for _message, author in messages:
        found[author] = found.get(author, 0) + 1
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))


def deletable(at: datetime, present: datetime) -> bool:
    """Whether it can still be deleted in bulk when the preview is confirmed at the last moment."""
    return present - at < BULK_AGE - 2 * KEPT


def bulk(at: datetime, present: datetime) -> bool:
    """Whether Discord deletes it in bulk now; what has become too old since it was confirmed goes one by one."""
    return present - at < BULK_AGE


def take(picked: Picked, one: Seen, count: int, present: datetime) -> bool:
    """Note the next older message; False once ``count`` are taken."""
    if one.wanted:
        if one.pinned:
            picked.pinned += 1
        elif one.senior:
            picked.seniors += 1
        elif not deletable(one.at, present):
            picked.old += 1
        else:
            picked.messages.append(one)
    return len(picked.messages) < count
