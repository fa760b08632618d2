"""Tables of /clean: what was previewed, for an hour, and what was deleted. No text of any message."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, MemberData, NoMemberData, RowId, Snowflake
from bot.i18n.marks import N_


class Cleaning(Base):
    """A moderator looked at messages to delete; ``done_at`` says that they were deleted."""

    __tablename__ = "conduct_cleaning"
    # Its number is in the custom_ids of a post that stays.
    __table_args__ = ({"sqlite_autoincrement": True},)
    __member_data__ = NoMemberData("what was cleaned where: numbers, no content", mentions=("by",))

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake]
    channel_id: Mapped[Snowflake]
    by: Mapped[Snowflake | None]
    made_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    """When the moderator confirmed."""
    done_at: Mapped[datetime | None]
    deleted: Mapped[int] = mapped_column(default=0)


class CleaningMessage(Base):
    """One message of a preview; the rows go when it was deleted, or after an hour."""

    __tablename__ = "conduct_cleaning_message"
    __member_data__ = MemberData(
        "author_id",
        purpose=N_("That a message of yours was about to be deleted by a moderator; not what it said."),
        kept=N_("An hour at most."),
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    cleaning_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[Snowflake]


class CleaningAuthor(Base):
    """How many messages of somebody a cleaning deleted."""

    __tablename__ = "conduct_cleaning_author"
    __member_data__ = MemberData(
        "author_id",
        purpose=N_("How many messages of yours a moderator deleted with others; not what they said."),
        kept=N_("Until you ask to be erased, or 30 days after the bot left the server."),
    )

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    cleaning_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    messages: Mapped[int]
