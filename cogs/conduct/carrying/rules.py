"""When something is told and set on Discord: plain values in, plain values out."""

from datetime import datetime, timedelta

from bot.contracts.cases import CaseKind
from cogs.conduct.cases.rules import RENEWED_BEFORE, timeout_to_set

TOLD_FIRST = frozenset({CaseKind.KICK, CaseKind.BAN})
"""Afterwards no message reaches the member, so the notice goes before the act."""
PATIENCE = timedelta(seconds=45)
"""How long a notice that does not get through holds up a kick or ban."""
LEAST_PATIENCE = timedelta(seconds=10)
"""What is left of it after a restart: enough to find what the last attempt has sent."""
NOTICE_LATE = timedelta(days=1)
"""A notice that could not be delivered for so long comes too late to be of use."""
TELLING = timedelta(days=1)
"""For how long it is tried to write to somebody what they can also look up."""
LEAST_TRIES = 5
"""It is tried so often all the same: the bot itself may have been away since it was promised."""
MARGIN = timedelta(minutes=1)
"""Our clock may be ahead of Discord's, which refuses what is beyond its limit."""
SAME = timedelta(seconds=2)


def patience(began: datetime, at: datetime) -> timedelta:
    """How long the notice may still be tried before the act."""
    return max(LEAST_PATIENCE, began + PATIENCE - at)


def tried_again(promised_at: datetime, failures: int, at: datetime) -> bool:
    """Whether a letter that Discord did not take at that instant is tried again. ``promised_at``: when this letter was
    promised, which for a correction may be long after the first; ``failures``: those in a row before this one."""
    return at - promised_at < TELLING or failures < LEAST_TRIES


def timeout_change(until: datetime | None, present: datetime | None, at: datetime) -> tuple[datetime | None, datetime]:
    """What Discord is to be told of a timeout that is in force (None: nothing), and when to look again.

    ``until`` is its end by the case, None without one; ``present`` the end that Discord has, None for no timeout.
    """
    goal, again = timeout_to_set(until, at)
    if again is None:
        same = present is not None and abs(present - goal) <= SAME
        return (None if same else goal), goal
    if present is not None and present - RENEWED_BEFORE > at:
        return None, present - RENEWED_BEFORE
    return goal - MARGIN, again
