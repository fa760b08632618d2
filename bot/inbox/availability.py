"""Quiet hours and holidays of the people of each team."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from bot.clock import Clock
from bot.contracts.events import MemberLeft, SettingsChanged
from bot.database import Database, Transaction
from bot.inbox.models import StaffAvailability
from bot.inbox.refusals import BadHoliday
from bot.inbox.rules import ALWAYS, LONGEST_HOLIDAY, Availability, Holiday, Presence, QuietHours
from bot.timers import DueTimer, Timers

if TYPE_CHECKING:
    from bot.inbox.service import Inbox

HOLIDAY_BEGINS = "inbox:away"
"""Kind of the timer that takes a person's claims back when their holiday begins."""


class Availabilities:
    """Read from memory, which is the database's value as of the last commit: one process owns a server."""

    def __init__(self, db: Database, timers: Timers, server_zone: Callable[[int], str], clock: Clock) -> None:
        self._db = db
        self._timers = timers
        self._server_zone = server_zone
        self._clock = clock
        self._memory: dict[tuple[int, int], Availability] = {}
        self.inbox: Inbox | None = None

    async def load(self) -> None:
        """Read what was kept, and promise the beginning of every holiday anew: a crash may have lost a change."""
        async with self._db.read() as session:
            rows = (await session.scalars(select(StaffAvailability))).all()
        self._memory = {(row.guild_id, row.user_id): _value(row) for row in rows}
        for row in rows:
            if row.away_from is not None:
                await self._promise_again(row.guild_id, row.user_id)

    def of(self, guild_id: int, user_id: int) -> Availability:
        """What the person chose; always free where they chose nothing."""
        return self._memory.get((guild_id, user_id), ALWAYS)

    def presence(self, guild_id: int, user_id: int, at: datetime) -> Presence:
        """How the person is at that instant."""
        return self.of(guild_id, user_id).presence(at, self._server_zone(guild_id))

    def zone(self, guild_id: int, user_id: int) -> ZoneInfo:
        """The time zone the person's hours and days are meant in."""
        return self.of(guild_id, user_id).zone_in(self._server_zone(guild_id))

    def away_until(self, guild_id: int, user_id: int, at: datetime) -> datetime | None:
        """When the holiday that the person is on ends; None when they are on none."""
        found = self.of(guild_id, user_id)
        if found.holiday is None or self.presence(guild_id, user_id, at) is not Presence.AWAY:
            return None
        return found.holiday.ends(self.zone(guild_id, user_id))

    async def set_quiet(self, guild_id: int, user_id: int, quiet: QuietHours | None, zone: str | None) -> None:
        """Keep somebody's quiet hours and the zone their hours and days are meant in (None: the server's)."""
        await self._keep(guild_id, user_id, lambda found: replace(found, quiet=quiet, zone=zone))

    async def set_holiday(self, guild_id: int, user_id: int, holiday: Holiday | None) -> None:
        """Keep somebody's next holiday, or end it. What they hold is free for others as soon as it begins.

        Raises BadHoliday when it is over already, ends before it begins, or lies more than a year ahead.
        """
        if holiday is not None:
            today = self._clock().astimezone(self.zone(guild_id, user_id)).date()
            if not (holiday.first <= holiday.last and today <= holiday.last <= today + LONGEST_HOLIDAY):
                raise BadHoliday
        await self._keep(guild_id, user_id, lambda found: replace(found, holiday=holiday))

    async def forget(self, event: MemberLeft, tx: Transaction) -> None:
        """Whoever left the server is on no team."""
        mine = (StaffAvailability.guild_id == event.guild_id, StaffAvailability.user_id == event.user_id)
        await tx.session.execute(delete(StaffAvailability).where(*mine))
        tx.once_committed(lambda: self._remember(event.guild_id, event.user_id, ALWAYS))

    def erased(self, guild_id: int | None, user_id: int | None) -> None:
        """What the tables held of a person, of a server, or of both is gone (None: of all)."""
        gone = [key for key in self._memory if guild_id in (None, key[0]) and user_id in (None, key[1])]
        for key in gone:
            del self._memory[key]

    async def zone_changed(self, event: SettingsChanged) -> None:
        """Holidays of people who follow the server's zone may begin at another instant now."""
        for guild_id, user_id in [key for key, found in self._memory.items() if found.holiday and not found.zone]:
            if guild_id == event.guild_id:
                await self._promise_again(guild_id, user_id)

    async def holiday_begins(self, timer: DueTimer) -> None:
        """Take back what the person holds, if their holiday has begun by now."""
        assert timer.guild_id is not None
        guild_id, row_id = timer.guild_id, int(timer.payload["row"])

        async def work(tx: Transaction) -> None:
            row = await tx.session.get(StaffAvailability, row_id)
            if row is not None and row.guild_id == guild_id:
                await self._follow(tx, row, _value(row))

        await self._db.transaction(work)

    async def _keep(self, guild_id: int, user_id: int, change: Callable[[Availability], Availability]) -> None:
        async def work(tx: Transaction) -> None:
            await tx.ensure(StaffAvailability, guild_id=guild_id, user_id=user_id)
            row = await _locked(tx, guild_id, user_id)
            assert row is not None
            value = change(_value(row))
            _write(row, value)
            await tx.session.flush()
            await self._follow(tx, row, value)
            tx.once_committed(lambda: self._remember(guild_id, user_id, value))

        await self._db.transaction(work)

    async def _promise_again(self, guild_id: int, user_id: int) -> None:
        async def work(tx: Transaction) -> None:
            row = await _locked(tx, guild_id, user_id)
            if row is not None:
                await self._follow(tx, row, _value(row))

        await self._db.transaction(work)

    async def _follow(self, tx: Transaction, row: StaffAvailability, value: Availability) -> None:
        """Take claims back now if the holiday has begun, else when it does."""
        key, at = f"{HOLIDAY_BEGINS}:{row.id}", self._clock()
        server_zone = self._server_zone(row.guild_id)
        begins = value.holiday.starts(value.zone_in(server_zone)) if value.holiday else None
        if value.presence(at, server_zone) is Presence.AWAY:
            assert self.inbox is not None
            await self.inbox.drop(tx, row.guild_id, row.user_id)
        if begins is not None and begins > at:
            await self._timers.schedule(
                tx, kind=HOLIDAY_BEGINS, key=key, due_at=begins, guild_id=row.guild_id, payload={"row": row.id}
            )
        else:
            await self._timers.cancel(tx, key)

    def _remember(self, guild_id: int, user_id: int, value: Availability) -> None:
        if value == ALWAYS:
            self._memory.pop((guild_id, user_id), None)
        else:
            self._memory[guild_id, user_id] = value


async def _locked(tx: Transaction, guild_id: int, user_id: int) -> StaffAvailability | None:
    mine = (StaffAvailability.guild_id == guild_id, StaffAvailability.user_id == user_id)
    return (await tx.session.scalars(select(StaffAvailability).where(*mine).with_for_update())).one_or_none()


def _value(row: StaffAvailability) -> Availability:
    quiet = holiday = None
    if row.quiet_from is not None and row.quiet_to is not None:
        quiet = QuietHours(_time(row.quiet_from), _time(row.quiet_to))
    if row.away_from is not None and row.away_to is not None:
        holiday = Holiday(row.away_from, row.away_to)
    return Availability(quiet, holiday, row.zone)


def _write(row: StaffAvailability, value: Availability) -> None:
    row.zone = value.zone
    row.quiet_from = None if value.quiet is None else _minutes(value.quiet.start)
    row.quiet_to = None if value.quiet is None else _minutes(value.quiet.end)
    away: tuple[date | None, date | None] = (None, None)
    if value.holiday is not None:
        away = value.holiday.first, value.holiday.last
    row.away_from, row.away_to = away


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _minutes(at: time) -> int:
    return int(timedelta(hours=at.hour, minutes=at.minute).total_seconds()) // 60
