"""Where each server's panel stands, or was about to be posted."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock, now
from bot.database import Database, Transaction
from cogs.onboarding.models import Panel


@dataclass(frozen=True, slots=True)
class Standing:
    """A panel: posted when it has a ``message_id``, else begun. ``serial`` tells it from earlier ones."""

    serial: int
    channel_id: int
    message_id: int | None
    begun_at: datetime


class Panels:
    """One panel a server: posting it elsewhere begins the next one."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock

    async def current(self, guild_id: int) -> Standing | None:
        """The server's panel, None before the first."""
        async with self._db.read() as session:
            row = await session.get(Panel, guild_id)
            return _standing(row) if row else None

    async def begin(self, guild_id: int, channel_id: int, *, gone: int | None = None) -> Standing:
        """The panel of this channel: the one that stands there or was begun there, else a new one.

        ``gone`` is the message of a panel that somebody deleted: it is replaced.
        """

        async def work(tx: Transaction) -> Standing:
            at = self._clock()
            await tx.ensure(Panel, guild_id=guild_id, serial=1, channel_id=channel_id, begun_at=at)
            row = await tx.session.get_one(Panel, guild_id, with_for_update=True)
            if row.channel_id != channel_id or (gone is not None and row.message_id == gone):
                row.serial, row.channel_id, row.message_id, row.begun_at = row.serial + 1, channel_id, None, at
            return _standing(row)

        return await self._db.transaction(work)

    async def posted(self, guild_id: int, serial: int, message_id: int) -> None:
        """Discord took the panel."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get_one(Panel, guild_id, with_for_update=True)
            if row.serial == serial:
                row.message_id = message_id

        await self._db.transaction(work)


def _standing(row: Panel) -> Standing:
    return Standing(row.serial, row.channel_id, row.message_id, row.begun_at)
