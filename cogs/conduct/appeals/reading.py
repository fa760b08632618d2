"""Appeals as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.database import Database
from cogs.conduct.appeals.models import Appeal, Outcome
from cogs.conduct.appeals.refusals import AppealGone


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal as it was read. ``text`` is None once the member was erased."""

    id: int
    guild_id: int
    case_id: int
    user_id: int
    text: str | None
    made_at: datetime
    due_at: datetime
    thread_id: int | None
    message_id: int | None
    tried_at: datetime | None
    decided_at: datetime | None
    decided_by: int | None
    outcome: Outcome | None
    answer: str
    told_at: datetime | None


def seen(row: Appeal) -> AppealView:
    return AppealView(**{name: getattr(row, name) for name in AppealView.__slots__})


class AppealReader:
    """Queries; each is a snapshot of its own."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, appeal_id: int) -> AppealView:
        """Raises AppealGone."""
        async with self._db.read() as session:
            row = await session.get(Appeal, appeal_id)
        if row is None:
            raise AppealGone
        return seen(row)

    async def of_case(self, case_id: int) -> AppealView | None:
        """The appeal of a case; None when nobody contested it."""
        async with self._db.read() as session:
            row = await session.scalar(select(Appeal).filter_by(case_id=case_id))
            return None if row is None else seen(row)

    async def unfinished(self, guild_id: int) -> Sequence[AppealView]:
        """Whose thread or answer is owed: what a crash may have lost."""
        owed = (Appeal.thread_id.is_(None) & Appeal.decided_at.is_(None)) | (
            Appeal.decided_at.is_not(None) & Appeal.told_at.is_(None)
        )
        async with self._db.read() as session:
            query = select(Appeal).where(Appeal.guild_id == guild_id, owed).order_by(Appeal.id)
            return [seen(row) for row in await session.scalars(query)]
