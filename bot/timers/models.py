"""The table of everything promised for later."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData, RowId, Snowflake


class Timer(Base):
    """One promise. ``key`` is unique, so that scheduling the same promise again moves it instead of doubling it."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_next_at", "next_at"),)
    __member_data__ = NoMemberData("promises of the bot; a payload carries row ids, never a person")

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake | None] = mapped_column(index=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[datetime]
    """What was promised; it stays while attempts fail."""
    next_at: Mapped[datetime]
    """When a worker may claim the row: ``due_at``, then the end of the lease once claimed, the next try once failed."""
    payload: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(default=0)
    """Failures in a row."""
    claimed_by: Mapped[str | None]
    """The claim under which a handler runs; scheduling again voids it."""
    last_error: Mapped[str | None]
    """Kind of the last failure, never its text: that may quote what a member wrote."""
    paused: Mapped[bool] = mapped_column(default=False)
