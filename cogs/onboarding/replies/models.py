"""Tables of the first answer: who waits for it, who offered to give it, and who was asked."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, RowId, Snowflake
from bot.i18n.marks import N_

_KEPT = N_("Until you ask to be erased, or 30 days after the bot left the server.")


class Ended(StrEnum):
    """Why nobody waits any more."""

    ANSWERED = "answered"
    LEFT = "left"
    HANDLED = "handled"
    """The team marked it as done."""


class Awaited(Base):
    """A newcomer who said their first words, and what was done until somebody answered."""

    __tablename__ = "onboarding_awaited"
    __table_args__ = (
        UniqueConstraint("guild_id", "user_id"),
        # Timers and inbox items know it by this number, so that they name nobody: it must not be given to another.
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "user_id", purpose=N_("Where you wrote first, and how long you waited for an answer."), kept=_KEPT
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    began_at: Mapped[datetime]
    """When they wrote or introduced themselves, whichever came first."""
    channel_id: Mapped[Snowflake | None]
    message_id: Mapped[Snowflake | None]
    """Their first message; null where they have only introduced themselves, or wrote while the bot was away."""
    turn: Mapped[int] = mapped_column(default=1)
    """Rises when they come back while their words are fresh: the inbox takes each turn once."""
    escalated_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[Ended | None]


class Answer(StrEnum):
    """What a greeter said to a call."""

    TAKEN = "taken"
    DECLINED = "declined"


class GreeterCall(Base):
    """A greeter was asked to answer a newcomer, by a message in the greeters' channel."""

    __tablename__ = "onboarding_greeter_call"
    __table_args__ = (
        UniqueConstraint("awaited_id", "greeter_id"),
        Index("ix_onboarding_greeter_call_greeter", "guild_id", "greeter_id"),
        # Messages carry this number.
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "greeter_id",
        purpose=N_("When you were asked to greet a newcomer, and what you answered."),
        kept=_KEPT,
        counterparties=("taken_by",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    awaited_id: Mapped[Snowflake] = mapped_column(ForeignKey("onboarding_awaited.id", ondelete="CASCADE"), index=True)
    greeter_id: Mapped[Snowflake]
    asked_at: Mapped[datetime]
    answer: Mapped[Answer | None]
    taken_by: Mapped[Snowflake | None]
    """The greeter, or another one."""
    tried_at: Mapped[datetime | None]
    """When the message was first attempted."""
    channel_id: Mapped[Snowflake | None]
    message_id: Mapped[Snowflake | None]
    shown: Mapped[str | None]
    """What the message says, in one word; when it should say another, it is drawn again."""


class Greeter(Base):
    """A member who offered to greet newcomers, and when."""

    __tablename__ = "onboarding_greeter"
    __member_data__ = MemberData(
        "user_id", purpose=N_("That you offered to greet newcomers, and at which hours."), kept=_KEPT
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime]
    """When being on call ends by itself, or ended."""
    days: Mapped[int]
    """A bit for each day, Monday first."""
    start_minute: Mapped[int]
    """Minutes after local midnight."""
    end_minute: Mapped[int]
    paused_until: Mapped[datetime | None]
    zone: Mapped[str | None]
    asked_at: Mapped[datetime | None]
