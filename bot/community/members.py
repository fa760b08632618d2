"""Who is, and was, a member. Every change is safe to repeat and announced once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import Clock, now
from bot.community.models import Member
from bot.contracts.events import MemberJoined, MemberLeft, MemberScreened
from bot.database import Database, Transaction
from bot.privacy.erasures import erased_at

AT_ONCE = 200
"""Members changed in one transaction when many changed during an outage."""
ROWS_AT_ONCE = 1000


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
        rows = [_new(guild_id, seen) for seen in sorted(present, key=lambda member: member.user_id)]
        insert = (postgresql if self._db.dialect == "postgresql" else sqlite).insert(cast("Table", Member.__table__))
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]

            async def work(tx: Transaction, part: list[dict[str, Any]] = part) -> None:
                await tx.session.execute(insert.on_conflict_do_nothing(), part)

            await self._db.transaction(work)

    async def compare(self, guild_id: int, present: Mapping[int, Seen], *, complete: bool) -> Differences:
        """Bring the table to what Discord shows. ``complete``: who is not in ``present`` has left."""
        joined, left, changed = [], [], []
        unknown = set(present)
        async for known in self._known(guild_id):
            seen = present.get(known.user_id)
            unknown.discard(known.user_id)
            if seen is None:
                if complete and known.left_at is None:
                    left.append(known.user_id)
            elif known.left_at is not None or seen.joined_at > known.joined_at:
                joined.append(seen)
            elif (seen.name, seen.pending) != (known.display_name, known.pending):
                changed.append(seen)
        joined += [present[user_id] for user_id in unknown]
        return Differences(
            await self._each(guild_id, joined, self._join),
            await self._each(guild_id, left, self._leave),
            await self._each(guild_id, changed, self._update),
        )

    async def _known(self, guild_id: int) -> AsyncIterator[Any]:
        """What the comparison needs of every member, present or past, a part at a time."""
        columns = Member.user_id, Member.display_name, Member.joined_at, Member.left_at, Member.pending
        async with self._db.read() as session:
            rows = await session.stream(select(*columns).where(Member.guild_id == guild_id))
            async for part in rows.partitions(ROWS_AT_ONCE):
                for row in part:
                    yield row
                await asyncio.sleep(0)

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
