"""Who is, and was, a member. Every change is safe to repeat and announced once."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.clock import Clock, now
from bot.community.models import Member
from bot.contracts.events import MemberJoined, MemberLeft, MemberScreened
from bot.database import Database, Transaction
from bot.privacy.erasures import erased_at

AT_ONCE = 200
"""Members changed in one transaction when many changed during an outage."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A member as Discord shows them."""

    user_id: int
    name: str
    joined_at: datetime
    pending: bool


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A member as we know them."""

    guild_id: int
    user_id: int
    display_name: str
    joined_at: datetime
    left_at: datetime | None
    rejoins: int
    pending: bool
    locale: str | None
    last_active_at: datetime | None
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Differences:
    """What a comparison with Discord found."""

    joined: int = 0
    left: int = 0
    screened: int = 0


class Members:
    """Changes of one server happen one after the other, so that an event never overtakes another."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def turn(self, guild_id: int) -> asyncio.Lock:
        """Held by whoever changes members of this server."""
        return self._turns[guild_id]

    async def get(self, guild_id: int, user_id: int) -> MemberRecord | None:
        """A member, present or past; None for somebody who never was one."""
        async with self._db.read() as session:
            row = await session.get(Member, (guild_id, user_id))
            return None if row is None else _record(row)

    async def join(self, guild_id: int, seen: Seen) -> bool:
        """Somebody became a member; emits MemberJoined. False when it was known."""
        return await self._db.transaction(lambda tx: self._join(tx, guild_id, seen))

    async def leave(self, guild_id: int, user_id: int) -> bool:
        """Somebody is no member any more; emits MemberLeft. False when it was known."""
        return await self._db.transaction(lambda tx: self._leave(tx, guild_id, user_id))

    async def update(self, guild_id: int, seen: Seen) -> bool:
        """The name or the screening of a member changed; emits MemberScreened when that is over."""
        return await self._db.transaction(lambda tx: self._update(tx, guild_id, seen))

    async def note_locale(self, guild_id: int, user_id: int, locale: str) -> None:
        """The language a member's Discord speaks."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Member, (guild_id, user_id), with_for_update=True)
            if row is not None:
                row.locale = locale

        await self._db.transaction(work)

    async def set_option(self, tx: Transaction, guild_id: int, user_id: int, name: str, value: Any) -> bool:
        """Keep what a member chose about their data; None takes it back. False for somebody without a row."""
        row = await tx.session.get(Member, (guild_id, user_id), with_for_update=True)
        if row is None:
            return False
        kept = {key: choice for key, choice in row.options.items() if key != name}
        row.options = kept if value is None else {**kept, name: value}
        return True

    async def begin(self, guild_id: int, present: Iterable[Seen]) -> None:
        """Note those who were here before the bot; they are no newcomers, so nothing is emitted."""
        seen = sorted(present, key=lambda member: member.user_id)
        for start in range(0, len(seen), AT_ONCE):
            part = seen[start : start + AT_ONCE]
            await self._db.transaction(lambda tx, part=part: self._begin(tx, guild_id, part))  # type: ignore[misc]

    async def compare(self, guild_id: int, present: Mapping[int, Seen], *, complete: bool) -> Differences:
        """Bring the table to what Discord shows. ``complete``: who is not in ``present`` has left."""
        async with self._db.read() as session:
            query = select(Member).where(Member.guild_id == guild_id)
            known = {row.user_id: _record(row) for row in await session.scalars(query)}
        joined = [seen for seen in present.values() if _is_new(seen, known.get(seen.user_id))]
        here = [record for record in known.values() if record.left_at is None]
        left = [record.user_id for record in here if record.user_id not in present] if complete else []
        changed = [present[r.user_id] for r in here if r.user_id in present and _differs(present[r.user_id], r)]
        return Differences(
            await self._each(guild_id, joined, self._join),
            await self._each(guild_id, left, self._leave),
            await self._each(guild_id, changed, self._update),
        )

    async def _each(self, guild_id: int, people: list[Any], change: Any) -> int:
        """Apply a change to many people, in order of their ids; returns how many it was news for."""
        people = sorted(people, key=lambda person: getattr(person, "user_id", person))
        news = 0
        for start in range(0, len(people), AT_ONCE):
            part = people[start : start + AT_ONCE]

            async def work(tx: Transaction, part: list[Any] = part) -> int:
                return sum([await change(tx, guild_id, person) for person in part])

            news += await self._db.transaction(work)
        return news

    async def _begin(self, tx: Transaction, guild_id: int, people: list[Seen]) -> None:
        for seen in people:
            await tx.ensure(Member, **_new(guild_id, seen))

    async def _join(self, tx: Transaction, guild_id: int, seen: Seen) -> bool:
        if await tx.ensure(Member, **_new(guild_id, seen)):
            if await _erased_since(tx, guild_id, seen):
                return False
            await tx.emit(MemberJoined(guild_id, seen.user_id, seen.joined_at, 0, seen.pending))
            return True
        row = await tx.session.get_one(Member, (guild_id, seen.user_id), with_for_update=True, populate_existing=True)
        if seen.joined_at == row.joined_at:
            row.left_at = None  # the same stay: an old event came again
            return False
        if seen.joined_at < row.joined_at:
            return False
        if row.left_at is None:
            await tx.emit(MemberLeft(guild_id, seen.user_id, seen.joined_at))
        row.joined_at, row.left_at, row.rejoins = seen.joined_at, None, row.rejoins + 1
        row.display_name, row.pending = seen.name, seen.pending
        await tx.session.flush()
        await tx.emit(MemberJoined(guild_id, seen.user_id, seen.joined_at, row.rejoins, seen.pending))
        return True

    async def _leave(self, tx: Transaction, guild_id: int, user_id: int) -> bool:
        row = await tx.session.get(Member, (guild_id, user_id), with_for_update=True)
        if row is None or row.left_at is not None:
            return False
        row.left_at, row.pending = self._clock(), False
        await tx.session.flush()
        await tx.emit(MemberLeft(guild_id, user_id, row.left_at))
        return True

    async def _update(self, tx: Transaction, guild_id: int, seen: Seen) -> bool:
        row = await tx.session.get(Member, (guild_id, seen.user_id), with_for_update=True)
        if row is None:
            return False
        screened = row.pending and not seen.pending
        row.display_name, row.pending = seen.name, seen.pending
        if screened:
            await tx.session.flush()
            await tx.emit(MemberScreened(guild_id, seen.user_id))
        return screened


def _new(guild_id: int, seen: Seen) -> dict[str, Any]:
    return {
        "guild_id": guild_id,
        "user_id": seen.user_id,
        "display_name": seen.name,
        "joined_at": seen.joined_at,
        "rejoins": 0,
        "pending": seen.pending,
        "options": {},
    }


async def _erased_since(tx: Transaction, guild_id: int, seen: Seen) -> bool:
    """Whether this is somebody who was here and had their data erased, and no newcomer."""
    erased = await erased_at(tx.session, guild_id, seen.user_id)
    return erased is not None and seen.joined_at <= erased


def _is_new(seen: Seen, known: MemberRecord | None) -> bool:
    return known is None or known.left_at is not None or seen.joined_at > known.joined_at


def _differs(seen: Seen, known: MemberRecord) -> bool:
    return (seen.name, seen.pending) != (known.display_name, known.pending) and seen.joined_at <= known.joined_at


def _record(row: Member) -> MemberRecord:
    return MemberRecord(
        row.guild_id,
        row.user_id,
        row.display_name,
        row.joined_at,
        row.left_at,
        row.rejoins,
        row.pending,
        row.locale,
        row.last_active_at,
        row.options,
    )
