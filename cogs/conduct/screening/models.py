"""Tables of the filters: what a server looks for, and where it was found. What people wrote is not kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, NoMemberData, RowId, Snowflake
from bot.i18n.marks import N_
from cogs.conduct.filters.model import FilterKind, Where
from cogs.conduct.screening.rules import Doing, Outcome, Watch


class ScreenFilter(Base):
    """A filter of a server."""

    __tablename__ = "conduct_filter"
    __table_args__ = (UniqueConstraint("guild_id", "number"), {"sqlite_autoincrement": True})
    __member_data__ = NoMemberData("what a server looks for in messages", mentions=("changed_by",))

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    number: Mapped[int]
    """The server's own, for people and for buttons."""
    name: Mapped[str]
    kind: Mapped[FilterKind]
    entries: Mapped[list[Any]]
    """Words, patterns, codes or domains, as the team wrote them."""
    shipped: Mapped[list[Any]]
    """Languages of the lists that come with Parvis."""
    article: Mapped[int | None]
    doing: Mapped[Doing]
    length_seconds: Mapped[int | None]
    most_mentions: Mapped[int] = mapped_column(default=0)
    exempt_roles: Mapped[list[Any]]
    exempt_channels: Mapped[list[Any]]
    watch: Mapped[Watch]
    revision: Mapped[int]
    armed_at: Mapped[datetime | None]
    """What it decided before counts no more when it is asked whether too much of it was wrong."""
    sought_since: Mapped[datetime | None]
    """Since when it looks for what it looks for now."""
    changed_by: Mapped[Snowflake | None]
    changed_at: Mapped[datetime]


class NativeRule(Base):
    """A rule that the bot keeps in Discord's AutoMod for a part of a filter."""

    __tablename__ = "conduct_native_rule"
    __table_args__ = (UniqueConstraint("guild_id", "filter_id", "part"),)
    __member_data__ = NoMemberData("which rules of Discord's AutoMod are made of which filters")

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    filter_id: Mapped[Snowflake]
    part: Mapped[int]
    rule_id: Mapped[Snowflake | None]
    """None once somebody removed it in Discord: until the filter changes it is not made again."""
    revision: Mapped[int]
    """The filter's, when the rule was last looked at."""
    wanted: Mapped[str]
    """Digest of what was set."""
    answered: Mapped[str]
    """Digest of what Discord made of it, which may differ in details."""


class FilterHit(Base):
    """A filter found something, or would have: where and when, never what was written."""

    __tablename__ = "conduct_filter_hit"
    __table_args__ = (
        UniqueConstraint("guild_id", "filter_id", "source"),
        Index("ix_conduct_filter_hit_member", "guild_id", "user_id"),
        Index("ix_conduct_filter_hit_at", "guild_id", "at"),
    )
    __member_data__ = MemberData(
        "user_id",
        purpose=N_("Which filter found something in a message or name of yours, and where; never the text."),
        kept=N_("30 days, or 180 days where a case came of it; or until you ask to be erased."),
        counterparties=("wrong_by",),
    )

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    filter_id: Mapped[Snowflake]
    source: Mapped[str]
    """The message, or the change of a name: the same one counts once, however often it is edited."""
    user_id: Mapped[Snowflake]
    channel_id: Mapped[Snowflake | None]
    message_id: Mapped[Snowflake | None]
    place: Mapped[Where]
    at: Mapped[datetime]
    outcome: Mapped[Outcome]
    case_id: Mapped[Snowflake | None]
    wrong_at: Mapped[datetime | None]
    """When somebody of the team said that it should not have been found."""
    wrong_by: Mapped[Snowflake | None]
