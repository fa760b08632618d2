"""The table of reports."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.database import Base, MemberData, OnErase, RowId, Snowflake
from bot.i18n.marks import N_


class Outcome(StrEnum):
    """What became of a report."""

    SANCTIONED = "sanctioned"
    """Upheld, and a case was made."""
    UPHELD = "upheld"
    """Upheld without a sanction: a word in private, a deleted message."""
    NOT_UPHELD = "not_upheld"
    DUPLICATE = "duplicate"
    """Somebody else had reported the same."""


class Report(Base):
    """Somebody told the team about a member. Who it was is shown to the team alone, and to nobody else ever."""

    __tablename__ = "conduct_report"
    __table_args__ = (
        UniqueConstraint("guild_id", "source"),
        Index("ix_conduct_report_subject", "guild_id", "subject_id"),
        Index("ix_conduct_report_made", "guild_id", "made_at"),
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "reporter_id",
        purpose=N_("What you reported, in your own words, and what became of it."),
        kept=N_("Until you ask to be erased, or one year after it was closed."),
        on_erase=OnErase.ANONYMISE,
        counterparties=("subject_id", "decided_by"),
        personal=("details",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    source: Mapped[str]
    reporter_id: Mapped[Snowflake | None]
    """Null once the reporter was erased."""
    subject_id: Mapped[Snowflake | None]
    """Whom it is about; null once they were erased."""
    article: Mapped[int | None]
    details: Mapped[str | None]
    evidence_id: Mapped[Snowflake | None]
    channel_id: Mapped[Snowflake | None]
    message_id: Mapped[Snowflake | None]
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[Snowflake | None]
    outcome: Mapped[Outcome | None]
    case_id: Mapped[Snowflake | None]
    told_at: Mapped[datetime | None]
