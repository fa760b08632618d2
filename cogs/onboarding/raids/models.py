"""Tables of the raid brake: each raid with what was done about it, and who came."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, NoMemberData, RowId, Snowflake
from bot.i18n.marks import N_


class Raid(Base):
    """Many young accounts came at once. The newest one of a server is the one that counts."""

    __tablename__ = "onboarding_raid"
    __table_args__ = (
        Index("ix_onboarding_raid_guild", "guild_id", "id"),
        # Its number is in the custom_ids of an alert, which may stay for years.
        {"sqlite_autoincrement": True},
    )
    __member_data__ = NoMemberData(
        "what happened to a server",
        mentions=("dismissed_by", "paused_by", "pause_ended_by", "held_by", "hold_ended_by", "banned_by"),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    began_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When the last young account came."""
    joins: Mapped[int]
    """The limits that were passed, as they were: so many joins …"""
    within_seconds: Mapped[int]
    younger_seconds: Mapped[int]
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[Snowflake | None]
    paused_at: Mapped[datetime | None]
    """When somebody asked for the present pause of invites."""
    paused_by: Mapped[Snowflake | None]
    paused_until: Mapped[datetime | None]
    """Until when Discord was last told to pause them."""
    pause_ended_at: Mapped[datetime | None]
    pause_ended_by: Mapped[Snowflake | None]
    """Null too when it was ended in Discord's own menu."""
    held_at: Mapped[datetime | None]
    held_by: Mapped[Snowflake | None]
    level_before: Mapped[int | None]
    """Discord's verification level as it was, to be restored exactly."""
    level_raised: Mapped[int | None]
    level_done: Mapped[bool] = mapped_column(default=False)
    """Discord was told to raise it."""
    hold_ended_at: Mapped[datetime | None]
    hold_ended_by: Mapped[Snowflake | None]
    banned_at: Mapped[datetime | None]
    banned_by: Mapped[Snowflake | None]


class RaidJoiner(Base):
    """Somebody came during a raid."""

    __tablename__ = "onboarding_raid_joiner"
    __table_args__ = (Index("ix_onboarding_raid_joiner_member", "guild_id", "user_id"),)
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("That you came while many new accounts did, and what the team decided."),
        kept=N_("Until you ask to be erased, or 30 days after the bot left the server."),
        counterparties=("released_by",),
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    raid_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    joined_at: Mapped[datetime]
    young: Mapped[bool]
    held_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_by: Mapped[Snowflake | None]
    settled: Mapped[bool] = mapped_column(default=True)
    """False from a release until what Discord owes them was paid."""
    ban_at: Mapped[datetime | None]
    """When somebody decided to ban them."""
    banned_at: Mapped[datetime | None]
    """When Discord did."""
    refused_at: Mapped[datetime | None]
    """When Discord would not, or a reason to spare them had come up by then."""
