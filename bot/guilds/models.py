"""Tables of servers and their settings."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData, RowId, Snowflake


class Guild(Base):
    """A server the bot is, or was, a member of."""

    __tablename__ = "guild"
    __member_data__ = NoMemberData("about a server")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class GuildSection(Base):
    """The present value of one section: only what differs from the model's defaults is stored."""

    __tablename__ = "guild_section"
    __member_data__ = NoMemberData("settings of a server")

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    section: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class GuildSectionChange(Base):
    """Every change of a section: who, when, before and after. Rows are never edited."""

    __tablename__ = "guild_section_change"
    __member_data__ = NoMemberData("history of a server's settings", mentions=("changed_by",))

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake] = mapped_column(index=True)
    section: Mapped[str]
    changed_by: Mapped[Snowflake | None]
    """None when the bot did it (a deleted channel) or the person was erased."""
    changed_at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    batch: Mapped[Snowflake | None] = mapped_column(index=True)
    """The id of the first of the changes that were made, and are undone, together; None for one made alone."""
    origin: Mapped[str | None]
    """What made it (``Origin``); None for a change on a panel."""
