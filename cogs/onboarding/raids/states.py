"""A raid, and whoever came, as plain values."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from cogs.onboarding.raids.models import Raid, RaidJoiner


@dataclass(frozen=True, slots=True)
class RaidState:
    """A raid as it stands. Columns are explained in ``models``."""

    id: int
    guild_id: int
    began_at: datetime
    last_at: datetime
    joins: int
    within_seconds: int
    younger_seconds: int
    dismissed_at: datetime | None
    dismissed_by: int | None
    paused_at: datetime | None
    paused_by: int | None
    paused_until: datetime | None
    pause_ended_at: datetime | None
    pause_ended_by: int | None
    held_at: datetime | None
    held_by: int | None
    level_before: int | None
    level_raised: int | None
    level_done: bool
    hold_ended_at: datetime | None
    hold_ended_by: int | None
    banned_at: datetime | None
    banned_by: int | None

    @property
    def within(self) -> timedelta:
        return timedelta(seconds=self.within_seconds)

    @property
    def younger_than(self) -> timedelta:
        return timedelta(seconds=self.younger_seconds)

    @property
    def paused(self) -> bool:
        """Invites are to be paused."""
        return self.paused_at is not None and self.pause_ended_at is None

    @property
    def holding(self) -> bool:
        """Whoever comes is to wait for the team."""
        return self.held_at is not None and self.hold_ended_at is None

    @property
    def braked(self) -> bool:
        return self.paused or self.holding


@dataclass(frozen=True, slots=True)
class Joiner:
    """Somebody who came during a raid."""

    user_id: int
    name: str
    here: bool
    young: bool
    answered: bool
    held: bool
    """Waits for the team."""
    released: bool
    ban_wanted: bool
    banned: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a raid's joiners are what."""

    young: int
    held: int
    released: int
    ban_wanted: int
    """Decided on, and not done yet."""
    banned: int
    refused: int


def state_of(raid: Raid) -> RaidState:
    return RaidState(**{field.name: getattr(raid, field.name) for field in fields(RaidState)})


def joiner_of(row: RaidJoiner, name: str | None, left_at: datetime | None, answered_at: datetime | None) -> Joiner:
    return Joiner(
        user_id=row.user_id,
        name=name or "",
        here=name is not None and left_at is None,
        young=row.young,
        answered=answered_at is not None,
        held=row.held_at is not None and row.released_at is None,
        released=row.released_at is not None,
        ban_wanted=row.ban_at is not None and row.refused_at is None,
        banned=row.banned_at is not None,
        refused=row.refused_at is not None,
    )
