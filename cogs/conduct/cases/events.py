"""What moderation announces to itself."""

from dataclasses import dataclass

from bot.contracts.events import Event


@dataclass(frozen=True, slots=True)
class NoticeSettled(Event):
    """Whether the member was told of a case is known now. ``case_id`` is the case's row."""

    case_id: int


@dataclass(frozen=True, slots=True)
class CaseUndone(Event):
    """A case of whatever kind was voided, or overturned on appeal. ``case_id`` is the case's row."""

    case_id: int
