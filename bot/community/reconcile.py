"""After an outage: asks Discord what changed meanwhile, and says what nobody can know any more."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import discord
from sqlalchemy import update

from bot.clock import Clock, now
from bot.community.batches import GuildCounts
from bot.community.catch_up import CatchUp, Caught
from bot.community.flush import Flush
from bot.community.ledger import Ledger
from bot.community.members import Differences, Members
from bot.community.models import Counting, Reconciliation
from bot.community.people import seen_members
from bot.database import Database, Transaction

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

GUILDS_AT_ONCE = 2
RETRY_SECONDS = 600
"""When channels that Discord did not give are asked for again."""

Hook = Callable[[discord.Guild, datetime], Awaitable[None]]


class Unknown(StrEnum):
    """What could not be known about an outage."""

    REACTIONS = "reactions"
    """Who reacted when."""
    VOICE = "voice"
    DELETIONS = "deletions"
    """Which of the messages counted before were deleted meanwhile."""
    MEMBERS = "members"
    """Who joined and left: the member list was not available."""
    UNREADABLE = "unreadable"
    """Channels the bot may not read."""
    FAILED = "failed"
    """Channels that Discord did not give yet; they are asked for again."""
    FEATURES = "features"
    """A feature failed to catch up; its error is in the log."""


class Reconciler:
    """One run per server at a time, in the background. Losing another session meanwhile makes it run once more."""

    def __init__(
        self,
        bot: "CommunityBot",
        db: Database,
        ledger: Ledger,
        catch_up: CatchUp,
        members: Members,
        flush: Flush,
        clock: Clock = now,
    ) -> None:
        self._bot = bot
        self._db = db
        self._ledger = ledger
        self._catch_up = catch_up
        self._members = members
        self._flush = flush
        self._clock = clock
        self._hooks: list[Hook] = []
        self._wanted: dict[int, bool] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._retries: dict[int, asyncio.TimerHandle] = {}
        self._slots = asyncio.Semaphore(GUILDS_AT_ONCE)
        self.runs = 0
        """Outages this process has caught up with."""

    def register(self, hook: Hook) -> None:
        """Call ``hook(guild, since)`` after an outage: events of this feature may be missing from ``since`` on.

        It must be safe to repeat. If it raises, the others go on and the result says so.
        """
        self._hooks.append(hook)

    def request(self, guild_id: int, *, lost: bool) -> None:
        """Catch up with a server. ``lost``: a session began; otherwise only open gaps of messages are read."""
        self._wanted[guild_id] = lost or self._wanted.get(guild_id, False)
        if guild_id not in self._running:
            task = asyncio.get_running_loop().create_task(self._run(guild_id))
            self._running[guild_id] = task
            task.add_done_callback(lambda _: self._running.pop(guild_id, None))

    async def idle(self) -> None:
        """Return when nothing is being caught up with."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def stop(self) -> None:
        """Leave the rest to the next process: every gap is on record."""
        for handle in self._retries.values():
            handle.cancel()
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, guild_id: int) -> None:
        while guild_id in self._wanted:
            async with self._slots:
                lost = self._wanted.pop(guild_id)
                guild = self._bot.get_guild(guild_id)
                if guild is None or guild.unavailable:
                    return
                try:
                    await self._reconcile(guild, lost=lost)
                except Exception:
                    log.exception("server %d could not be caught up with; asked again in %d s", guild_id, RETRY_SECONDS)
                    self._retry_later(guild_id, lost=lost)

    async def _reconcile(self, guild: discord.Guild, *, lost: bool) -> None:
        counts = self._ledger.counts(guild)
        since, until = counts.lost_at, self._clock()
        caught, differences, unknown = Caught(), Differences(), set[Unknown]()
        if lost:
            self._catch_up.look(guild)
            differences = await self._compare_members(guild, counts, unknown)
        if since is not None:
            await self._catch_up.look_at_archived(guild, since, caught)
        await self._catch_up.read(guild, caught)
        if lost and not await self._call_hooks(guild, since or until):
            unknown.add(Unknown.FEATURES)
        await self._flush.flush(guild.id)
        if caught.failed:
            self._retry_later(guild.id, lost=False)
        if lost and since is None:
            log.info("server %d: counting begins", guild.id)
        if lost and since is not None:
            unknown |= _unknowable(caught)
            await self._record(guild.id, since, until, caught, differences, unknown)
        if lost and counts.lost_at == since and guild.id not in self._wanted:
            counts.lost_at = None

    async def _compare_members(self, guild: discord.Guild, counts: GuildCounts, unknown: set[Unknown]) -> Differences:
        if not self._bot.intents.members:
            unknown.add(Unknown.MEMBERS)
            return Differences()
        async with self._members.turn(guild.id):
            present = await seen_members(guild, self._clock())
            if not counts.members_known:
                old = (seen for seen in present.values() if seen.joined_at <= counts.first_seen_at)
                await self._members.begin(guild.id, old)
                counts.members_known, counts.stored = True, False
            if not guild.chunked:
                unknown.add(Unknown.MEMBERS)
            return await self._members.compare(guild.id, present, complete=guild.chunked)

    async def _call_hooks(self, guild: discord.Guild, since: datetime) -> bool:
        well = True
        for hook in self._hooks:
            try:
                await hook(guild, since)
            except Exception:
                log.exception("a feature could not catch up with server %d", guild.id)
                well = False
        return well

    async def _record(
        self,
        guild_id: int,
        since: datetime,
        until: datetime,
        caught: Caught,
        differences: Differences,
        unknown: set[Unknown],
    ) -> None:
        row = Reconciliation(
            guild_id=guild_id,
            since=since,
            until=until,
            finished_at=self._clock(),
            calls=caught.calls,
            messages=caught.messages,
            joined=differences.joined,
            left=differences.left,
            screened=differences.screened,
            unknown=sorted(unknown),
        )

        async def work(tx: Transaction) -> None:
            tx.session.add(row)
            seen = update(Counting).where(Counting.guild_id == guild_id).values(seen_at=until)
            await tx.session.execute(seen)

        await self._db.transaction(work)
        self.runs += 1
        log.info(
            "server %d caught up since %s: %d messages in %d calls, %d joined, %d left, %d screened; unknown: %s",
            guild_id,
            since.isoformat(timespec="seconds"),
            caught.messages,
            caught.calls,
            differences.joined,
            differences.left,
            differences.screened,
            ", ".join(sorted(unknown)),
        )

    def _retry_later(self, guild_id: int, *, lost: bool) -> None:
        loop = asyncio.get_running_loop()
        if guild_id in self._retries:
            self._retries[guild_id].cancel()
        self._retries[guild_id] = loop.call_later(RETRY_SECONDS, lambda: self.request(guild_id, lost=lost))


def _unknowable(caught: Caught) -> set[Unknown]:
    always = {Unknown.REACTIONS, Unknown.VOICE, Unknown.DELETIONS}
    unreadable = {Unknown.UNREADABLE} if caught.unreadable else set()
    return always | unreadable | ({Unknown.FAILED} if caught.failed else set())
