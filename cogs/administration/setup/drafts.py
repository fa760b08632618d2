"""The draft of each server: shared by all who manage it, kept in the database, readable from memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.clock import Clock, now
from bot.database import Database, Transaction
from cogs.administration.setup.models import SetupDraft

Answers = dict[str, Any]
Edit = Callable[[Answers], Answers]
"""Takes the answers as they are, returns them as they shall be."""


@dataclass(frozen=True, slots=True)
class Draft:
    """``answers`` hold only what somebody decided. ``by`` is who changed it last."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    revision: int = 0
    by: int | None = None
    at: datetime | None = None


class Drafts:
    """``get`` looks at memory, so that a form can be filled before Discord's deadline."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock
        self._memory: dict[int, Draft] = {}

    async def load(self, guild_id: int | None = None) -> None:
        """Read the drafts of every server, or of one that came back."""
        query = select(SetupDraft)
        if guild_id is not None:
            query = query.where(SetupDraft.guild_id == guild_id)
            self._memory.pop(guild_id, None)
        async with self._db.read() as session:
            for row in await session.scalars(query):
                self._memory[row.guild_id] = _draft(row)

    def get(self, guild_id: int) -> Draft:
        """The draft as of the last commit; an empty one where nobody answered anything."""
        return self._memory.get(guild_id, Draft())

    async def change(self, guild_id: int, by: int | None, edit: Edit) -> Draft:
        """Change the answers in one transaction, so that nobody's answer is lost."""

        async def work(tx: Transaction) -> Draft:
            return await self.write(tx, guild_id, by, edit)

        return await self._db.transaction(work)

    async def write(self, tx: Transaction, guild_id: int, by: int | None, edit: Edit) -> Draft:
        """As ``change``, in the caller's transaction."""
        row = await self.lock(tx, guild_id)
        answers = edit(dict(row.answers))
        if answers != row.answers:
            row.answers, row.revision = answers, row.revision + 1
            row.changed_by, row.changed_at = by, self._clock()
        draft = _draft(row)
        tx.once_committed(lambda: self._remember(guild_id, draft))
        return draft

    async def lock(self, tx: Transaction, guild_id: int) -> SetupDraft:
        """The row, until the transaction ends: runs of one server begin one after the other."""
        await tx.ensure(
            SetupDraft, guild_id=guild_id, answers={}, revision=0, changed_by=None, changed_at=self._clock()
        )
        return await tx.session.get_one(SetupDraft, guild_id, with_for_update=True)

    def _remember(self, guild_id: int, draft: Draft) -> None:
        if self.get(guild_id).revision <= draft.revision:
            self._memory[guild_id] = draft


def _draft(row: SetupDraft) -> Draft:
    return Draft(dict(row.answers), row.revision, row.changed_by, row.changed_at)
