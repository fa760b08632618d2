"""Keeps the filters of each server. Knows no Discord; what cannot be compiled is refused before it comes here."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, func, select

from bot.clock import Clock, now
from bot.contracts.events import Event
from bot.database import Database, Transaction
from cogs.conduct.screening.models import FilterHit, ScreenFilter
from cogs.conduct.screening.refusals import (
    FilterChanged,
    FilterGone,
    TooManyFilters,
)
from cogs.conduct.screening.rules import FILTERS, Kept, Watch, file_names, looks_for_else
from cogs.conduct.screening.soundness import ready, same, seen, sound


@dataclass(frozen=True, slots=True)
class FiltersReplaced(Event):
    """An import changed the filters of a server."""


Edit = Callable[[Kept], Kept]
"""Makes the filter that is to be kept of the present one; raises UserError, and then nothing changed."""


class Filters:
    """What it remembers is the database's as of the last commit: one process owns a server."""

    def __init__(self, db: Database, clock: Clock = now) -> None:
        self._db = db
        self._clock = clock
        self._kept: dict[int, dict[int, Kept]] = {}
        self._numbering = asyncio.Lock()

    async def load(self, guild_id: int | None = None) -> None:
        """Read the filters of every server, or those of one anew."""
        query = select(ScreenFilter).order_by(ScreenFilter.number)
        if guild_id is not None:
            self._kept.pop(guild_id, None)
            query = query.where(ScreenFilter.guild_id == guild_id)
        async with self._db.read() as session:
            for row in await session.scalars(query):
                self._remember(seen(row))

    def of(self, guild_id: int) -> Sequence[Kept]:
        """In the order in which they were made, from memory."""
        return list(self._kept.get(guild_id, {}).values())

    def numbered(self, guild_id: int, number: int) -> Kept:
        """From memory. Raises FilterGone."""
        try:
            return self._kept[guild_id][number]
        except KeyError:
            raise FilterGone from None

    def by_id(self, guild_id: int, filter_id: int) -> Kept | None:
        """From memory; None when it was removed."""
        return next((one for one in self.of(guild_id) if one.id == filter_id), None)

    async def add(self, new: Kept, by: int) -> Kept:
        """Keep a new one, in shadow whatever it says; its id and number are given here. Raises TooManyFilters."""
        sound(new)

        async def work(tx: Transaction) -> Kept:
            numbers = select(func.count(), func.max(ScreenFilter.number)).where(ScreenFilter.guild_id == new.guild_id)
            count, last = (await tx.session.execute(numbers)).one()
            if count >= FILTERS:
                raise TooManyFilters(FILTERS)
            row = ScreenFilter(guild_id=new.guild_id, number=(last or 0) + 1, kind=new.kind)
            fresh = replace(new, watch=Watch.SHADOW, revision=1, armed_at=None, sought_since=self._clock())
            self._write(row, fresh, by)
            tx.session.add(row)
            await tx.session.flush()
            made = seen(row)
            tx.once_committed(lambda: self._remember(made))
            return made

        async with self._numbering:
            return await self._db.transaction(work)

    async def change(self, guild_id: int, number: int, edit: Edit, by: int, *, revision: int | None = None) -> Kept:
        """Raises what ``edit`` raises, FilterGone, and FilterChanged unless it is at ``revision`` still."""

        async def work(tx: Transaction) -> Kept:
            row = await self._locked(tx, guild_id, number)
            if revision is not None and row.revision != revision:
                raise FilterChanged
            present = seen(row)
            wanted = edit(present)
            if wanted == present:
                return present
            sound(wanted)
            if wanted.watch is Watch.ARMED:
                ready(wanted)
            return await self._changed(tx, row, wanted, by)

        return await self._db.transaction(work)

    async def replace_within(self, tx: Transaction, guild_id: int, wanted: Sequence[Kept], by: int) -> None:
        """Keep exactly these, in the caller's transaction, each told apart by its name.

        One that stays as it is goes on as it is; everything else watches only. Raises TooManyFilters.
        """
        if len(wanted) > FILTERS:
            raise TooManyFilters(FILTERS)
        query = select(ScreenFilter).filter_by(guild_id=guild_id).order_by(ScreenFilter.number).with_for_update()
        found = list(await tx.session.scalars(query))
        rows = dict(zip(file_names((row.number, row.name) for row in found), found, strict=True))
        number = max((row.number for row in rows.values()), default=0)
        for new in wanted:
            sound(new)
            row = rows.pop(new.name, None)
            if row is not None and row.kind is new.kind:
                if not same(seen(row), new):
                    await self._changed(tx, row, new, by)
                continue
            if row is not None:
                await self._drop(tx, row)
            number += 1
            row = ScreenFilter(guild_id=guild_id, number=number, kind=new.kind)
            self._write(row, replace(new, revision=1, sought_since=self._clock()), by)
            tx.session.add(row)
            await tx.session.flush()
            made = seen(row)
            tx.once_committed(lambda made=made: self._remember(made))  # type: ignore[misc]
        for row in rows.values():
            await self._drop(tx, row)
        await tx.emit(FiltersReplaced(guild_id))

    async def disarm(self, tx: Transaction, filter_id: int) -> Kept | None:
        """Put it back into shadow, in the caller's transaction; None when it was not armed."""
        row = await tx.session.get(ScreenFilter, filter_id, with_for_update=True, populate_existing=True)
        if row is None or row.watch is not Watch.ARMED:
            return None
        return await self._changed(tx, row, replace(seen(row), watch=Watch.SHADOW), None)

    async def remove(self, guild_id: int, number: int) -> Kept:
        """With its hits; the cases stay. Raises FilterGone."""

        async def work(tx: Transaction) -> Kept:
            return await self._drop(tx, await self._locked(tx, guild_id, number))

        return await self._db.transaction(work)

    async def _drop(self, tx: Transaction, row: ScreenFilter) -> Kept:
        gone = seen(row)
        await tx.session.execute(delete(FilterHit).filter_by(guild_id=row.guild_id, filter_id=row.id))
        await tx.session.delete(row)
        await tx.session.flush()
        tx.once_committed(lambda: self._forget(gone))
        return gone

    async def _locked(self, tx: Transaction, guild_id: int, number: int) -> ScreenFilter:
        query = select(ScreenFilter).filter_by(guild_id=guild_id, number=number).with_for_update()
        row = await tx.session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            raise FilterGone
        return row

    async def _changed(self, tx: Transaction, row: ScreenFilter, wanted: Kept, by: int | None) -> Kept:
        armed = wanted.watch is Watch.ARMED
        if armed and row.watch is not Watch.ARMED:
            wanted = replace(wanted, armed_at=self._clock())
        since = self._clock() if looks_for_else(seen(row), wanted) else row.sought_since
        wanted = replace(wanted, sought_since=since)
        self._write(row, replace(wanted, revision=row.revision + 1), by)
        await tx.session.flush()
        made = seen(row)
        tx.once_committed(lambda: self._remember(made))
        return made

    def _write(self, row: ScreenFilter, wanted: Kept, by: int | None) -> None:
        row.name, row.entries, row.shipped = wanted.name, list(wanted.entries), list(wanted.shipped)
        row.article, row.doing, row.most_mentions = wanted.article, wanted.doing, wanted.most_mentions
        row.length_seconds = None if wanted.length is None else int(wanted.length.total_seconds())
        row.exempt_roles, row.exempt_channels = list(wanted.exempt_roles), list(wanted.exempt_channels)
        row.watch, row.revision, row.armed_at = wanted.watch, wanted.revision, wanted.armed_at
        row.sought_since = wanted.sought_since
        row.changed_by, row.changed_at = by, self._clock()

    def _remember(self, kept: Kept) -> None:
        mine = self._kept.setdefault(kept.guild_id, {})
        if kept.number not in mine or mine[kept.number].revision <= kept.revision:
            mine[kept.number] = kept

    def _forget(self, kept: Kept) -> None:
        self._kept.get(kept.guild_id, {}).pop(kept.number, None)
