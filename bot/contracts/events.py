"""What happened, in the past tense: frozen, ids only. Features emit these and react to each other's."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in one server."""

    guild_id: int


@dataclass(frozen=True, slots=True)
class MemberEvent(Event):
    """Something that happened to or through one member; ``after`` handlers coalesce on (guild, member)."""

    user_id: int


@dataclass(frozen=True, slots=True)
class MemberJoined(MemberEvent):
    """A person became a member. ``rejoins`` counts earlier stays; ``pending`` until rules screening is over."""

    at: datetime
    rejoins: int
    pending: bool


@dataclass(frozen=True, slots=True)
class MemberScreened(MemberEvent):
    """Discord's own rules screening is over for this member."""


@dataclass(frozen=True, slots=True)
class MemberLeft(MemberEvent):
    """A member left, was kicked or banned."""

    at: datetime


@dataclass(frozen=True, slots=True)
class MemberErasing(MemberEvent):
    """A member's data is being erased in this transaction, and is still there: for ``on`` handlers, which note what
    is to be undone on Discord. ``guild_id`` 0: everywhere."""


@dataclass(frozen=True, slots=True)
class FactRecorded(MemberEvent):
    """A contribution counts (again). ``source`` names what caused it; ``revision`` rises with each re-recording."""

    fact_id: int
    kind: str
    source: str
    revision: int
    at: datetime


@dataclass(frozen=True, slots=True)
class FactRevoked(MemberEvent):
    """A contribution no longer counts."""

    fact_id: int
    kind: str
    source: str
    revision: int


@dataclass(frozen=True, slots=True)
class ServerJoined(Event):
    """The bot came into a server. ``returned``: it was here before, and what it knew was kept."""

    at: datetime
    returned: bool


@dataclass(frozen=True, slots=True)
class ServerPurged(Event):
    """Every row of a server that the bot left long ago is gone: what is remembered of it goes too."""


@dataclass(frozen=True, slots=True)
class SettingsChanged(Event):
    """A section of the server's settings has a new value."""

    section: str
    by: int | None


@dataclass(frozen=True, slots=True)
class CodePublished(Event):
    """A new version of the code of conduct is in force; a major one begins a new edition and asks members again."""

    version: int
    major: bool
    edition: int
    """Of this version: ``Code.major``."""


@dataclass(frozen=True, slots=True)
class TimersChanged(Event):
    """Something is promised for ``due_at``: the clock may have to ring earlier. ``guild_id`` is 0."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class TimerStuck(Event):
    """A promise failed several times in a row and goes on being tried; ``guild_id`` is 0 when it has no server."""

    timer_id: int
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class TimerRecovered(Event):
    """A promise that was stuck has been kept after all."""

    timer_id: int
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class ActivityChange:
    """What was added to one row of ``activity_day``; negative where messages were uncounted.

    ``user_id`` 0 stands for members who are counted anonymously.
    """

    day: date
    user_id: int
    channel_id: int
    messages: int
    reactions_given: int
    reactions_received: int
    voice_minutes: int
    hours: int


@dataclass(frozen=True, slots=True)
class ActivityCounted(Event):
    """Counts were committed; ``on`` handlers run in the same transaction and see the new totals."""

    changes: tuple[ActivityChange, ...]


@dataclass(frozen=True, slots=True)
class ActivityParked(Event):
    """A handler failed on a batch of counts: they are kept, the handler's share waits. Staff should hear of it."""

    batch: int
    error: str
