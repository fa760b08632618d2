"""Tables of the attribution: invites as last looked at, their uses by week, who came by which, and who looked it up."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, NoMemberData, RowId, Snowflake
from bot.i18n.marks import N_


class Invite(Base):
    """An invite of a server, as the last look found it."""

    __tablename__ = "onboarding_invite"
    __member_data__ = NoMemberData("invites and how often they were used", mentions=("inviter_id",))

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(primary_key=True)
    inviter_id: Mapped[Snowflake | None]
    """Who made it; written once, so that it stays empty after they were erased."""
    channel_id: Mapped[Snowflake | None]
    created_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    max_uses: Mapped[int]
    """0: no limit."""
    uses: Mapped[int]
    vanity: Mapped[bool]
    """The server's own address."""
    gone_at: Mapped[datetime | None]
    """When it was first missing."""


class InviteWeek(Base):
    """How often an invite was used in one week; the local Monday names the week."""

    __tablename__ = "onboarding_invite_week"
    __member_data__ = NoMemberData("how often invites were used")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    week: Mapped[date] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    uses: Mapped[int]


class InviteLook(Base):
    """When the uses of a server's invites were last looked at; without a row there is nothing to compare with."""

    __tablename__ = "onboarding_invite_look"
    __member_data__ = NoMemberData("when invites were last looked at")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    looked_at: Mapped[datetime]


class Arrival(Base):
    """By which invite a member came, for each of their stays."""

    __tablename__ = "onboarding_arrival"
    __table_args__ = (
        Index("ix_onboarding_arrival_code", "guild_id", "code"),
        Index("ix_onboarding_arrival_inviter", "guild_id", "inviter_id"),
    )
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("By which invite you came and who made it, as far as that is known."),
        kept=N_("Until you ask to be erased, or 30 days after the bot left the server."),
        counterparties=("inviter_id",),
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    joined_at: Mapped[datetime] = mapped_column(primary_key=True)
    left_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """Null until the invites were looked at."""
    code: Mapped[str | None]
    """Only when it is certain."""
    candidates: Mapped[list[Any]]
    """Codes, one of which may have brought them."""
    inviter_id: Mapped[Snowflake | None]
    """Who made the invite ``code``."""


class InviteRead(Base):
    """Somebody of the team looked up by which invite a member came, and who came by theirs."""

    __tablename__ = "onboarding_invite_read"
    __table_args__ = (
        Index("ix_onboarding_invite_read_user", "guild_id", "user_id"),
        Index("ix_onboarding_invite_read_read_at", "read_at"),
    )
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("When the team looked up by which invite you came and who came by yours."),
        kept=N_("180 days, or until you ask to be erased."),
        counterparties=("read_by",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    """Who was looked up."""
    read_by: Mapped[Snowflake | None]
    """Who looked; null once they were erased."""
    read_at: Mapped[datetime]
