"""Notes who is a newcomer, and when they had written three times, on the path of the count."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from bot.clock import Clock, now
from bot.community.models import ActivityDay
from bot.contracts.events import ActivityCounted, MemberJoined, MemberScreened
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from cogs.onboarding.newcomers.models import Newcomer
from cogs.onboarding.settings import WelcomeSettings

THIRD = 3
WATCHED_FOR = timedelta(days=30)
"""A third message that comes later than this after joining is not looked for any more."""


class Arrivals:
    """Who still has to write three times is kept in memory; everybody else's messages cost one look into a dict."""

    def __init__(self, db: Database, settings: GuildSettings, clock: Clock = now) -> None:
        self._db = db
        self._settings = settings
        self._clock = clock
        self._quiet: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
        """Server → newcomer → when they came."""

    async def load(self) -> None:
        """Read who is still to write three times; once, at start."""
        query = select(Newcomer).where(
            Newcomer.third_message_at.is_(None), Newcomer.came_at > self._clock() - WATCHED_FOR
        )
        async with self._db.read() as session:
            for row in await session.scalars(query):
                self._quiet[row.guild_id][row.user_id] = row.came_at

    async def on_joined(self, event: MemberJoined, tx: Transaction) -> None:
        """Somebody who was never here before is a newcomer, where the welcome is on."""
        if event.rejoins or not self._settings.get(event.guild_id, WelcomeSettings).enabled:
            return
        screened_at = None if event.pending else event.at
        key = {"guild_id": event.guild_id, "user_id": event.user_id}
        if await tx.ensure(Newcomer, **key, came_at=event.at, screened_at=screened_at):
            tx.once_committed(lambda: self._quiet[event.guild_id].update({event.user_id: event.at}))

    async def on_screened(self, event: MemberScreened, tx: Transaction) -> None:
        """Discord's own rules were accepted; the first time counts."""
        mine = update(Newcomer).filter_by(guild_id=event.guild_id, user_id=event.user_id, screened_at=None)
        await tx.session.execute(mine.values(screened_at=self._clock()))

    async def on_counted(self, event: ActivityCounted, tx: Transaction) -> None:
        """Counts were written, in this transaction: at most one query for a whole batch of them."""
        quiet = self._quiet.get(event.guild_id)
        if not quiet:
            return
        wrote = {change.user_id for change in event.changes if change.messages > 0} & quiet.keys()
        late = {user_id for user_id in wrote if quiet[user_id] <= self._clock() - WATCHED_FOR}
        done = late | await self._talkative(tx, event.guild_id, sorted(wrote - late))
        tx.once_committed(lambda: _forget(quiet, done))

    async def _talkative(self, tx: Transaction, guild_id: int, people: list[int]) -> set[int]:
        """Those of them who have written three times by now, which is noted."""
        if not people:
            return set()
        totals = (
            select(ActivityDay.user_id)
            .where(ActivityDay.guild_id == guild_id, ActivityDay.user_id.in_(people))
            .group_by(ActivityDay.user_id)
            .having(func.sum(ActivityDay.messages) >= THIRD)
        )
        found = set(await tx.session.scalars(totals))
        mine = update(Newcomer).where(
            Newcomer.guild_id == guild_id, Newcomer.user_id.in_(sorted(found)), Newcomer.third_message_at.is_(None)
        )
        if found:
            quick = mine.values(third_message_at=self._clock()).execution_options(synchronize_session=False)
            await tx.session.execute(quick)
        return found


def _forget(quiet: dict[int, datetime], people: set[int]) -> None:
    for user_id in people:
        quiet.pop(user_id, None)
