"""The table of open panels."""

from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData, Snowflake


class Panel(Base):
    """What a panel adds to the draft of its decision, which names the people and lasts a day."""

    __tablename__ = "conduct_panel"
    __member_data__ = NoMemberData("what belongs to a draft: numbers of a message, its evidence and a report")

    draft_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    guild_id: Mapped[Snowflake]
    evidence_id: Mapped[Snowflake | None]
    report_id: Mapped[Snowflake | None]
    channel_id: Mapped[Snowflake | None]
    message_id: Mapped[Snowflake | None]
    step: Mapped[str | None]
    """What was chosen instead of what is proposed."""
    delete_message: Mapped[bool] = mapped_column(default=False)
