"""Notices raids as people come, in the transaction that notes each of them, and again after an outage."""

from collections import defaultdict
from datetime import datetime, timedelta

from discord.utils import snowflake_time
from sqlalchemy import Select, select, update

from bot.clock import Clock, now
from bot.community.models import Member
from bot.contracts.events import MemberJoined
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from cogs.onboarding.raids.held import Held
from cogs.onboarding.raids.models import Raid, RaidJoiner
from cogs.onboarding.raids.promises import Promises
from cogs.onboarding.raids.rules import Join, Window, goes_on, may_alert
from cogs.onboarding.raids.settings import RaidsSettings
from cogs.onboarding.raids.states import state_of

REPLAYED = timedelta(days=1)
"""How far back joins are looked at after an outage."""


def newest_raid(guild_id: int) -> Select[Raid]:
    """The raid of a server that counts; its row is locked."""
    return select(Raid).filter_by(guild_id=guild_id).order_by(Raid.id.desc()).limit(1).with_for_update()


class Watch:
    """The window is memory: a join costs one look at it and one row of the newest raid."""

    def __init__(
        self, db: Database, settings: GuildSettings, held: Held, promises: Promises, clock: Clock = now
    ) -> None:
        self._db = db
        self._settings = settings
        self._held = held
        self._promises = promises
        self._clock = clock
        self._windows: defaultdict[int, Window] = defaultdict(Window)

    async def on_joined(self, event: MemberJoined, tx: Transaction) -> None:
        """Somebody came."""
        await self._note(tx, event.guild_id, event.user_id, event.at)

    async def replay(self, guild_id: int, since: datetime) -> None:
        """Look again, in order, at whoever came since then: after a start the window is empty. Safe to repeat."""
        settings = self._settings.get(guild_id, RaidsSettings)
        begin = max(since, self._clock() - REPLAYED) - settings.within
        came = (
            select(Member.user_id, Member.joined_at)
            .where(Member.guild_id == guild_id, Member.joined_at > begin)
            .order_by(Member.joined_at, Member.user_id)
        )

        async def work(tx: Transaction) -> None:
            newest = await tx.session.scalar(newest_raid(guild_id))
            known = None if newest is None else newest.last_at
            for user_id, joined_at in (await tx.session.execute(came)).all():
                if known is None or joined_at > known:
                    await self._note(tx, guild_id, user_id, joined_at)

        await self._db.transaction(work)

    async def _note(self, tx: Transaction, guild_id: int, user_id: int, at: datetime) -> None:
        settings = self._settings.get(guild_id, RaidsSettings)
        raid = await tx.session.scalar(newest_raid(guild_id))
        braked = raid is not None and state_of(raid).braked
        if not settings.enabled and not braked:
            return
        limits = settings.limits()
        young = limits.is_young(snowflake_time(user_id), at)
        passed = young and self._windows[guild_id].add(Join(at, user_id), limits)
        if raid is not None and goes_on(raid.last_at, raid.dismissed_at, at, braked=braked):
            await self._joined(tx, raid, Join(at, user_id), young=young)
            await self._promises.show(tx, raid)
        elif passed and (raid is None or may_alert(raid.last_at, raid.dismissed_at, at)):
            await self._begin(tx, guild_id, settings)

    async def _begin(self, tx: Transaction, guild_id: int, settings: RaidsSettings) -> None:
        joins = self._windows[guild_id].joins()
        raid = Raid(
            guild_id=guild_id,
            began_at=joins[0].at,
            last_at=joins[-1].at,
            joins=settings.joins,
            within_seconds=round(settings.within.total_seconds()),
            younger_seconds=round(settings.younger_than.total_seconds()),
            level_done=False,
        )
        tx.session.add(raid)
        await tx.session.flush()
        for join in joins:
            await self._joined(tx, raid, join, young=True)
        await self._promises.show(tx, raid)

    async def _joined(self, tx: Transaction, raid: Raid, join: Join, *, young: bool) -> None:
        # Whoever came before the hold and is no new account was let in by then.
        holds = state_of(raid).holding and (young or (raid.held_at is not None and join.at >= raid.held_at))
        held_at = self._clock() if holds else None
        key = {"guild_id": raid.guild_id, "raid_id": raid.id, "user_id": join.user_id}
        new = await tx.ensure(RaidJoiner, **key, joined_at=join.at, young=young, held_at=held_at, settled=True)
        if holds and not new:
            again = update(RaidJoiner).filter_by(**key).where(RaidJoiner.held_at.is_(None)).values(held_at=held_at)
            found = again.returning(RaidJoiner.user_id).execution_options(synchronize_session=False)
            new = (await tx.session.scalars(found)).first() is not None
        if holds and new:
            self._held.add(tx, raid.guild_id, [join.user_id])
        if young:
            raid.last_at = max(raid.last_at, join.at)
            await tx.session.flush()
