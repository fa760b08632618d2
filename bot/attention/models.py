"""Tables of the attention budget: what each member was bothered with, and what waits to be said."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from bot.contracts.attention import Outcome
from bot.database import Base, MemberData, RowId, Snowflake
from bot.i18n.marks import N_


class AttentionAccount(Base):
    """When a member was last written to or pinged unasked, and whether they want to be at all."""

    __tablename__ = "attention_account"
    __table_args__ = (
        UniqueConstraint("guild_id", "user_id"),
        # A promise names the row: SQLite must not give the number of an erased one to another member.
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("When you last got a message or a ping you did not ask for, and whether you chose Silence."),
        kept=N_("Until you ask to be erased, or 30 days after the bot left the server."),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    silenced_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    """When the week's message was decided on: the budget is used up from then on, whatever happens next."""
    closed_at: Mapped[datetime | None]
    """When Discord last said that they take no private messages; null again once one arrived."""
    pinged_at: Mapped[datetime | None]


class AttentionProposal(Base):
    """Something a feature wants to tell a member. It stays for a while once settled, so that it is not said twice."""

    __tablename__ = "attention_proposal"
    __table_args__ = (
        UniqueConstraint("guild_id", "user_id", "kind", "source"),
        Index("ix_attention_proposal_settled_at", "settled_at"),
        # The number is in the message's custom_id, by which it is found again.
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("Which occasions there were to write to you unasked; never a text."),
        kept=N_("Until 60 days after the occasion has passed."),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    kind: Mapped[str]
    source: Mapped[str]
    params: Mapped[dict[str, Any]]
    usefulness: Mapped[int]
    proposed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    """When it won: from then on the message may exist."""
    settled_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
