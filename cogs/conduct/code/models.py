"""Tables of the code of conduct: every version that was in force, and the draft of the next one."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData, Snowflake


class CodeVersion(Base):
    """Every version of the code of conduct that was in force. Rows are only added."""

    __tablename__ = "conduct_code_version"
    __member_data__ = NoMemberData("texts of a server", mentions=("published_by",))

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    major: Mapped[int]
    """Rises with each version that members are asked to accept again."""
    text_en: Mapped[str]
    """The whole text in English as members read it then, whatever the way of showing it becomes."""
    text_fr: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[Snowflake | None]
    """None for the text a server began with, and once the person was erased."""
    content: Mapped[dict[str, Any]]
    """``Document.stored()``: preamble, articles and ending."""


class CodeDraft(Base):
    """What the team is writing: one draft for each server, all of its team write in it."""

    __tablename__ = "conduct_code_draft"
    __member_data__ = NoMemberData("texts of a server", mentions=("changed_by",))

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    """Rises with every change and every publication, for good: a button names the draft it was made for."""
    content: Mapped[dict[str, Any]]
    changed_by: Mapped[Snowflake | None]
    changed_at: Mapped[datetime]
