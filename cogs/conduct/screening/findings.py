"""What filters find, as plain values, and what of it is put before the team."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from bot.contracts.inbox import InboxKind
from bot.i18n.marks import N_
from bot.timers import DueTimer, Timers
from cogs.conduct.carrying.hindrances import ERASE
from cogs.conduct.filters.model import Where
from cogs.conduct.screening.rules import Outcome

if TYPE_CHECKING:
    from bot.database import Transaction

LOOK = InboxKind(
    "conduct.filter_look",
    label=N_("Found by filters"),
    title=N_("Filter {filter} found something by {member}"),
    hint=N_(
        "Nothing was done about it. Look at the message and decide; **Moderate** in its menu is the way. What filters "
        "may do by themselves is chosen in `/settings`."
    ),
)
HELD = InboxKind(
    "conduct.filter_held",
    label=N_("Found by filters, and out of my reach"),
    title=N_("Filter {filter} could not do all it is armed for about {member}"),
    hint=N_(
        "I lack a permission there, Discord refuses, or the member’s highest role is as high as mine. Look at it, and "
        "decide by hand."
    ),
)
DISARMED = InboxKind(
    "conduct.filter_disarmed",
    label=N_("Filters that watch only again"),
    title=N_("Filter {filter} acts no more: too many of its decisions were wrong"),
    hint=N_("It watches only, as before it was armed. Look at its entries and its hits, then arm it again or not."),
)
KINDS = (LOOK, HELD, DISARMED)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a filter found. ``source`` names what it was found in, the same for every look at it.

    ``messages``: channel and message of all that goes with it, more than one for a flood.
    """

    guild_id: int
    user_id: int
    source: str
    place: Where
    at: datetime
    channel_id: int | None = None
    message_id: int | None = None
    messages: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class HitView:
    """A hit as it was read. ``wrong``: somebody of the team said that the filter should not have found it."""

    id: int
    filter_id: int
    source: str
    user_id: int
    channel_id: int | None
    message_id: int | None
    place: Where
    at: datetime
    outcome: Outcome
    wrong_at: datetime | None

    @property
    def wrong(self) -> bool:
        return self.wrong_at is not None


@dataclass(frozen=True, slots=True)
class Owed:
    """What was found and is to go. Promised in the transaction of its case; the promise names nobody."""

    guild_id: int
    case_id: int
    filter_id: int
    source: str
    messages: tuple[tuple[int, int], ...] = ()

    @property
    def key(self) -> str:
        """Of the promise: one for each thing found."""
        return f"{ERASE}:{self.guild_id}:{self.source}"

    async def promise(self, tx: "Transaction", timers: Timers, at: datetime) -> None:
        """See to it at ``at``, in place of an earlier promise."""
        payload = {
            "case": self.case_id,
            "filter": self.filter_id,
            "source": self.source,
            "messages": [list(one) for one in self.messages],
        }
        await timers.schedule(tx, kind=ERASE, key=self.key, due_at=at, guild_id=self.guild_id, payload=payload)

    @classmethod
    def of(cls, timer: DueTimer) -> Self:
        given = timer.payload
        messages = tuple((int(channel), int(message)) for channel, message in given["messages"])
        return cls(timer.guild_id or 0, int(given["case"]), int(given["filter"]), str(given["source"]), messages)


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of a hit that acts. ``owed`` is None where nothing is to go."""

    outcome: Outcome
    owed: Owed | None
