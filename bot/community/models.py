"""Tables of the kernel: members, what they did each day, how far was counted, and contributions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, NoMemberData, RowId, Snowflake
from bot.i18n.marks import N_

ANONYMOUS = 0
"""Stands in ``activity_day.user_id`` for members who opted out and for sensitive channels."""


class Member(Base):
    """Somebody who is, or was, a member of a server. Bots have no row."""

    __tablename__ = "member"
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("Since when you are here, under which name, and what you chose about your data."),
        kept=N_("Until you ask to be erased, or 30 days after the bot left the server."),
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    display_name: Mapped[str]
    """As of the last time it was seen, so that nobody ever reads an id."""
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    rejoins: Mapped[int] = mapped_column(default=0)
    pending: Mapped[bool] = mapped_column(default=False)
    """Discord's own rules screening is not over yet."""
    locale: Mapped[str | None]
    """Discord's name of the member's language, as of their last command."""
    last_active_at: Mapped[datetime | None]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ActivityDay(Base):
    """What a member did in a channel on one local day. A thread counts for its channel."""

    __tablename__ = "activity_day"
    __table_args__ = (Index("ix_activity_day_member", "guild_id", "user_id", "day"),)
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("How much you took part each day: numbers only, never what you wrote."),
        kept=N_("Until you ask to be erased, or 30 days after the bot left the server."),
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    user_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    """0: counted anonymously."""
    channel_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    messages: Mapped[int]
    reactions_given: Mapped[int]
    reactions_received: Mapped[int]
    voice_minutes: Mapped[int]
    hours: Mapped[int]
    """The local hours with activity, hour h being bit h of 24."""


class ParkedActivity(Base):
    """Counts that are in ``activity_day`` already, but that a feature failed to take note of."""

    __tablename__ = "parked_activity"
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("The same numbers a second time, when something failed as they were counted."),
        kept=N_("Until the failure is mended."),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake] = mapped_column(index=True)
    batch: Mapped[int]
    parked_at: Mapped[datetime]
    error: Mapped[str]
    """The kind of the error; never its text, which could name somebody."""
    day: Mapped[date]
    user_id: Mapped[Snowflake]
    channel_id: Mapped[Snowflake]
    messages: Mapped[int]
    reactions_given: Mapped[int]
    reactions_received: Mapped[int]
    voice_minutes: Mapped[int]
    hours: Mapped[int]


class ChannelCursor(Base):
    """How far the messages of a channel or thread are counted; committed together with the counts."""

    __tablename__ = "channel_cursor"
    __member_data__ = NoMemberData("positions in channels")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    channel_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    parent_id: Mapped[Snowflake | None]
    """The channel of a thread."""
    last_message_id: Mapped[Snowflake]
    """The newest message that was looked at."""
    settled_id: Mapped[Snowflake]
    """Everything up to here is counted, gaps apart; a message beyond only when it is in ``recent``."""
    recent: Mapped[list[Any]]
    gaps: Mapped[list[Any]]
    """Open gaps: ``[after, before or null, [ids between that are counted already]]``, both ends excluded."""


class Counting(Base):
    """Where the count of a server stands."""

    __tablename__ = "counting"
    __member_data__ = NoMemberData("about a server's count")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    since_id: Mapped[Snowflake]
    """Messages up to this one are from before the bot came (again) and never count."""
    batch: Mapped[int] = mapped_column(default=0)
    """The number of the last batch committed, so that a batch whose commit was in doubt is never added twice."""
    arrived_at: Mapped[datetime | None]
    """When Discord says that the bot came; another value later means that it left and came back."""
    first_seen_at: Mapped[datetime]
    """When the count began (again), by our own clock."""
    seen_at: Mapped[datetime]
    """When the bot was last known to receive this server's events."""
    members_known: Mapped[bool] = mapped_column(default=False)
    """The members who were here before the bot have their rows."""


class TimeZoneChange(Base):
    """From ``at`` on the server's days follow ``zone``."""

    __tablename__ = "time_zone_change"
    __member_data__ = NoMemberData("history of a server's time zone")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    zone: Mapped[str]


class Contribution(Base):
    """A fact: something a member did for the community. Recording and revoking it raise no duplicates."""

    __tablename__ = "contribution"
    __table_args__ = (
        UniqueConstraint("guild_id", "kind", "source", "user_id"),
        Index("ix_contribution_member", "guild_id", "user_id", "at"),
        # A ledger refers to a fact by its number: SQLite must not give that of an erased one to another.
        {"sqlite_autoincrement": True},
    )
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("What you did for this community, and for whom."),
        kept=N_("Until you ask to be erased, or 30 days after the bot left the server."),
        counterparties=("for_member",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    user_id: Mapped[Snowflake]
    for_member: Mapped[Snowflake | None]
    """Who was helped, where there is one."""
    topic: Mapped[str | None]
    kind: Mapped[str]
    source: Mapped[str]
    """What caused it, such as ``day:2026-03-02``; unique per kind and member. Never an id of another person."""
    at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Reconciliation(Base):
    """What was caught up after an outage, and what nobody can know any more."""

    __tablename__ = "reconciliation"
    __member_data__ = NoMemberData("figures about an outage")

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake] = mapped_column(index=True)
    since: Mapped[datetime]
    """Events may be missing from here on."""
    until: Mapped[datetime]
    """Events arrive again from here on."""
    finished_at: Mapped[datetime]
    calls: Mapped[int]
    messages: Mapped[int]
    joined: Mapped[int]
    left: Mapped[int]
    screened: Mapped[int]
    unknown: Mapped[list[Any]]
    """Names of what could not be known, such as ``reactions``; see ``bot.community.reconcile.Unknown``."""
