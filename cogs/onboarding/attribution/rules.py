"""Decisions on plain values: how far each invite moved between two looks, and what that says about who joined.

Discord does not tell by which invite somebody joined; it only counts the uses of each.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Counted:
    """An invite as Discord showed it at a look. ``max_uses`` 0: as many as one likes."""

    uses: int
    max_uses: int = 0
    expires_at: datetime | None = None
    vanity: bool = False

    @property
    def left(self) -> int | None:
        """How many more can use it; None: no limit."""
        return max(0, self.max_uses - self.uses) if self.max_uses else None


class Fate(StrEnum):
    """What became of an invite that is no longer there."""

    USED_UP = "used_up"
    """The last use it allowed was made."""
    REMOVED = "removed"
    """Somebody removed it while it still worked."""
    UNCLEAR = "unclear"
    """It ran out of time, went with its channel, or nobody can tell."""


def fate(invite: Counted, *, removed: bool | None, has_place: bool, at: datetime) -> Fate:
    """Of an invite missing at ``at``. ``removed``: the audit log says so (None: it could not be read)."""
    if removed:
        return Fate.REMOVED
    in_time = invite.expires_at is None or invite.expires_at > at
    if removed is False and invite.left and in_time and has_place:
        return Fate.USED_UP
    return Fate.UNCLEAR


@dataclass(frozen=True, slots=True)
class Moved:
    """How often an invite was used: between ``least`` and ``most`` times (None: nobody knows)."""

    least: int
    most: int | None

    @property
    def exactly(self) -> int | None:
        return self.least if self.least == self.most else None


def movements(
    before: Mapping[str, Counted],
    after: Mapping[str, Counted],
    fates: Mapping[str, Fate],
    first_join: datetime | None = None,
) -> dict[str, Moved]:
    """Every invite that was, or may have been, used between two looks.

    ``fates`` are of those that are in ``before`` alone. Of one that ran out before ``first_join`` nobody made use.
    """
    moved = {code: _risen(before.get(code), invite) for code, invite in after.items()}
    for code in before.keys() - after.keys():
        moved[code] = _vanished(before[code], fates.get(code, Fate.UNCLEAR), first_join)
    return {code: found for code, found in moved.items() if found.most != 0}


def _risen(before: Counted | None, after: Counted) -> Moved:
    if before is None:
        # A new invite began at 0. A vanity address can have been used here in earlier times.
        return Moved(0 if after.vanity else after.uses, after.uses)
    if after.uses < before.uses:
        return Moved(0, None)  # counted anew
    return Moved(after.uses - before.uses, after.uses - before.uses)


def _vanished(before: Counted, what: Fate, first_join: datetime | None) -> Moved:
    left = before.left
    if what is Fate.USED_UP and left is not None:
        return Moved(left, left)
    if what is Fate.REMOVED and left is not None:
        return Moved(0, max(0, left - 1))
    if first_join is not None and before.expires_at is not None and before.expires_at <= first_join:
        return Moved(0, 0)
    return Moved(0, left)


def is_balanced(moved: Mapping[str, Moved], joined: int) -> bool:
    """As many uses as people: nothing is still on its way to us."""
    return sum(one.least for one in moved.values()) == joined and all(one.exactly is not None for one in moved.values())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known about everybody who joined between two looks.

    ``code``: all of them came by this one, for certain. Otherwise ``candidates`` are the invites that may have brought
    them; without any, they came by none that was counted.
    """

    code: str | None = None
    candidates: tuple[str, ...] = ()


def attribute(moved: Mapping[str, Moved], joined: int, *, proof: bool = True) -> Verdict:
    """One invite that moved by exactly as many as joined brought them all; anything else is left open.

    ``proof``: these are all who joined, and none of them can have come without being counted unless somebody else's
    use is missing from the sum.
    """
    if not joined or not moved:
        return Verdict()
    candidates = tuple(sorted(moved))
    if proof and len(candidates) == 1 and moved[candidates[0]].exactly == joined:
        return Verdict(candidates[0], candidates)
    return Verdict(None, candidates)


OTHER_DOORS = frozenset({"DISCOVERABLE", "HAS_DIRECTORY_ENTRY", "HUB", "LINKED_TO_HUB"})
"""Discord's flags of servers one can join without an invite."""
BY_REQUEST = "MEMBER_VERIFICATION_MANUAL_APPROVAL"
"""Discord's flag of servers where the use of an invite and the arrival can lie days apart."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the time between two looks was observed."""

    watched: bool
    """Every arrival in between was heard of, and none was under way during either look."""
    features: Collection[str] = ()
    complete: bool = True
    """Everybody who is here now is known."""
    unseen: Collection[str] | None = None
    """Invites that were made and gone again in between (None: the audit log could not be read)."""

    @property
    def proof(self) -> bool:
        """Whether equal numbers prove anything.

        While the bot was away, somebody may have come by the invite and gone, and somebody else have come without.
        That is ruled out where every way in is an invite we know of.
        """
        if BY_REQUEST in self.features:
            return False
        shut = not OTHER_DOORS.intersection(self.features)
        return self.watched or (shut and self.complete and self.unseen is not None and not self.unseen)
