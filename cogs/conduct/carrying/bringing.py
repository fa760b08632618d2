"""Brings Discord to what is in force: bans and timeouts, their ends, and the renewal of long timeouts."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord

from bot.clock import now
from bot.contracts.cases import CaseKind
from bot.database import Transaction
from bot.i18n.marks import N_
from bot.timers import DueTimer
from bot.ui.text import shortened
from cogs.conduct.carrying.hindrances import Hindrances
from cogs.conduct.carrying.obstacles import require_permission, require_reach
from cogs.conduct.carrying.people import erased_ban, erased_member, member_of
from cogs.conduct.carrying.rules import timeout_change
from cogs.conduct.cases.reading import CaseView, MeasureView
from cogs.conduct.cases.service import Cases

if TYPE_CHECKING:
    from bot.client import CommunityBot

UNKNOWN_BAN = 10026
UNKNOWN_USER = 10013
AWAY = timedelta(minutes=10)
"""When a server that is out of sight is looked for again, at the latest."""


@dataclass(frozen=True, slots=True)
class Brought:
    """``done`` False: it stays owed, because the member is not here. ``again_at``: when to look again."""

    done: bool = True
    again_at: datetime | None = None


class Bringing:
    """Safe to repeat; what is owed is in the table, and two runs for one measure never overlap."""

    def __init__(self, bot: "CommunityBot", cases: Cases) -> None:
        self._bot = bot
        self._cases = cases
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self.hindered = Hindrances(bot)

    def turn(self, measure_id: int) -> asyncio.Lock:
        """Held by whoever compares or changes what Discord has of this measure."""
        return self._turns.setdefault(measure_id, asyncio.Lock())

    async def handle(self, timer: DueTimer) -> None:
        await self.bring(int(timer.payload["measure"]))

    async def bring(self, measure_id: int) -> None:
        """Make Discord as the row says, when it is not. Raises UserError for what is in the way."""
        async with self.turn(measure_id):
            found = await self._cases.read.measure_and_case(measure_id)
            if found is None:
                return
            row, case = found
            guild = self._bot.get_guild(row.guild_id)
            if guild is None or guild.unavailable:
                await self._again(row, now() + AWAY)
                return
            try:
                brought = await self._effect(guild, row, case)
            except Exception:
                await self._cases.measures.expire(measure_id)  # it is over for everybody else all the same
                self.hindered.note(guild.id)
                raise
            if brought.done:
                await self._cases.measures.brought(row.id, row.revision, brought.again_at)
            elif brought.again_at is not None:
                await self._again(row, brought.again_at)

    async def _effect(self, guild: discord.Guild, row: MeasureView, case: CaseView | None) -> Brought:
        over = not row.in_force or (row.until is not None and row.until <= now())
        if row.kind == CaseKind.BAN:
            return await (self._unban(guild, row, case) if over else self._ban(guild, row, case))
        member = await self._member(guild, row.user_id)
        if over:
            return await self._end_timeout(guild, row, case, member)
        return await self._timeout(guild, row, case, member)

    async def _ban(self, guild: discord.Guild, row: MeasureView, case: CaseView | None) -> Brought:
        if row.owed and row.user_id > 0:
            member = guild.get_member(row.user_id)
            require_reach(guild, member, CaseKind.BAN)
            who = discord.Object(row.user_id)
            if not await is_banned(guild, row.user_id):
                seconds = case.delete_seconds if case else 0
                reason = self._reason(guild, case)
                try:
                    await guild.ban(who, reason=reason, delete_message_seconds=seconds)
                except discord.NotFound as error:
                    if error.code != UNKNOWN_USER:  # otherwise there is no such account any more
                        raise
        return Brought(again_at=row.until)

    async def _unban(self, guild: discord.Guild, row: MeasureView, case: CaseView | None) -> Brought:
        if not row.owed and not row.in_force:
            return Brought()
        require_permission(guild, CaseKind.UNBAN)
        user_id = row.user_id if row.user_id > 0 else await erased_ban(self._bot.db, guild, row.user_id)
        if user_id is not None:
            await unban(guild, user_id, self._end_reason(guild, case))
        return Brought()

    async def _timeout(
        self, guild: discord.Guild, row: MeasureView, case: CaseView | None, member: discord.Member | None
    ) -> Brought:
        if member is None:
            return Brought(done=False, again_at=row.until)
        until, again_at = timeout_change(row.until, member.timed_out_until, now())
        if until is not None:
            require_reach(guild, member, CaseKind.TIMEOUT)
            reason = self._reason(guild, case)
            try:
                await member.timeout(until, reason=reason)
            except discord.NotFound:  # they left at this moment
                return Brought(done=False, again_at=row.until)
        return Brought(again_at=again_at)

    async def _end_timeout(
        self, guild: discord.Guild, row: MeasureView, case: CaseView | None, member: discord.Member | None
    ) -> Brought:
        if member is None or not (row.owed or row.in_force):
            return Brought()
        by_itself = case is not None and case.until is not None and case.until <= now() and not case.undone
        # A newer case was undone, and this one is over: Discord may still have what the newer one set.
        if by_itself and not (row.owed and member.is_timed_out()):
            return Brought()
        require_reach(guild, member, CaseKind.TIMEOUT)
        try:
            await member.timeout(None, reason=self._end_reason(guild, case))
        except discord.NotFound:
            return Brought()
        return Brought()

    async def _member(self, guild: discord.Guild, user_id: int) -> discord.Member | None:
        if user_id < 0:
            return await erased_member(self._bot.db, guild, user_id)
        return await member_of(guild, user_id)

    def _reason(self, guild: discord.Guild, case: CaseView | None) -> str:
        by, said = (case.moderator_id, case.reason) if case else (None, "")
        return audit_reason(self._bot, guild, case, by, said)

    def _end_reason(self, guild: discord.Guild, case: CaseView | None) -> str:
        by = None if case is None else case.ended_by or case.lifted_by
        t = self._bot.i18n.for_guild(guild.id)
        return audit_reason(self._bot, guild, case, by, t(N_("it is over")))

    async def _again(self, row: MeasureView, at: datetime) -> None:
        async def work(tx: Transaction) -> None:
            await self._cases.measures.promise(tx, row, at)

        await self._bot.db.transaction(work)


def audit_reason(bot: "CommunityBot", guild: discord.Guild, case: CaseView | None, by: int | None, said: str) -> str:
    """What Discord's audit log says, in the server's language: who decided, which case, and why."""
    t = bot.i18n.for_guild(guild.id)
    member = guild.get_member(by or 0)
    number = case.number if case else 0
    if member is None:
        head = t(N_("Case {number}"), number=number)
    else:
        head = t(N_("Case {number}, {name}"), number=number, name=member.display_name)
    said = " ".join(said.split())
    return shortened(f"{head}: {said}" if said else head, 500)


async def unban(guild: discord.Guild, user_id: int, reason: str) -> None:
    """Lift a ban, or find that there is none."""
    try:
        await guild.unban(discord.Object(user_id), reason=reason)
    except discord.NotFound as error:
        if error.code not in (UNKNOWN_BAN, UNKNOWN_USER):
            raise


async def is_banned(guild: discord.Guild, user_id: int) -> bool:
    """Whether Discord has a ban of this user."""
    try:
        await guild.fetch_ban(discord.Object(user_id))
    except discord.NotFound as error:
        if error.code not in (UNKNOWN_BAN, UNKNOWN_USER):
            raise
        return False
    return True
