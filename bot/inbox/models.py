"""Tables of the inbox: what waits, who did what about it, and when each person of the team is free."""

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, NoMemberData, OnErase, RowId, Snowflake
from bot.i18n.marks import N_


class InboxEntry(Base):
    """Something a feature put before the team. It stays for a while once settled, so that it cannot come twice."""

    __tablename__ = "inbox_item"
    __table_args__ = (
        UniqueConstraint("guild_id", "kind", "source"),
        Index("ix_inbox_item_open", "guild_id", "settled_at", "added_at"),
    )
    __member_data__ = MemberData(
        "subject_id",
        purpose=N_("That something concerning you waited for the team, and who took care of it."),
        kept=N_("Until 180 days after the matter was settled."),
        on_erase=OnErase.ANONYMISE,
        counterparties=("holder_id", "settled_by"),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    kind: Mapped[str]
    source: Mapped[str]
    """What caused it, unique per kind; ids of rows, never of a person."""
    subject_id: Mapped[Snowflake | None] = mapped_column(index=True)
    params: Mapped[dict[str, Any]]
    link_channel: Mapped[Snowflake | None]
    link_message: Mapped[Snowflake | None]
    added_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When it becomes urgent; null where its kind says so."""
    holder_id: Mapped[Snowflake | None]
    held_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[Snowflake | None]
    outcome: Mapped[str | None]


class Act(Enum):
    """What was done about an item."""

    ADDED = "added"
    CLAIMED = "claimed"
    HANDED_OVER = "handed_over"
    RELEASED = "released"
    EXPIRED = "expired"
    SETTLED = "settled"


class InboxAct(Base):
    """One thing that was done about an item."""

    __tablename__ = "inbox_act"
    __member_data__ = MemberData(
        "actor_id",
        purpose=N_("As one of the team: what you took care of, handed over and settled."),
        kept=N_("Until 180 days after the matter was settled."),
        on_erase=OnErase.ANONYMISE,
        counterparties=("target_id",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake] = mapped_column(index=True)
    item_id: Mapped[Snowflake] = mapped_column(ForeignKey("inbox_item.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    act: Mapped[Act]
    actor_id: Mapped[Snowflake | None] = mapped_column(index=True)
    """None: the bot."""
    target_id: Mapped[Snowflake | None]
    """Whose claim began or ended by it."""
    outcome: Mapped[str | None]


class StaffAvailability(Base):
    """When a person of the team wants to be left alone."""

    __tablename__ = "staff_availability"
    __table_args__ = (UniqueConstraint("guild_id", "user_id"),)
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("Your quiet hours and holidays as one of the team."),
        kept=N_("Until you clear them or ask to be erased."),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    zone: Mapped[str | None]
    quiet_from: Mapped[int | None]
    """Minutes after local midnight."""
    quiet_to: Mapped[int | None]
    away_from: Mapped[date | None]
    away_to: Mapped[date | None]
    """The last day of the holiday."""


class InboxMessage(Base):
    """The one message in a server's staff channel that shows what waits."""

    __tablename__ = "inbox_message"
    __member_data__ = NoMemberData("where a message of the bot stands")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    """How many messages there were; the button of each carries its own, which is never used again."""
    channel_id: Mapped[Snowflake | None]
    """None: no message stands."""
    message_id: Mapped[Snowflake | None]
    """None until it is known that Discord has it."""
    shown: Mapped[str | None]
    """Fingerprint of what it shows."""
