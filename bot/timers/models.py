"""The table of everything promised for later."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData, RowId, Snowflake


class Timer(Base):
    """One promise. ``key`` is unique, so that scheduling the same promise again moves it instead of doubling it."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_due_at", "due_at"),)
    __member_data__ = NoMemberData("promises of the bot; a payload carries row ids, never a person")

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake | None] = mapped_column(index=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None]
    paused: Mapped[bool] = mapped_column(default=False)
