"""What the welcome announces to itself."""

from dataclasses import dataclass

from bot.contracts.events import MemberEvent


@dataclass(frozen=True, slots=True)
class WelcomeMoved(MemberEvent):
    """Something about a member's welcome changed: Discord may have to be brought to it."""
