"""What the code of conduct and moderation share with other features: severities, kinds of cases, and what happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.contracts.events import MemberEvent


class Severity(StrEnum):
    """How grave a breach of an article is by default."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


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
class SanctionStarted(MemberEvent):
    """A sanction was decided. ``until`` is its end, None where it has none (warnings, kicks, bans for good)."""

    case_id: int
    kind: CaseKind
    until: datetime | None


@dataclass(frozen=True, slots=True)
class SanctionEnded(MemberEvent):
    """A timeout or ban is over: its time was up, or somebody lifted it. The case stands."""

    case_id: int
    kind: CaseKind


@dataclass(frozen=True, slots=True)
class SanctionOverturned(MemberEvent):
    """A sanction was voided or overturned on appeal: whatever followed from it is to be undone."""

    case_id: int
    kind: CaseKind
