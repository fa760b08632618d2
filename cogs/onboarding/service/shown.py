"""What Discord should show of a member's choices and introduction, and whether it does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cogs.onboarding.models import Greeting, GroupChoice, How, Introduction

GREETERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Posted:
    """An introduction as it is shown. ``greeters`` are the first few people who answered, ``greetings`` all of them."""

    answers: tuple[tuple[str, str], ...]
    written_at: datetime
    channel_id: int | None
    message_id: int | None
    greeters: tuple[int, ...]
    greetings: int
    stale: bool


async def unapplied(session: AsyncSession, guild_id: int, user_id: int) -> tuple[tuple[int, bool], ...]:
    """(role, wanted) pairs Discord does not show yet."""
    query = select(GroupChoice).filter_by(guild_id=guild_id, user_id=user_id, applied=False)
    return tuple((row.role_id, row.wanted) for row in await session.scalars(query.order_by(GroupChoice.role_id)))


async def introduction_of(session: AsyncSession, guild_id: int, user_id: int) -> Posted | None:
    """A member's introduction with its greetings, None before there is one."""
    row = await session.get(Introduction, (guild_id, user_id))
    if row is None:
        return None
    greetings = select(Greeting).filter_by(guild_id=guild_id, newcomer_id=user_id, how=How.HELLO)
    count = await session.scalar(select(func.count()).select_from(greetings.subquery())) or 0
    first = await session.scalars(greetings.order_by(Greeting.id).limit(GREETERS_SHOWN))
    return Posted(
        answers=tuple((str(prompt), str(answer)) for prompt, answer in row.answers),
        written_at=row.written_at,
        channel_id=row.channel_id,
        message_id=row.message_id,
        greeters=tuple(g.greeter_id for g in first if g.greeter_id is not None),
        greetings=count,
        stale=row.message_id is None or row.greetings_shown != count,
    )


def stale_introductions(guild_id: int) -> Select[int]:
    """Members of the server whose introduction is not posted, or shows too few greetings."""
    hellos = (
        select(func.count())
        .select_from(Greeting)
        .where(Greeting.guild_id == guild_id, Greeting.newcomer_id == Introduction.user_id, Greeting.how == How.HELLO)
        .scalar_subquery()
    )
    return select(Introduction.user_id).where(
        Introduction.guild_id == guild_id, Introduction.message_id.is_(None) | (Introduction.greetings_shown != hellos)
    )
