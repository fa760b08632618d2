"""Brings what was counted to the database: counts and cursors together, each batch once."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date

from sqlalchemy import delete, select, update

from bot.clock import Clock, now
from bot.community import storage
from bot.community.batches import Batch, GuildCounts
from bot.community.facts import Facts
from bot.community.ledger import Ledger
from bot.community.models import Counting, ParkedActivity
from bot.community.pulse import Pulse
from bot.contracts.events import ActivityChange, ActivityCounted, ActivityParked
from bot.database import Database, Transaction

log = logging.getLogger(__name__)

FLUSH_SECONDS = 5.0
"""At most this much is counted again from history after a crash."""


class Flush:
    """Armed by the first thing counted, idle otherwise. ``tidy`` runs after every turn."""

    def __init__(
        self, db: Database, ledger: Ledger, facts: Facts, tidy: Callable[[], None], clock: Clock = now
    ) -> None:
        self._db = db
        self._ledger = ledger
        self._facts = facts
        self._tidy = tidy
        self._clock = clock
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._pulse = Pulse(FLUSH_SECONDS, self._turn)
        self._known_days: defaultdict[int, set[tuple[date, int]]] = defaultdict(set)
        """Active days recorded by this process, per server; only the days of the last batch are kept."""
        self._parkings, self._looked_after = 1, 0
        """A look can find something while these differ: what an earlier process parked, as one, and each of ours."""
        self.batches = 0
        self.rows = 0
        self.seconds = 0.0
        """What this process has written, and how long it took."""
        ledger.arm = self._pulse.arm

    async def flush(self, guild_id: int | None = None) -> None:
        """Write what was counted until now, in one server or in all. What fails stays, in order, for the next time."""
        guilds = [self._ledger.guilds[guild_id]] if guild_id else list(self._ledger.guilds.values())
        failures = []
        for guild in guilds:
            try:
                await self._flush(guild)
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]

    async def stop(self) -> None:
        """Write everything, and until when events were received."""
        self._pulse.cancel()
        await self.flush()
        known = [guild.guild_id for guild in self._ledger.guilds.values() if guild.lost_at is None]
        if known:
            seen = update(Counting).where(Counting.guild_id.in_(known)).values(seen_at=self._clock())
            await self._db.transaction(lambda tx: tx.session.execute(seen))

    async def retry_parked(self) -> int:
        """Offer parked batches to the handlers again; returns how many they have taken."""
        parkings = self._parkings
        if parkings == self._looked_after:
            return 0
        async with self._db.read() as session:
            parked = ParkedActivity.guild_id, ParkedActivity.batch
            batches = (await session.execute(select(*parked).distinct().order_by(*parked))).all()
        if not batches:
            self._looked_after = parkings  # as counted before the look, which cannot know of what came meanwhile
        taken = 0
        for guild_id, number in batches:
            try:
                await self._db.transaction(lambda tx, g=guild_id, n=number: self._unpark(tx, g, n))  # type: ignore[misc]
                taken += 1
            except Exception:
                log.exception("batch %d of server %d stays parked", number, guild_id)
        return taken

    async def _turn(self) -> bool:
        try:
            await self.flush()
        finally:
            self._tidy()
        return any(guild.dirty for guild in self._ledger.guilds.values())

    async def _flush(self, guild: GuildCounts) -> None:
        async with self._locks[guild.guild_id]:
            if guild.open:
                guild.seal()
            # What is sealed meanwhile waits for the next turn, so that a flood cannot keep this one going for ever.
            for _ in range(len(guild.sealed)):
                began = time.perf_counter()
                await self._commit(guild.sealed[0])
                self._measure(guild.sealed.popleft(), time.perf_counter() - began)
                guild.stored = True

    def _measure(self, batch: Batch, seconds: float) -> None:
        self.batches += 1
        self.rows += len(batch.changes)
        self.seconds += seconds

    async def _commit(self, batch: Batch) -> None:
        handling = False

        async def work(tx: Transaction) -> None:
            nonlocal handling
            handling = False
            if await self._count(tx, batch):
                handling = True
                await self._tell(tx, batch.guild_id, batch.changes)
                handling = False

        try:
            await self._db.transaction(work)
        except Exception as error:
            if not handling:
                raise
            log.exception("a feature failed on batch %d of server %d: it is parked", batch.number, batch.guild_id)
            name = type(error).__name__
            try:
                await self._db.transaction(lambda tx: self._count_and_park(tx, batch, name))
            finally:  # also where the commit is in doubt; not earlier, else a look before it would find nothing
                self._parkings += 1

    async def _count(self, tx: Transaction, batch: Batch) -> bool:
        # What was missed since a session was lost stays missed until it was caught up with.
        seen_at = self._ledger.guilds[batch.guild_id].lost_at or self._clock()
        if not await storage.claim(tx, batch, seen_at):
            return False
        await storage.add_activity(tx, batch)
        await storage.move_cursors(tx, batch.cursors)
        await storage.touch_members(tx, batch)
        return True

    async def _count_and_park(self, tx: Transaction, batch: Batch, error: str) -> None:
        if await self._count(tx, batch):
            await storage.park(tx, batch, error, self._clock())
            await tx.emit(ActivityParked(batch.guild_id, batch.number, error))

    async def _unpark(self, tx: Transaction, guild_id: int, number: int) -> None:
        mine = (ParkedActivity.guild_id == guild_id) & (ParkedActivity.batch == number)
        query = select(ParkedActivity).where(mine).order_by(ParkedActivity.id).with_for_update()
        rows = (await tx.session.scalars(query)).all()
        await self._tell(tx, guild_id, storage.changes_of(rows))
        await tx.session.execute(delete(ParkedActivity).where(mine))

    async def _tell(self, tx: Transaction, guild_id: int, changes: tuple[ActivityChange, ...]) -> None:
        """Let features take note, in the transaction of the counts."""
        if not changes:
            return
        known = self._known_days[guild_id]
        active = {(c.day, c.user_id) for c in changes if c.user_id and (c.messages > 0 or c.voice_minutes > 0)}
        at, calendar = self._clock(), self._ledger.guilds[guild_id].calendar
        new = {entry: min(at, calendar.noon(entry[0])) for entry in active - known}
        await self._facts.record_active_days(tx, guild_id, new)
        await tx.emit(ActivityCounted(guild_id, changes))
        tx.once_committed(lambda: self._remember(guild_id, active))

    def _remember(self, guild_id: int, active: set[tuple[date, int]]) -> None:
        known = self._known_days[guild_id]
        newest = max((day for day, _ in active | known), default=date.min)
        self._known_days[guild_id] = {(day, user) for day, user in active | known if (newest - day).days <= 1}

    def forget_member(self, user_id: int) -> None:
        """Let a member who was erased have active days again."""
        for guild_id, known in self._known_days.items():
            self._known_days[guild_id] = {entry for entry in known if entry[1] != user_id}
