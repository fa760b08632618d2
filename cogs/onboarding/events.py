"""What the welcome announces to itself."""

from dataclasses import dataclass

from bot.contracts.events import Event, MemberEvent


@dataclass(frozen=True, slots=True)
class WelcomeMoved(MemberEvent):
    """Something about a member's welcome changed: Discord may have to be brought to it."""


@dataclass(frozen=True, slots=True)
class NewcomerSpoke(MemberEvent):
    """A newcomer wrote for the first time. ``message_id`` is None when that was learnt from counts alone."""

    channel_id: int
    message_id: int | None


@dataclass(frozen=True, slots=True)
class IntroductionPosted(MemberEvent):
    """An introduction stands there; said again whenever it is drawn again."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class AwaitedMoved(Event):
    """Something about a newcomer who waits for an answer changed: the calls have to say so."""

    awaited_id: int
