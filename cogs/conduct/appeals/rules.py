"""Who may decide an appeal: plain values in, a reason out."""

from collections.abc import Collection
from enum import StrEnum

SHORTEST, LONGEST = 10, 2000
"""Characters of what a member writes: long enough to say something, short enough to be read."""


class Barred(StrEnum):
    """Why somebody may not decide."""

    SUBJECT = "subject"
    """It is their own case."""
    SANCTIONER = "sanctioner"
    """They made the case, and somebody else can decide."""
    OUTSIDER = "outsider"
    """They are not of those who moderate."""


def barred(
    person: int, *, subject: int, sanctioner: int | None, deciders: Collection[int], owner: int
) -> Barred | None:
    """Why ``person`` may not decide; None when they may. ``deciders`` are those who moderate.

    Whoever made the case decides only as the owner of a server in which nobody else moderates.
    """
    if person == subject:
        return Barred.SUBJECT
    if person != owner and person not in deciders:
        return Barred.OUTSIDER
    if person == sanctioner and others(person, subject=subject, deciders=deciders, owner=owner):
        return Barred.SANCTIONER
    if person == sanctioner and person != owner:
        return Barred.SANCTIONER
    return None


def others(person: int, *, subject: int, deciders: Collection[int], owner: int) -> frozenset[int]:
    """Who else could decide."""
    return frozenset({*deciders, owner}) - {person, subject}


def only_owner(*, subject: int, sanctioner: int | None, deciders: Collection[int], owner: int) -> bool:
    """Whether nobody but the owner can decide: a server with a single moderator is told so."""
    return frozenset(deciders) - {subject, sanctioner, owner} == frozenset()
