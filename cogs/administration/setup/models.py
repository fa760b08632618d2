"""Tables of `/setup`: the shared draft of each server, and what was done with it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base, NoMemberData, RowId, Snowflake


class SetupDraft(Base):
    """What those who manage a server have answered so far; only what they decided, never a default."""

    __tablename__ = "setup_draft"
    __member_data__ = NoMemberData("answers about a server", mentions=("changed_by",))

    guild_id: Mapped[Snowflake] = mapped_column(primary_key=True, autoincrement=False)
    answers: Mapped[dict[str, Any]]
    revision: Mapped[int]
    """Rises with every change, so that memory never goes back."""
    changed_by: Mapped[Snowflake | None]
    changed_at: Mapped[datetime]


class RunState(StrEnum):
    """How far a run is."""

    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"


class SetupRun(Base):
    """One time somebody pressed Apply: each operation with what became of it."""

    __tablename__ = "setup_run"
    __member_data__ = NoMemberData("what was done to a server", mentions=("acting",))

    id: Mapped[RowId]
    guild_id: Mapped[Snowflake] = mapped_column(index=True)
    state: Mapped[RunState]
    operations: Mapped[list[Any]]
    acting: Mapped[Snowflake | None]
    """Who pressed Apply, or Undo since; their rank decides. None once they were erased."""
    started_at: Mapped[datetime]
    """When that was pressed."""
