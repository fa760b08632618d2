"""Who offered to greet newcomers, when they may be asked, and whose turn it is."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update

from bot.clock import Clock, now
from bot.contracts.events import MemberLeft
from bot.database import Database, Transaction
from bot.errors import UserError
from bot.guilds.time_zones import is_time_zone
from bot.i18n.marks import N_
from cogs.onboarding.replies.models import Greeter
from cogs.onboarding.replies.rules import DUTY, EVERY_DAY, Hours, OnCall, next_greeter

ZoneOf = Callable[[int, int], ZoneInfo]
"""The zone of somebody's quiet hours, the server's where they chose none."""
LONGEST_PAUSE = timedelta(days=60)


class NotAGreeter(UserError):
    def __init__(self) -> None:
        super().__init__(N_("You are not on call at present. Go on call first."))


class NoDays(UserError):
    def __init__(self) -> None:
        super().__init__(N_("At least one day is needed. To rest for a while, pause instead."))


class UnknownZone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no such time zone. Write it like Europe/Paris or America/Montreal."))


class Greeters:
    """Every public method is one transaction, but for those that are given one."""

    def __init__(self, db: Database, zone_of: ZoneOf, clock: Clock = now) -> None:
        self._db = db
        self._zone_of = zone_of
        self._clock = clock

    async def find(self, guild_id: int, user_id: int) -> OnCall | None:
        """What somebody declared, also when their duty is over; None when they never did."""
        async with self._db.read() as session:
            row = await session.get(Greeter, (guild_id, user_id))
        return None if row is None else _value(row)

    async def of(self, guild_id: int) -> list[OnCall]:
        """Everybody who ever offered, by id."""
        query = select(Greeter).filter_by(guild_id=guild_id).order_by(Greeter.user_id)
        async with self._db.read() as session:
            return [_value(row) for row in await session.scalars(query)]

    def zone(self, guild_id: int, one: OnCall) -> ZoneInfo:
        """The zone their hours are meant in."""
        return ZoneInfo(one.zone) if one.zone else self._zone_of(guild_id, one.user_id)

    async def go_on_call(self, guild_id: int, user_id: int) -> datetime:
        """Offer to greet, or go on doing so; returns when that ends by itself."""
        return await self._db.transaction(lambda tx: self._begin(tx, guild_id, user_id))

    async def first(self, guild_id: int, user_id: int) -> bool:
        """Make somebody the first greeter; False where there was one before."""

        async def work(tx: Transaction) -> bool:
            if await tx.session.scalar(select(func.count()).select_from(Greeter).filter_by(guild_id=guild_id)):
                return False
            await self._begin(tx, guild_id, user_id)
            return True

        return await self._db.transaction(work)

    async def stop(self, guild_id: int, user_id: int) -> None:
        """Be on call no longer; hours and days are kept for another time."""
        await self._change(guild_id, user_id, until=self._clock(), paused_until=None)

    async def pause(self, guild_id: int, user_id: int, span: timedelta | None) -> None:
        """Rest for so long from now on, or no longer."""
        until = None if span is None else self._clock() + min(span, LONGEST_PAUSE)
        await self._change(guild_id, user_id, paused_until=until)

    async def set_hours(
        self, guild_id: int, user_id: int, *, start: time | None = None, end: time | None = None
    ) -> None:
        given = {"start_minute": start, "end_minute": end}
        await self._change(guild_id, user_id, **{name: _minutes(at) for name, at in given.items() if at is not None})

    async def set_days(self, guild_id: int, user_id: int, days: Collection[int]) -> None:
        """Monday is 0. Raises NoDays."""
        if not days:
            raise NoDays
        await self._change(guild_id, user_id, days=_bits(days))

    async def set_zone(self, guild_id: int, user_id: int, zone: str | None) -> None:
        """None: that of their quiet hours, else the server's. Raises UnknownZone."""
        if zone is not None and not is_time_zone(zone):
            raise UnknownZone
        await self._change(guild_id, user_id, zone=zone)

    async def renew(self, tx: Transaction, guild_id: int, user_id: int) -> None:
        """They did their duty: it goes on from now."""
        mine = update(Greeter).filter_by(guild_id=guild_id, user_id=user_id).where(Greeter.until > self._clock())
        await tx.session.execute(mine.values(until=self._clock() + DUTY))

    async def choose(
        self, tx: Transaction, guild_id: int, may: Callable[[int], bool], without: Collection[int]
    ) -> int | None:
        """Whose turn it is now; it counts as their turn."""
        query = select(Greeter).filter_by(guild_id=guild_id).order_by(Greeter.user_id).with_for_update()
        rows: Sequence[Greeter] = (await tx.session.scalars(query.execution_options(populate_existing=True))).all()
        at = self._clock()
        found = next_greeter(
            map(_value, rows), at, zone_of=lambda one: self.zone(guild_id, one), may=may, without=without
        )
        if found is None:
            return None
        next(row for row in rows if row.user_id == found.user_id).asked_at = at
        await tx.session.flush()
        return found.user_id

    async def on_left(self, event: MemberLeft, tx: Transaction) -> None:
        """Whoever left greets nobody."""
        await tx.session.execute(delete(Greeter).filter_by(guild_id=event.guild_id, user_id=event.user_id))

    async def _begin(self, tx: Transaction, guild_id: int, user_id: int) -> datetime:
        until = self._clock() + DUTY
        fresh = {"days": _bits(EVERY_DAY), "start_minute": _minutes(Hours().start), "end_minute": _minutes(Hours().end)}
        await tx.ensure(Greeter, guild_id=guild_id, user_id=user_id, until=until, **fresh)
        mine = update(Greeter).filter_by(guild_id=guild_id, user_id=user_id)
        await tx.session.execute(mine.values(until=until, paused_until=None))
        return until

    async def _change(self, guild_id: int, user_id: int, **values: Any) -> None:
        """Raises NotAGreeter."""

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(Greeter, (guild_id, user_id), with_for_update=True)
            if row is None:
                raise NotAGreeter
            for name, value in values.items():
                setattr(row, name, value)

        await self._db.transaction(work)


def _value(row: Greeter) -> OnCall:
    days = frozenset(day for day in EVERY_DAY if row.days & (1 << day))
    hours = Hours(days, _time(row.start_minute), _time(row.end_minute))
    return OnCall(row.user_id, row.until, hours, row.paused_until, row.zone, row.asked_at)


def _bits(days: Collection[int]) -> int:
    return sum(1 << day for day in set(days) & EVERY_DAY)


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
