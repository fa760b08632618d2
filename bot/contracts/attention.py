"""How a feature asks for a member's attention unasked, and what it hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.contracts.events import Event


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something worth telling one member in private, though they did not ask.

    ``kind`` is the name of a registered kind. ``source`` is what it is about, unique per member and kind (a row's id,
    a date; never a person): the same source is told at most once. ``params`` are what the kind's builder needs: ids
    and numbers, no text that somebody wrote.
    """

    guild_id: int
    user_id: int
    kind: str
    source: str
    expires_at: datetime
    """From then on it is worth nothing, and is dropped."""
    params: Mapping[str, Any] = field(default_factory=dict)


class Outcome(StrEnum):
    """What became of a proposal."""

    SENT = "sent"
    EXPIRED = "expired"
    """Something more useful went first, or the member's week was used up."""
    EMPTY = "empty"
    """There was nothing to say any more when its turn came."""
    WITHDRAWN = "withdrawn"
    SILENCED = "silenced"
    """The member wants no message that they did not ask for."""
    CLOSED = "closed"
    """The member takes no private messages."""
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class ProposalSettled(Event):
    """A proposal was sent or dropped. ``on`` handlers run in the transaction that notes it."""

    user_id: int
    kind: str
    source: str
    outcome: Outcome
