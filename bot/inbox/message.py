"""Where the one message that shows a server's inbox stands, committed before and after each step at Discord."""

from dataclasses import dataclass

from sqlalchemy import select

from bot.database import Database, Transaction
from bot.inbox.models import InboxEntry, InboxMessage


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as it is on record. ``message_id`` None: nobody knows yet whether it was posted."""

    guild_id: int
    number: int
    channel_id: int
    message_id: int | None
    shown: str | None

    @property
    def key(self) -> str:
        """The custom_id of its button, which no other message has."""
        return f"inbox:open:{self.number}"


class Messages:
    """One row per server; every method is one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def standing(self, guild_id: int) -> Standing | None:
        """The message of a server; None when there is none."""
        async with self._db.read() as session:
            row = await session.get(InboxMessage, guild_id)
            return None if row is None else _standing(row)

    async def all(self) -> dict[int, int]:
        """Servers by the id of their message."""
        query = select(InboxMessage.message_id, InboxMessage.guild_id).where(InboxMessage.message_id.is_not(None))
        async with self._db.read() as session:
            return {message_id: guild_id for message_id, guild_id in await session.execute(query) if message_id}

    async def concerned(self) -> set[int]:
        """Servers that have, or need, a message."""
        has = select(InboxMessage.guild_id).where(InboxMessage.channel_id.is_not(None))
        needs = select(InboxEntry.guild_id).where(InboxEntry.settled_at.is_(None))
        async with self._db.read() as session:
            return set(await session.scalars(has.union(needs)))

    async def begin(self, guild_id: int, channel_id: int) -> Standing:
        """A new message is about to be posted in that channel."""

        async def work(tx: Transaction) -> Standing:
            await tx.ensure(InboxMessage, guild_id=guild_id, number=0)
            row = await tx.session.get_one(InboxMessage, guild_id, with_for_update=True)
            row.number, row.channel_id = row.number + 1, channel_id
            row.message_id = row.shown = None
            found = _standing(row)
            assert found is not None
            return found

        return await self._db.transaction(work)

    async def shows(self, message: Standing, message_id: int, shown: str) -> None:
        """Discord has the message, and it shows that."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get_one(InboxMessage, message.guild_id, with_for_update=True)
            if row.number == message.number:
                row.message_id, row.shown = message_id, shown

        await self._db.transaction(work)

    async def gone(self, tx: Transaction, standing: Standing) -> None:
        """The message is no more."""
        row = await tx.session.get(InboxMessage, standing.guild_id, with_for_update=True)
        if row is not None and row.number == standing.number:
            row.channel_id = row.message_id = row.shown = None


def _standing(row: InboxMessage) -> Standing | None:
    if row.channel_id is None:
        return None
    return Standing(row.guild_id, row.number, row.channel_id, row.message_id, row.shown)
