"""What Discord should show of the calls, and what it shows: every public method is one transaction."""

from sqlalchemy import select

from bot.clock import Clock, now
from bot.database import Database, Transaction
from cogs.onboarding.replies.board import Board, board_of
from cogs.onboarding.replies.models import Awaited, GreeterCall
from cogs.onboarding.replies.rules import FRESH, WAITED_FOR


class Shown:
    """Reads newcomers who wait with their calls, and notes which message a call became."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock

    async def board(self, awaited_id: int) -> Board | None:
        async with self._db.read() as session:
            row = await session.get(Awaited, awaited_id)
            return None if row is None else await board_of(session, row)

    async def open(self, guild_id: int | None = None) -> list[Board]:
        """Everybody who waits for less than 30 days, by server or in all of them, oldest first."""
        query = select(Awaited).filter_by(outcome=None).order_by(Awaited.began_at, Awaited.id)
        query = query.where(Awaited.began_at > self._clock() - WAITED_FOR)
        query = query if guild_id is None else query.filter_by(guild_id=guild_id)
        async with self._db.read() as session:
            return [await board_of(session, row) for row in (await session.scalars(query)).all()]

    async def first_words(self, guild_id: int, message_ids: list[int]) -> frozenset[int]:
        """Those of these messages that were somebody's own first words."""
        query = select(Awaited.message_id).where(Awaited.guild_id == guild_id, Awaited.message_id.in_(message_ids))
        async with self._db.read() as session:
            return frozenset(one for one in await session.scalars(query) if one is not None)

    async def unfinished(self, guild_id: int) -> list[int]:
        """Newcomers with a call that does not show yet what it should, as far as that was lost in a crash."""
        recent = Awaited.settled_at.is_(None) | (Awaited.settled_at > self._clock() - FRESH)
        query = select(GreeterCall.awaited_id).join(Awaited, Awaited.id == GreeterCall.awaited_id)
        query = query.where(GreeterCall.guild_id == guild_id, recent).distinct()
        async with self._db.read() as session:
            return sorted(await session.scalars(query))

    async def tried(self, call_id: int) -> None:
        """The message of a call is about to be sent for the first time."""
        await self._note(call_id, tried_at=self._clock())

    async def found(self, call_id: int, *, shown: str, channel_id: int | None, message_id: int | None) -> None:
        """The message of a call stands there (None: nowhere) and says this."""
        await self._note(call_id, shown=shown, channel_id=channel_id, message_id=message_id)

    async def _note(self, call_id: int, **values: object) -> None:
        async def work(tx: Transaction) -> None:
            call = await tx.session.get(GreeterCall, call_id, with_for_update=True)
            if call is not None:
                for name, value in values.items():
                    setattr(call, name, value)

        await self._db.transaction(work)
