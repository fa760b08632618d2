"""What members chose about appearing by name. Every list of people asks here first."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.models import Member


class Option(StrEnum):
    """A choice against something that is on for everybody; keys of ``member.options``."""

    ANONYMOUS = "anonymous"
    """Counted without a name. Set it with ``bot.community.choose``, which tells the count too."""
    NO_LEADERBOARDS = "no_leaderboards"
    NO_PEOPLE_LISTS = "no_people_lists"
    """In no list that names people: experts, those to thank, those gone quiet."""


async def opted_out(session: AsyncSession, guild_id: int, option: Option) -> set[int]:
    """Who chose this in the server. A leaderboard or a list of people leaves them out."""
    chosen = select(Member.user_id).where(
        Member.guild_id == guild_id, Member.options[option.value].as_boolean().is_(True)
    )
    return set(await session.scalars(chosen))
