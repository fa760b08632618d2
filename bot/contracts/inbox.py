"""How a feature puts something before a human: kinds of items, the item as it is seen, and what happens to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.contracts.events import Event

HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Link:
    """Where an item is to be looked at: a channel or thread, and a message in it when there is one."""

    channel_id: int
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class InboxKind:
    """One kind of thing that waits for the team. Texts are marked with ``N_``.

    ``title`` is one item in a few words, ``label`` what several of them are called ("Reports"). A title may use
    ``{member}`` (the subject), ``{place}`` (the channel of the link) and the item's own params. ``hint`` says what to
    do.
    """

    name: str
    """Stable, ``feature.thing``: it is in the database."""
    label: str
    title: str
    hint: str
    urgent_after: timedelta | None = None
    """From this age on an item stands first, and is marked."""
    claim_for: timedelta = HALF_A_DAY
    """How long a claim holds before it expires by itself."""
    personal: bool = False
    """The item is about its subject's own doing: a subject who is on the team neither sees it nor acts on it."""
    by_hand: bool = True
    """The team may mark an item as done; otherwise only the feature settles it, through its own buttons."""
    confirm: str | None = None
    """What marking it as done by hand entails, asked before it happens; None where it does no harm."""


@dataclass(frozen=True, slots=True)
class InboxItem:
    """Something that waits, or waited, as it was read. ``params`` carry no text that somebody wrote, and no person."""

    id: int
    guild_id: int
    kind: InboxKind
    source: str
    subject: int | None
    """The user it is about."""
    link: Link | None
    added_at: datetime
    holder: int | None
    """Who takes care of it; None once the claim has expired."""
    held_until: datetime | None
    settled_at: datetime | None
    settled_by: int | None
    outcome: str | None
    params: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    """When it is to be settled by, where that is not the same for all of its kind."""

    @property
    def urgent_at(self) -> datetime | None:
        """From when on it stands first."""
        if self.due_at is not None:
            return self.due_at
        return None if self.kind.urgent_after is None else self.added_at + self.kind.urgent_after

    def is_urgent(self, at: datetime) -> bool:
        """Whether it waits for too long by then."""
        return self.urgent_at is not None and self.urgent_at <= at

    def concerns(self, user_id: int) -> bool:
        """Whether this person must keep away from it."""
        return self.kind.personal and self.subject == user_id


@dataclass(frozen=True, slots=True)
class InboxEvent(Event):
    """Something happened to an item. ``kind`` is the name of its kind; ``source`` is the feature's own."""

    item_id: int
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class InboxItemAdded(InboxEvent):
    """Something waits for the team."""


@dataclass(frozen=True, slots=True)
class InboxItemUrgent(InboxEvent):
    """It has waited for too long."""


@dataclass(frozen=True, slots=True)
class InboxItemClaimed(InboxEvent):
    """``holder`` takes care of it now, by their own choice or because it was handed over by ``by``."""

    holder: int
    by: int


@dataclass(frozen=True, slots=True)
class InboxItemReleased(InboxEvent):
    """Nobody takes care of it any more: given back, expired, or the holder is away or no longer on the team."""

    holder: int


@dataclass(frozen=True, slots=True)
class InboxItemSettled(InboxEvent):
    """It waits no longer. ``by`` is None when the bot settled it; ``outcome`` is the feature's own word."""

    by: int | None
    outcome: str
