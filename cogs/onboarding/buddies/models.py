"""Tables of the buddies: who offers to be one, who would like one, and who is whose."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, RowId, Snowflake
from bot.i18n.marks import N_

_KEPT = N_("Until you ask to be erased, or 30 days after the bot left the server.")


class BuddyOffer(Base):
    """A member offers to be a buddy."""

    __tablename__ = "onboarding_buddy_offer"
    __table_args__ = (UniqueConstraint("guild_id", "user_id"), {"sqlite_autoincrement": True})
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("That you offer to be a buddy, and for how many newcomers at once."),
        kept=N_("Until you stop, leave, or ask to be erased, or 30 days after the bot left the server."),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    capacity: Mapped[int]
    paused: Mapped[bool] = mapped_column(default=False)
    unreachable: Mapped[bool] = mapped_column(default=False)
    """Paused because no message reaches them."""
    offered_at: Mapped[datetime]


class BuddyWish(Base):
    """A member would like a buddy and has none yet."""

    __tablename__ = "onboarding_buddy_wish"
    __table_args__ = (UniqueConstraint("guild_id", "user_id"), {"sqlite_autoincrement": True})
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("That you would like a buddy."),
        kept=N_("Until you have one, take it back, leave, or ask to be erased."),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    asked_at: Mapped[datetime]


class Ending(StrEnum):
    """Why two are no longer paired."""

    OVER = "over"
    CHANGED = "changed"
    """The newcomer would like somebody else."""
    WITHDREW = "withdrew"
    """The buddy cannot go on."""
    LEFT = "left"
    """One of them left, or was erased."""
    UNREACHABLE = "unreachable"
    """No message reached the buddy."""


class BuddyPair(Base):
    """A newcomer and their buddy, for two weeks. At most one row of a newcomer has no end."""

    __tablename__ = "onboarding_buddy_pair"
    __table_args__ = (
        Index("ix_onboarding_buddy_pair_newcomer", "guild_id", "newcomer_id"),
        Index("ix_onboarding_buddy_pair_buddy", "guild_id", "buddy_id"),
        # Timers, buttons and facts know a pair by this number, so that they name nobody.
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "newcomer_id",
        purpose=N_("Who your buddy is or was, and whether you met."),
        kept=_KEPT,
        counterparties=("buddy_id",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    newcomer_id: Mapped[Snowflake]
    buddy_id: Mapped[Snowflake | None]
    """Null once the buddy was erased."""
    begun_at: Mapped[datetime]
    asked: Mapped[int] = mapped_column(default=0)
    """How many of the check-ins were proposed."""
    introduced_at: Mapped[datetime | None]
    """When the two were told of each other."""
    thread_id: Mapped[Snowflake | None]
    message_id: Mapped[Snowflake | None]
    """The introduction in that thread."""
    met_at: Mapped[datetime | None]
    """When the newcomer said that they met."""
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None]
