"""Tables of lockdowns: each with everything it changes, as that was before. Written before Discord is asked."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData, RowId, Snowflake


class Target(StrEnum):
    """What a step changes."""

    ROLE = "role"
    """What a role may do in a channel."""
    MEMBER = "member"
    """What the bot itself may do in a channel."""
    SLOW = "slow"
    """A channel's slow mode."""
    LEVEL = "level"
    """The server's verification level."""


class StepState(StrEnum):
    """How far a step is."""

    WANTED = "wanted"
    """Nothing is known to have been done yet."""
    SET = "set"
    RESTORED = "restored"
    LEFT = "left"
    """Somebody changed it by hand meanwhile: it is theirs."""
    GONE = "gone"
    """The channel or role does not exist any more."""


class Lockdown(Base):
    """A server was locked down. At most one of a server is ``open``, until everything is as before."""

    __tablename__ = "conduct_lockdown"
    # Its number is in the custom_id of a post that stays.
    __table_args__ = (UniqueConstraint("guild_id", "open"), {"sqlite_autoincrement": True})
    __member_data__ = NoMemberData("what happened to a server", mentions=("started_by", "ended_by"))

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    open: Mapped[bool | None]
    """True until everything was put back; then null, of which there may be many."""
    closes: Mapped[bool]
    """Channels are closed; otherwise they have slow mode."""
    started_at: Mapped[datetime]
    started_by: Mapped[Snowflake | None]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Snowflake | None]
    """Null too when its time was up."""
    pauses: Mapped[bool]
    """Invites are to be paused."""
    holds: Mapped[bool] = mapped_column(default=False)
    """Newcomers wait for their role until it is over."""
    pause_before: Mapped[datetime | None]
    """Until when they were paused when it began."""
    pause_until: Mapped[datetime | None]
    """Until when Discord was last told to pause them."""
    pause_over: Mapped[bool] = mapped_column(default=False)
    """The pause was given back, or somebody ended it by hand."""
    skipped: Mapped[list[Any]]
    """Channels that were left out because the bot lacked a permission there."""


class LockdownStep(Base):
    """One thing a lockdown changes: how it was, and what it is set to."""

    __tablename__ = "conduct_lockdown_step"
    __table_args__ = (UniqueConstraint("lockdown_id", "channel_id", "target_id", "target"),)
    __member_data__ = NoMemberData("what roles may do in channels; the only member named is the bot")

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    lockdown_id: Mapped[Snowflake]
    channel_id: Mapped[Snowflake]
    """0 for the server itself."""
    target: Mapped[Target]
    target_id: Mapped[Snowflake]
    """A role or the bot; 0 for slow mode and the level."""
    mask: Mapped[Snowflake] = mapped_column(default=0)
    """The permissions it is about, as Discord's bits."""
    existed: Mapped[bool] = mapped_column(default=True)
    """There was an overwrite before."""
    before: Mapped[list[Any]]
    """Allowed and denied bits; or the seconds; or the level."""
    after: Mapped[list[Any]]
    state: Mapped[StepState] = mapped_column(default=StepState.WANTED)
