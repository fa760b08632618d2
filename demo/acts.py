"""What people of the simulated community can do; a plan is a list of these in the order of their time."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Act:
    """Somebody (a key of the community's people) does something at an instant."""

    at: datetime
    who: str


@dataclass(frozen=True)
class Say(Act):
    """Write a message; ``number`` names it for reactions and for ``answers``, the message it replies to."""

    number: int
    channel: str
    text: str
    answers: int | None = None


@dataclass(frozen=True)
class React(Act):
    number: int
    emoji: str


@dataclass(frozen=True)
class EnterVoice(Act):
    channel: str


@dataclass(frozen=True)
class LeaveVoice(Act):
    pass


@dataclass(frozen=True)
class Arrive(Act):
    """Join the server."""


@dataclass(frozen=True)
class Depart(Act):
    """Leave the server."""


@dataclass(frozen=True)
class TakeStep(Act):
    """A newcomer goes one step: ``accept``, ``groups``, ``introduce``, or ``resume`` from the bot's reminder."""

    step: str


@dataclass(frozen=True)
class Greet(Act):
    """Press "Say hello" under a newcomer's introduction."""

    newcomer: str


@dataclass(frozen=True)
class SeekBuddy(Act):
    """Ask for a buddy, on the list of first steps."""


@dataclass(frozen=True)
class AnswerCall(Act):
    """The greeter whom the bot asked takes the call and says hello; ``who`` is the newcomer who waits."""


@dataclass(frozen=True)
class Decide(Act):
    """A moderator runs a command about a member, and says ``why`` where it is not what was proposed."""

    member: str
    command: str
    article: int
    reason: str
    duration: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Report(Act):
    """Tell the team in confidence about a member, with `/report`."""

    member: str
    article: int
    details: str


@dataclass(frozen=True)
class Contest(Act):
    """Press Appeal below the newest notice and send these words."""

    words: str
