"""What a lockdown sets, and what it gives back, decided on plain values: nothing that a human changed is undone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST, LONGEST = 5, 7 * 24 * 60
"""Minutes a lockdown may last."""
PAUSE = timedelta(hours=23, minutes=50)
"""Discord pauses invites for a day at most; some of it is left to a clock that is ahead."""
RENEWED_BEFORE = timedelta(hours=1)
SAME = timedelta(seconds=5)
"""Discord may round an instant."""


@dataclass(frozen=True, slots=True)
class Bits:
    """What an overwrite allows and denies, as Discord's bits."""

    allow: int = 0
    deny: int = 0

    def within(self, mask: int) -> "Bits":
        return Bits(self.allow & mask, self.deny & mask)

    def with_part(self, other: "Bits", mask: int) -> "Bits":
        """This, and within ``mask`` the other."""
        return Bits(self.allow & ~mask | other.allow & mask, self.deny & ~mask | other.deny & mask)


NOTHING = Bits()


def closed(before: Bits | None, mask: int) -> Bits:
    """All of ``mask`` is denied."""
    return (before or NOTHING).with_part(Bits(0, mask), mask)


def opened(before: Bits | None, mask: int) -> Bits:
    """All of ``mask`` is allowed."""
    return (before or NOTHING).with_part(Bits(mask, 0), mask)


class Verdict(StrEnum):
    """What is to be done about one thing."""

    DONE = "done"
    """It is already as it is to be."""
    WRITE = "write"
    THEIRS = "theirs"
    """Somebody chose something else by hand."""


def verdict(*, found: object, ours: object, wanted: object) -> Verdict:
    """``ours`` is how we expect to find it, ``wanted`` how it is to be. What is neither was chosen by somebody."""
    if found == wanted:
        return Verdict.DONE
    return Verdict.WRITE if found == ours else Verdict.THEIRS


def setting(before: Bits | None, after: Bits, found: Bits | None, mask: int) -> tuple[Verdict, Bits | None]:
    """What to make of an overwrite when the lockdown begins, and the overwrite to write."""
    present = found or NOTHING
    ours = (before or NOTHING).within(mask)
    judged = verdict(found=present.within(mask), ours=ours, wanted=after.within(mask))
    return judged, present.with_part(after, mask)


def restoring(before: Bits | None, after: Bits, found: Bits | None, mask: int) -> tuple[Verdict, Bits | None]:
    """What to make of it when the lockdown is over; None: the overwrite did not exist, and is to be deleted.

    What somebody changed by hand outside of ``mask`` stays; what they changed within it is theirs.
    """
    present = found or NOTHING
    wanted = present.with_part(before or NOTHING, mask)
    ours = after.within(mask)
    judged = verdict(found=present.within(mask), ours=ours, wanted=wanted.within(mask))
    return judged, None if before is None and wanted == NOTHING else wanted


def pause_to_set(until: datetime, noted: datetime | None, seen: datetime | None, present: datetime) -> datetime | None:
    """Until when to ask Discord to pause invites; None when nothing is to be asked now.

    ``until``: the end of the lockdown. ``noted``: until when we paused them; ``seen``: until when they are paused.
    """
    wanted = min(until, present + PAUSE)
    if seen is not None and seen >= wanted - SAME:
        return None
    if noted is None or noted <= present:
        return wanted
    if ended_by_hand(noted, seen, present):
        return None
    return wanted if noted - present <= RENEWED_BEFORE or noted < wanted == until else None


def ended_by_hand(noted: datetime | None, seen: datetime | None, present: datetime) -> bool:
    """We paused invites for longer than now, and they are not paused."""
    return noted is not None and noted > present and (seen is None or seen <= present)


def is_ours(noted: datetime | None, seen: datetime | None) -> bool:
    """The pause that Discord shows is the one we asked for."""
    return noted is not None and seen is not None and abs(noted - seen) <= SAME


def next_look(until: datetime, noted: datetime | None, present: datetime) -> datetime:
    """When to look at a lockdown in force again: at its end, or before the pause of invites runs out."""
    if noted is None:
        return min(until, present + RENEWED_BEFORE)
    if noted >= until - SAME:
        return until
    return min(until, max(noted - RENEWED_BEFORE, present + timedelta(minutes=1)))
