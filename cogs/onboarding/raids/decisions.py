"""What the team decides about a raid: written down once, with the promise of its effect, whoever presses first."""

from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from sqlalchemy import Select, Update, select, update

from bot.clock import Clock, now
from bot.database import Database, Transaction
from bot.guilds.service import GuildSettings
from cogs.onboarding.models import Journey
from cogs.onboarding.raids.held import Held
from cogs.onboarding.raids.models import Raid, RaidJoiner
from cogs.onboarding.raids.promises import BAN, LET_IN, LEVEL, PAUSE, Promises
from cogs.onboarding.raids.refusals import (
    AlreadyDismissed,
    AlreadyHeld,
    AlreadyPaused,
    BrakeOn,
    NothingToUndo,
    RaidGone,
    RaidReplaced,
)
from cogs.onboarding.raids.settings import RaidsSettings
from cogs.onboarding.raids.states import state_of
from cogs.onboarding.raids.watch import newest_raid

T = TypeVar("T")
Act = Callable[[Transaction, Raid], Awaitable[T]]


class Decisions:
    """Each raises RaidGone, and a refusal when it was decided already. The raid's row is locked first."""

    def __init__(
        self, db: Database, settings: GuildSettings, held: Held, promises: Promises, clock: Clock = now
    ) -> None:
        self._db = db
        self._settings = settings
        self._held = held
        self._promises = promises
        self._clock = clock

    async def pause(self, guild_id: int, raid_id: int, by: int) -> None:
        """Pause invites until somebody ends it. Raises RaidReplaced for another raid than the newest."""

        async def act(tx: Transaction, raid: Raid) -> None:
            await self._require_newest(tx, raid)
            if state_of(raid).paused:
                raise AlreadyPaused
            raid.paused_at, raid.paused_by, raid.paused_until = self._clock(), by, None
            raid.pause_ended_at = raid.pause_ended_by = raid.dismissed_at = raid.dismissed_by = None

        await self._decide(guild_id, raid_id, act, PAUSE)

    async def end_pause(self, guild_id: int, raid_id: int, by: int | None) -> None:
        """Let invites work again. ``by`` None: somebody ended it in Discord's own menu."""

        async def act(tx: Transaction, raid: Raid) -> None:
            if not state_of(raid).paused:
                raise NothingToUndo
            raid.pause_ended_at, raid.pause_ended_by = self._clock(), by

        await self._decide(guild_id, raid_id, act, PAUSE)

    async def hold(self, guild_id: int, raid_id: int, by: int, level: int) -> None:
        """Let newcomers wait for the team, from this raid's on. ``level`` is the verification level to go
        back to.

        Raises RaidReplaced for another raid than the newest.
        """

        async def act(tx: Transaction, raid: Raid) -> None:
            await self._require_newest(tx, raid)
            if state_of(raid).holding:
                raise AlreadyHeld
            raid.held_at, raid.held_by = self._clock(), by
            raid.hold_ended_at = raid.hold_ended_by = raid.dismissed_at = raid.dismissed_by = None
            await self._note_level(tx, raid, level)
            self._held.add(tx, guild_id, await self._hold_joiners(tx, raid))

        await self._decide(guild_id, raid_id, act, LEVEL)

    async def end_hold(self, guild_id: int, raid_id: int, by: int) -> int:
        """Let everybody in, from now on too; returns how many had waited."""

        async def act(tx: Transaction, raid: Raid) -> int:
            if not state_of(raid).holding:
                raise NothingToUndo
            raid.hold_ended_at, raid.hold_ended_by = self._clock(), by
            return await self._release(tx, raid, by, None)

        return await self._decide(guild_id, raid_id, act, LEVEL, LET_IN)

    async def release(self, guild_id: int, raid_id: int, by: int, people: Collection[int] | None = None) -> int:
        """Let these in, or all who wait by now; others go on being held. Returns how many it was news for."""
        return await self._decide(guild_id, raid_id, lambda tx, raid: self._release(tx, raid, by, people), LET_IN)

    async def ban(self, guild_id: int, raid_id: int, by: int, people: Collection[int]) -> int:
        """Decide to ban these; returns how many nobody had decided on before."""

        async def act(tx: Transaction, raid: Raid) -> int:
            undecided = RaidJoiner.ban_at.is_(None) | RaidJoiner.refused_at.is_not(None)
            wanted = (
                update(RaidJoiner)
                .where(RaidJoiner.guild_id == guild_id, RaidJoiner.raid_id == raid_id)
                .where(RaidJoiner.user_id.in_(people), RaidJoiner.banned_at.is_(None), undecided)
                .values(ban_at=self._clock(), refused_at=None)
            )
            decided = await _changed(tx, wanted)
            if decided:
                raid.banned_at, raid.banned_by = self._clock(), by
            return len(decided)

        return await self._decide(guild_id, raid_id, act, BAN)

    async def dismiss(self, guild_id: int, raid_id: int, by: int) -> None:
        """It is no raid, or it is dealt with. Raises BrakeOn while something is in force."""

        async def act(tx: Transaction, raid: Raid) -> None:
            if raid.dismissed_at is not None:
                raise AlreadyDismissed
            if state_of(raid).braked:
                raise BrakeOn
            raid.dismissed_at, raid.dismissed_by = self._clock(), by

        await self._decide(guild_id, raid_id, act)

    async def _decide(self, guild_id: int, raid_id: int, act: Act[T], *kinds: str) -> T:
        async def work(tx: Transaction) -> T:
            raid = await tx.session.get(Raid, raid_id, with_for_update=True, populate_existing=True)
            if raid is None or raid.guild_id != guild_id:
                raise RaidGone
            result = await act(tx, raid)
            await tx.session.flush()
            for kind in kinds:
                await self._promises.make(tx, kind, raid)
            await self._promises.show(tx, raid)
            return result

        return await self._db.transaction(work)

    async def _require_newest(self, tx: Transaction, raid: Raid) -> None:
        newest = await tx.session.scalar(newest_raid(raid.guild_id))
        if newest is not None and newest.id != raid.id:
            raise RaidReplaced

    async def _note_level(self, tx: Transaction, raid: Raid, level: int) -> None:
        """Remember the level to go back to; what an earlier hold has not restored yet is that hold's."""
        wanted = self._settings.get(raid.guild_id, RaidsSettings).level.number
        owed = await tx.session.scalar(select(Raid).filter_by(guild_id=raid.guild_id, level_done=True).limit(1))
        before, raised = level, max(level, wanted)
        if owed is not None and owed.level_before is not None and owed.level_raised is not None:
            before, raised, owed.level_done = owed.level_before, max(owed.level_raised, wanted), False
        raid.level_before, raid.level_raised, raid.level_done = before, raised, False

    async def _hold_joiners(self, tx: Transaction, raid: Raid) -> list[int]:
        waiting = (
            update(RaidJoiner)
            .where(RaidJoiner.guild_id == raid.guild_id, RaidJoiner.raid_id == raid.id, RaidJoiner.young)
            .where(RaidJoiner.user_id.not_in(_full_members(raid.guild_id)))
            .values(held_at=self._clock(), released_at=None, released_by=None, settled=True)
        )
        return await _changed(tx, waiting)

    async def _release(self, tx: Transaction, raid: Raid, by: int, people: Collection[int] | None) -> int:
        waiting = update(RaidJoiner).where(
            RaidJoiner.guild_id == raid.guild_id,
            RaidJoiner.raid_id == raid.id,
            RaidJoiner.held_at.is_not(None),
            RaidJoiner.released_at.is_(None),
        )
        if people is not None:
            waiting = waiting.where(RaidJoiner.user_id.in_(people))
        values = {"released_at": self._clock(), "released_by": by, "settled": False}
        released = await _changed(tx, waiting.values(**values))
        self._held.remove(tx, raid.guild_id, released)
        return len(released)


def _full_members(guild_id: int) -> Select[int]:
    """Members who have their role already: it is not taken from them."""
    return select(Journey.user_id).where(Journey.guild_id == guild_id, Journey.role_given_at.is_not(None))


async def _changed(tx: Transaction, statement: Update) -> list[int]:
    """Run an update of joiners; whom it changed."""
    found = statement.returning(RaidJoiner.user_id).execution_options(synchronize_session=False)
    return list(await tx.session.scalars(found))
