"""Who moderates: who may decide what, asked at the command and again at every click."""

from bot.contracts.cases import CaseKind
from bot.permissions import Access

MODERATE = Access("moderate", frozenset({"moderate_members"}), staff=True)
"""The team, and whoever may time members out."""
KICK = Access("kick members", frozenset({"kick_members"}))
BAN = Access("ban members", frozenset({"ban_members"}))
OF_KIND = {CaseKind.KICK: KICK, CaseKind.BAN: BAN, CaseKind.UNBAN: BAN}


def access_to(kind: CaseKind) -> Access:
    """What deciding, editing or undoing a case of that kind demands."""
    return OF_KIND.get(kind, MODERATE)
