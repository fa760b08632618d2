"""By which invites people come, as plain values: what can be known, and said to be uncertain where it cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Origin:
    """By which invite a member came. ``code`` is certain; else ``candidates`` may have brought them, or none did.

    A reward must rest on ``code`` alone: nobody who may have come by another invite vests a referral.
    """

    joined_at: datetime
    settled: bool
    """False until the invites were looked at, a few seconds after they joined."""
    code: str | None
    inviter_id: int | None
    """Who made ``code``; None for the server's own address, and once they were erased."""
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who came, for certain, by an invite that one person made."""

    user_id: int
    joined_at: datetime
    left_at: datetime | None
    """The end of that stay; None while they are here."""
    code: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Of those who came ``days`` ago or earlier: how many they are, and how many stayed that long."""

    days: int
    came: int
    stayed: int


@dataclass(frozen=True, slots=True)
class InviteCounts:
    """An invite, or everything one person made (then ``code`` is None)."""

    code: str | None
    inviter_id: int | None
    inviter: str | None
    """The inviter's name as last seen."""
    vanity: bool
    gone: bool
    uses: int
    """Exact, as Discord counted them."""
    joined: int
    """Those who came by it for certain."""
    perhaps: int
    """Those who may have come by it or by another."""
    kept: tuple[Kept, ...]
    """Of those who came for certain, after 7 and after 30 days."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Everybody who joined: by a known invite, by one of several, by none that was counted, and not looked at yet."""

    certain: int
    ambiguous: int
    unknown: int
    waiting: int


class InviteFigures(Protocol):
    """Whoever follows the invites of servers, as a reader of figures and a payer of referrals need it.

    Nothing here is logged as a look at a person: what is shown to the team about somebody goes another way.
    """

    async def origin(self, guild_id: int, user_id: int) -> Origin | None:
        """Of a member's present or last stay; None when nothing was noted."""
        ...

    async def guests(self, guild_id: int, inviter_id: int, since: datetime | None = None) -> Sequence[Guest]:
        """Everybody who came by this person's invites for certain, from ``since`` on, oldest first."""
        ...

    async def by_code(self, guild_id: int, since: datetime | None = None) -> Sequence[InviteCounts]:
        """Every invite that is there or was used, most used first; arrivals from ``since`` on. Uses are of all time."""
        ...

    async def by_inviter(self, guild_id: int, since: datetime | None = None) -> Sequence[InviteCounts]:
        """The same for everything one person made, most used first. Vanity addresses belong to nobody."""
        ...

    async def by_week(self, guild_id: int, since: date) -> Mapping[date, Mapping[str, int]]:
        """Week (its local Monday) → code → uses, from the week of ``since`` on."""
        ...

    async def totals(self, guild_id: int, since: datetime | None = None, until: datetime | None = None) -> Totals:
        """How much is known about those who joined from ``since`` on and before ``until``."""
        ...
