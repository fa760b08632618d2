"""What moderation tells other features: kinds of cases, and when a sanction starts, ends or is overturned."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.contracts.events import MemberEvent


class CaseKind(StrEnum):
    """What a case records."""

    NOTE = "note"
    """Something worth remembering: the member is not told."""
    WARN = "warn"
    TIMEOUT = "timeout"
    KICK = "kick"
    BAN = "ban"
    UNBAN = "unban"
    FILTER = "filter"
    """A filter of the bot's own was hit, and nothing but the message was touched."""
    NATIVE = "native"
    """Discord's own AutoMod was hit."""


SANCTIONS = frozenset({CaseKind.WARN, CaseKind.TIMEOUT, CaseKind.KICK, CaseKind.BAN})
"""What a member is told of, can appeal, and has points for."""


@dataclass(frozen=True, slots=True)
class CaseEvent(MemberEvent):
    """Something happened to a case. ``user_id`` is negative when the member was erased."""

    case_id: int
    kind: CaseKind


@dataclass(frozen=True, slots=True)
class SanctionStarted(CaseEvent):
    """A sanction was decided. ``until`` is its end, None where it has none (warnings, kicks, bans for good)."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class SanctionEnded(CaseEvent):
    """A timeout or ban is over: its time was up, or somebody lifted it. The case stands."""


@dataclass(frozen=True, slots=True)
class SanctionOverturned(CaseEvent):
    """A sanction was voided or overturned on appeal: whatever followed from it is to be undone."""
