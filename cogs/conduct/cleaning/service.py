"""Keeps what was previewed for an hour, and records what was deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.timers import Timers
from cogs.conduct.cleaning.models import Cleaning, CleaningAuthor, CleaningMessage
from cogs.conduct.cleaning.refusals import CleaningGone, NotYourCleaning
from cogs.conduct.cleaning.rules import KEPT, authors_of

CLEAN = "conduct:clean"
"""Kind of the timer that forgets a preview, finishes what a crash interrupted, and posts what was done."""
FINISHED_AFTER = timedelta(minutes=1)
"""When a deletion that was begun is looked at again: by then its click has ended, one way or the other."""
Messages = Sequence[tuple[int, int]]
"""Pairs of message and author."""


@dataclass(frozen=True, slots=True)
class CleaningView:
    """A cleaning as it was read; columns are explained in ``models``."""

    id: int
    guild_id: int
    channel_id: int
    by: int | None
    made_at: datetime
    begun_at: datetime | None
    done_at: datetime | None
    deleted: int


class Cleanings:
    """``keep``, ``begin`` and ``done`` are the three moments of a cleaning, each of them a transaction."""

    def __init__(self, db: Database, timers: Timers, clock: Clock = now) -> None:
        self._db = db
        self._timers = timers
        self._clock = clock

    async def keep(self, guild_id: int, channel_id: int, by: int, messages: Messages) -> int:
        """Keep a preview for an hour; its number."""

        async def work(tx: Transaction) -> int:
            row = Cleaning(guild_id=guild_id, channel_id=channel_id, by=by, made_at=self._clock(), deleted=0)
            tx.session.add(row)
            await tx.session.flush()
            tx.session.add_all(
                CleaningMessage(guild_id=guild_id, cleaning_id=row.id, message_id=message, author_id=author)
                for message, author in messages
            )
            await self._look(tx, row, self._clock() + KEPT)
            return row.id

        return await self._db.transaction(work)

    async def begin(self, guild_id: int, cleaning_id: int, by: int) -> list[tuple[int, int]]:
        """The moderator confirmed: what is to be deleted, oldest first; empty when it was.

        Raises CleaningGone, or NotYourCleaning for anybody else. Again is harmless.
        """

        async def work(tx: Transaction) -> list[tuple[int, int]]:
            row = await self._locked(tx, guild_id, cleaning_id)
            if row.by != by:
                raise NotYourCleaning
            if row.begun_at is None:
                if row.made_at + KEPT <= self._clock():
                    raise CleaningGone
                row.begun_at = self._clock()
                await self._look(tx, row, self._clock() + FINISHED_AFTER)
            return await _messages(tx, row)

        return await self._db.transaction(work)

    async def owed(self, guild_id: int, cleaning_id: int) -> list[tuple[int, int]]:
        """What was confirmed and is not known to be deleted. Raises CleaningGone."""

        async def work(tx: Transaction) -> list[tuple[int, int]]:
            row = await self._locked(tx, guild_id, cleaning_id)
            return await _messages(tx, row) if row.begun_at is not None else []

        return await self._db.transaction(work)

    async def done(self, guild_id: int, cleaning_id: int, deleted: Messages) -> bool:
        """Record what was deleted, once; False when it was recorded before. Raises CleaningGone.

        A message that another cleaning has recorded was not deleted by this one.
        """

        async def work(tx: Transaction) -> bool:
            row = await self._locked(tx, guild_id, cleaning_id)
            if row.done_at is not None:
                return False
            mine = await self._take(tx, row, deleted)
            row.done_at, row.deleted = self._clock(), len(mine)
            key = {"guild_id": guild_id, "cleaning_id": cleaning_id}
            authors = authors_of(mine).items()
            tx.session.add_all(CleaningAuthor(**key, author_id=author, messages=count) for author, count in authors)
            await tx.session.execute(delete(CleaningMessage).filter_by(**key))
            await self._look(tx, row, self._clock())
            return True

        return await self._db.transaction(work)

    async def forget(self, guild_id: int, cleaning_id: int) -> None:
        """Nobody confirmed it. Nothing happens to one that was."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Cleaning, cleaning_id, with_for_update=True, populate_existing=True)
            if row is not None and row.guild_id == guild_id and row.begun_at is None:
                await tx.session.execute(delete(CleaningMessage).filter_by(guild_id=guild_id, cleaning_id=cleaning_id))
                await tx.session.delete(row)

        await self._db.transaction(work)

    async def get(self, guild_id: int, cleaning_id: int) -> CleaningView:
        """Raises CleaningGone."""
        async with self._db.read() as session:
            row = await session.get(Cleaning, cleaning_id)
            if row is None or row.guild_id != guild_id:
                raise CleaningGone
            return CleaningView(
                row.id, row.guild_id, row.channel_id, row.by, row.made_at, row.begun_at, row.done_at, row.deleted
            )

    async def authors(self, guild_id: int, cleaning_id: int) -> dict[int, int]:
        """How many messages of whom were deleted, the most first."""
        counted = select(CleaningAuthor.author_id, CleaningAuthor.messages)
        mine = counted.filter_by(guild_id=guild_id, cleaning_id=cleaning_id)
        async with self._db.read() as session:
            found = await session.execute(mine.order_by(CleaningAuthor.messages.desc(), CleaningAuthor.author_id))
            return {row.author_id: row.messages for row in found}

    async def _take(self, tx: Transaction, row: Cleaning, deleted: Messages) -> Messages:
        """Those of the messages that are still this cleaning's; they are nobody's from now on."""
        ids = [message for message, _author in deleted]
        gone = delete(CleaningMessage).where(CleaningMessage.guild_id == row.guild_id)
        columns = CleaningMessage.cleaning_id, CleaningMessage.message_id, CleaningMessage.author_id
        found = await tx.session.execute(
            gone.where(CleaningMessage.message_id.in_(ids)).returning(*columns),
            execution_options={"synchronize_session": False},
        )
        return [(message, author) for cleaning, message, author in found if cleaning == row.id]

    async def _locked(self, tx: Transaction, guild_id: int, cleaning_id: int) -> Cleaning:
        row = await tx.session.get(Cleaning, cleaning_id, with_for_update=True, populate_existing=True)
        if row is None or row.guild_id != guild_id:
            raise CleaningGone
        return row

    async def _look(self, tx: Transaction, row: Cleaning, at: datetime) -> None:
        key, payload = f"{CLEAN}:{row.id}", {"cleaning": row.id}
        await self._timers.schedule(tx, kind=CLEAN, key=key, due_at=at, guild_id=row.guild_id, payload=payload)


async def _messages(tx: Transaction, row: Cleaning) -> list[tuple[int, int]]:
    mine = select(CleaningMessage.message_id, CleaningMessage.author_id)
    found = mine.filter_by(guild_id=row.guild_id, cleaning_id=row.id).order_by(CleaningMessage.message_id)
    return [(message, author) for message, author in await tx.session.execute(found)]
