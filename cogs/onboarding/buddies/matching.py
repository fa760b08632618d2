"""Reads what the rules of matching are about: who offers, how busy they are, and what is known of everybody."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.community.models import ActivityDay, Member
from bot.database import Transaction
from cogs.onboarding.buddies.models import BuddyOffer, BuddyPair
from cogs.onboarding.buddies.rules import Offer, Person, best, second_week

LOOKED_BACK = timedelta(days=28)
"""How far back the hours are read in which somebody is active."""
DID_SOMETHING = or_(ActivityDay.messages > 0, ActivityDay.reactions_given > 0, ActivityDay.voice_minutes > 0)


class Faces(Protocol):
    """What Discord shows of people, from memory."""

    def groups(self, guild_id: int, user_id: int) -> frozenset[int]:
        """The interest groups they are in, as Discord shows it."""
        ...

    def may_be_buddy(self, guild_id: int, user_id: int, role: int | None) -> bool:
        """Whether they are here, and have the role that buddies need."""
        ...


class Matching:
    """Works in the caller's transaction."""

    def __init__(self, faces: Faces, zone_of: Callable[[int], str], clock: Clock) -> None:
        self._faces = faces
        self._zone_of = zone_of
        self._clock = clock

    async def best(
        self, tx: Transaction, guild_id: int, newcomer_id: int, role: int | None, before: int | None
    ) -> Offer | None:
        """Who fits best, with the places of everybody locked until the transaction ends."""
        query = select(BuddyOffer).filter_by(guild_id=guild_id, paused=False).order_by(BuddyOffer.user_id)
        locked = query.with_for_update().execution_options(populate_existing=True)
        rows = [one for one in await tx.session.scalars(locked) if self._may(guild_id, one.user_id, role)]
        ids = [one.user_id for one in rows]
        # After the locks: what others paired meanwhile is seen.
        busy = await _busy(tx.session, guild_id, ids)
        last = await _last(tx.session, guild_id, ids)
        people = await self._people(tx.session, guild_id, [newcomer_id, *ids])
        offers = [Offer(people[one.user_id], one.capacity, busy[one.user_id], last.get(one.user_id)) for one in rows]
        return best(people[newcomer_id], offers, before)

    async def was_active(self, session: AsyncSession, guild_id: int, user_id: int, begun_at: datetime) -> bool:
        """Whether they took part in the second week after that instant. Who is counted anonymously is not known."""
        first, last = second_week(begun_at.astimezone(ZoneInfo(self._zone_of(guild_id))).date())
        days = select(ActivityDay.day).where(ActivityDay.guild_id == guild_id, ActivityDay.user_id == user_id)
        days = days.where(ActivityDay.day >= first, ActivityDay.day <= last, DID_SOMETHING).limit(1)
        return await session.scalar(days) is not None

    def _may(self, guild_id: int, user_id: int, role: int | None) -> bool:
        return self._faces.may_be_buddy(guild_id, user_id, role)

    async def _people(self, session: AsyncSession, guild_id: int, ids: Collection[int]) -> dict[int, Person]:
        spoken = select(Member.user_id, Member.locale).where(Member.guild_id == guild_id, Member.user_id.in_(ids))
        languages = dict([*await session.execute(spoken)])
        hours = await self._hours(session, guild_id, ids)
        return {
            one: Person(one, self._faces.groups(guild_id, one), _language(languages.get(one)), hours[one])
            for one in ids
        }

    async def _hours(self, session: AsyncSession, guild_id: int, ids: Collection[int]) -> defaultdict[int, int]:
        """The local hours in which each of them was active lately, as bits."""
        since = (self._clock() - LOOKED_BACK).date()
        query = select(ActivityDay.user_id, ActivityDay.hours).distinct()
        query = query.where(ActivityDay.guild_id == guild_id, ActivityDay.user_id.in_(ids), ActivityDay.day >= since)
        found: defaultdict[int, int] = defaultdict(int)
        for user_id, mask in await session.execute(query.where(DID_SOMETHING)):
            found[user_id] |= mask
        return found


async def last_buddy(session: AsyncSession, guild_id: int, newcomer_id: int) -> int | None:
    """Who was this newcomer's buddy last."""
    query = select(BuddyPair.buddy_id).filter_by(guild_id=guild_id, newcomer_id=newcomer_id)
    return await session.scalar(query.order_by(BuddyPair.id.desc()).limit(1))


async def _busy(session: AsyncSession, guild_id: int, ids: Collection[int]) -> defaultdict[int, int]:
    query = select(BuddyPair.buddy_id, func.count()).where(
        BuddyPair.guild_id == guild_id, BuddyPair.buddy_id.in_(ids), BuddyPair.ended_at.is_(None)
    )
    found: defaultdict[int, int] = defaultdict(int)
    for buddy_id, count in await session.execute(query.group_by(BuddyPair.buddy_id)):
        found[buddy_id or 0] = count
    return found


async def _last(session: AsyncSession, guild_id: int, ids: Collection[int]) -> dict[int, datetime]:
    query = select(BuddyPair.buddy_id, func.max(BuddyPair.begun_at)).where(
        BuddyPair.guild_id == guild_id, BuddyPair.buddy_id.in_(ids)
    )
    return {buddy_id or 0: at for buddy_id, at in await session.execute(query.group_by(BuddyPair.buddy_id))}


def _language(locale: str | None) -> str | None:
    return None if locale is None else locale.partition("-")[0].lower()
