"""The table of evidence."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.database import Base, MemberData, OnErase, RowId, Snowflake
from bot.i18n.marks import N_


class Evidence(Base):
    """A message as it was when a member reported it, or a moderator attached it to a case."""

    __tablename__ = "conduct_evidence"
    __table_args__ = (
        UniqueConstraint("guild_id", "source"),
        Index("ix_conduct_evidence_case", "guild_id", "case_id"),
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "author_id",
        purpose=N_("Messages of yours that were reported, or attached to a decision about you."),
        kept=N_(
            "As long as the case counts, or 90 days after a report without one was closed; one day where a moderator "
            "looked at it and did nothing. Even when you ask to be erased: then without your name."
        ),
        on_erase=OnErase.KEEP_HASHED,
        counterparties=("taken_by",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    source: Mapped[str]
    """What it was taken for, unique in the server."""
    case_id: Mapped[Snowflake | None]
    author_id: Mapped[Snowflake]
    channel_id: Mapped[Snowflake]
    message_id: Mapped[Snowflake]
    written_at: Mapped[datetime]
    content: Mapped[str]
    """At most 4,000 characters, as Discord gave them."""
    attachments: Mapped[list[Any]]
    """Names of the files; the files themselves are not kept."""
    taken_at: Mapped[datetime]
    taken_by: Mapped[Snowflake | None]
    forget_at: Mapped[datetime | None]
    """When it goes; null while what it belongs to is open."""
