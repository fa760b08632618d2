"""The table of erasures."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData, RowId, Snowflake


class Erasure(Base):
    """Somebody's data was erased. The salted hash lets it be erased again after an older backup was restored."""

    __tablename__ = "erasure"
    __member_data__ = NoMemberData("salted hashes; nobody is named")

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake | None] = mapped_column(index=True)
    """None: everywhere."""
    member_hash: Mapped[Snowflake] = mapped_column(index=True)
    erased_at: Mapped[datetime]
