"""The table of appeals."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, OnErase, RowId, Snowflake
from bot.i18n.marks import N_


class Outcome(StrEnum):
    """How an appeal was decided."""

    UPHELD = "upheld"
    """The case stands."""
    OVERTURNED = "overturned"


class Appeal(Base):
    """A member contests a case; once for each."""

    __tablename__ = "conduct_appeal"
    __table_args__ = (UniqueConstraint("guild_id", "case_id"), {"sqlite_autoincrement": True})
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("Your appeals as you wrote them, and what was decided."),
        kept=N_(
            "Until you ask to be erased: then without your name and words. Or 30 days after the bot left the server."
        ),
        on_erase=OnErase.KEEP_HASHED,
        counterparties=("decided_by",),
        personal=("text",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    case_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    text: Mapped[str | None]
    """What the member wrote; null once they were erased."""
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    thread_id: Mapped[Snowflake | None]
    """Where the team talks about it."""
    message_id: Mapped[Snowflake | None]
    """What they decide on, in that thread."""
    tried_at: Mapped[datetime | None]
    """When the thread was first attempted."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[Snowflake | None]
    outcome: Mapped[Outcome | None]
    answer: Mapped[str] = mapped_column(default="")
    """What the member is told beside the outcome."""
    told_at: Mapped[datetime | None]
    """When the decision reached the member, or was found not to: **See the decision** is always there."""
