"""Tables about newcomers: when they came, and what was done about a step they were stuck at."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, RowId, Snowflake
from bot.i18n.marks import N_

_KEPT = N_("Until you ask to be erased, or 30 days after the bot left the server.")


class Newcomer(Base):
    """Somebody who joined for the first time while the welcome was on."""

    __tablename__ = "onboarding_newcomer"
    __table_args__ = (
        UniqueConstraint("guild_id", "user_id"),
        Index("ix_onboarding_newcomer_came_at", "guild_id", "came_at"),
        # Timers know a newcomer by this number, so that they name nobody: it must not be given to another.
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "user_id", purpose=N_("When you came here first, and when you had written three times."), kept=_KEPT
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    came_at: Mapped[datetime]
    """The first time; a return does not make a newcomer."""
    screened_at: Mapped[datetime | None]
    """When Discord's own rules screening was over for the first time."""
    third_message_at: Mapped[datetime | None]
    """When the third counted message was noticed; after an outage, when it was caught up with."""


class StuckStep(Base):
    """What was done about a newcomer who was stuck at a step of the welcome."""

    __tablename__ = "onboarding_stuck_step"
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("Whether you were reminded of a step of the welcome, or the team took care of it."),
        kept=_KEPT,
        counterparties=("asked_by", "handled_by"),
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    """How often a reminder was proposed: each proposal has this number as its source."""
    waiting: Mapped[bool] = mapped_column(default=False)
    """A proposal waits for its turn."""
    told_at: Mapped[datetime | None]
    """When the reminder was sent, or may have been: from then on there is none for this step."""
    outcome: Mapped[str | None]
    """What became of the last proposal; a value of ``bot.contracts.attention.Outcome``."""
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[Snowflake | None]
    """Who of the team wanted a reminder."""
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[Snowflake | None]
    """Who of the team took care of it by themselves."""
