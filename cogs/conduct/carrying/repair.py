"""After an outage: bans and timeouts that somebody ended on Discord meanwhile are noted as ended."""

from typing import TYPE_CHECKING

import discord
from sqlalchemy import select

from bot.clock import now
from bot.contracts.cases import CaseKind
from bot.database import Transaction
from bot.timers.models import Timer
from cogs.conduct.carrying.bringing import Bringing
from cogs.conduct.cases.measures import BRING
from cogs.conduct.cases.reading import MeasureView
from cogs.conduct.cases.service import Cases

if TYPE_CHECKING:
    from bot.client import CommunityBot

ONE_BY_ONE = 20
"""Up to so many bans are asked for one by one; of more, the whole list is read."""


class Repair:
    """Run after the audit log was read: what is found here has no author that anybody can know."""

    def __init__(self, bot: "CommunityBot", cases: Cases, bringing: Bringing) -> None:
        self._bot = bot
        self._cases = cases
        self._bringing = bringing

    async def compare(self, guild: discord.Guild) -> int:
        """Note what was ended by hand; how many there were."""
        rows = [row for row in await self._cases.read.measures(guild.id) if row.in_force and not row.owed]
        rows = [row for row in rows if row.user_id > 0 and (row.until is None or row.until > now())]
        bans = [row for row in rows if row.kind == CaseKind.BAN]
        timeouts = [row for row in rows if row.kind == CaseKind.TIMEOUT]
        ended = 0
        if bans and guild.me.guild_permissions.ban_members:
            banned = await self._banned(guild, bans)
            for row in bans:
                if row.user_id not in banned:
                    ended += await self._ended(guild, row)
        for row in timeouts:
            member = guild.get_member(row.user_id)
            if member is not None and not member.is_timed_out():
                ended += await self._ended(guild, row)
        return ended

    async def _banned(self, guild: discord.Guild, rows: list[MeasureView]) -> set[int]:
        if len(rows) > ONE_BY_ONE:
            return {ban.user.id async for ban in guild.bans(limit=None)}
        found = set()
        for row in rows:
            try:
                await guild.fetch_ban(discord.Object(row.user_id))
            except discord.NotFound:
                continue
            found.add(row.user_id)
        return found

    async def _ended(self, guild: discord.Guild, row: MeasureView) -> bool:
        """Lift it, unless it was decided anew meanwhile, or Discord itself has ended what is to be renewed."""
        async with self._bringing.turn(row.id):
            if row.kind == CaseKind.TIMEOUT and not await self._really(guild, row):
                return False
            return await self._bot.db.transaction(lambda tx: self._lift(tx, row))

    async def _really(self, guild: discord.Guild, row: MeasureView) -> bool:
        """The cache may be older than what was set a moment ago."""
        async with self._bot.db.read() as session:
            due_at = await session.scalar(select(Timer.due_at).filter_by(key=f"{BRING}:{row.id}"))
        if due_at is not None and due_at <= now():
            return False
        try:
            member = await guild.fetch_member(row.user_id)
        except discord.NotFound:
            return False
        return not member.is_timed_out()

    async def _lift(self, tx: Transaction, row: MeasureView) -> bool:
        case = await self._cases.book.locked(tx, row.case_id)  # before the measure, as whoever decides does
        present = await self._cases.measures.locked(tx, row.id)
        if present is None or present.revision != row.revision or present.owed:
            return False
        await self._cases.ending.lift_in(tx, case, None, done=True)
        return True
