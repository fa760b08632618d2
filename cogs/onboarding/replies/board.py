"""What the calls of one newcomer are to show."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cogs.onboarding.models import Greeting, Introduction
from cogs.onboarding.replies.models import Answer, Awaited, Ended, GreeterCall


class Face(StrEnum):
    """What a call says."""

    ASKED = "asked"
    TAKEN = "taken"
    DECLINED = "declined"
    LATE = "late"
    """Nobody answered in time: it is in the inbox."""
    ANSWERED = "answered"
    LEFT = "left"
    HANDLED = "handled"


@dataclass(frozen=True, slots=True)
class Call:
    """One greeter's call. ``who`` is the person its face names: who took it, or who answered."""

    id: int
    greeter_id: int
    tried_at: datetime | None
    channel_id: int | None
    message_id: int | None
    shown: str | None
    face: Face
    who: int | None

    @property
    def wanted(self) -> str:
        """What ``shown`` will be."""
        return f"{self.face}:{self.who or ''}"


@dataclass(frozen=True, slots=True)
class Board:
    """A newcomer who waits or waited. ``channel_id`` and ``message_id``: where their first words are."""

    id: int
    guild_id: int
    user_id: int
    began_at: datetime
    introduced: bool
    """Their first words were an introduction."""
    channel_id: int | None
    message_id: int | None
    escalated: bool
    calls: tuple[Call, ...]


async def board_of(session: AsyncSession, row: Awaited) -> Board:
    """As it is now."""
    calls = await session.scalars(select(GreeterCall).filter_by(awaited_id=row.id).order_by(GreeterCall.id))
    by = await _answered_by(session, row) if row.outcome is Ended.ANSWERED else None
    channel_id, message_id, introduced = row.channel_id, row.message_id, False
    if channel_id is None:
        posted = await session.get(Introduction, (row.guild_id, row.user_id))
        introduced = posted is not None
        if posted is not None:
            channel_id, message_id = posted.channel_id, posted.message_id
    return Board(
        row.id,
        row.guild_id,
        row.user_id,
        row.began_at,
        introduced,
        channel_id,
        message_id,
        row.escalated_at is not None,
        tuple(_call(one, row, by) for one in calls),
    )


async def _answered_by(session: AsyncSession, row: Awaited) -> int | None:
    first = select(Greeting.greeter_id).filter_by(guild_id=row.guild_id, newcomer_id=row.user_id)
    found: int | None = await session.scalar(first.order_by(Greeting.at, Greeting.id).limit(1))
    return found


def _call(row: GreeterCall, awaited: Awaited, answered_by: int | None) -> Call:
    face, who = _face(row, awaited, answered_by)
    return Call(row.id, row.greeter_id, row.tried_at, row.channel_id, row.message_id, row.shown, face, who)


def _face(call: GreeterCall, awaited: Awaited, answered_by: int | None) -> tuple[Face, int | None]:
    if awaited.outcome is not None:
        return Face(awaited.outcome.value), answered_by
    if call.answer is Answer.DECLINED:
        return Face.DECLINED, None
    if awaited.escalated_at is not None:
        return Face.LATE, call.taken_by
    if call.answer is Answer.TAKEN:
        return Face.TAKEN, call.taken_by
    return Face.ASKED, None
