"""Records what was done without the bot, with its author: live, and from the audit log after an outage."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import discord
from sqlalchemy import select

from bot.clock import now
from bot.contracts.cases import CaseKind
from bot.database import Transaction
from bot.passing import PASSING
from bot.ui.text import shortened
from cogs.conduct.cases.models import Case
from cogs.conduct.cases.opening import NewCase
from cogs.conduct.cases.reading import names_of, seen
from cogs.conduct.cases.service import SKEW, Cases
from cogs.conduct.handmade.automod import TIMED_OUT, AutoMod, Durations
from cogs.conduct.handmade.rules import Entry

if TYPE_CHECKING:
    from bot.client import CommunityBot

Action = discord.AuditLogAction
KINDS = {Action.ban: CaseKind.BAN, Action.unban: CaseKind.UNBAN, Action.kick: CaseKind.KICK}
READ = (*KINDS, Action.member_update, TIMED_OUT)
MARGIN = timedelta(minutes=5)
"""Our clock may be ahead of Discord's; what is read twice makes one case."""
MOST = 1000
"""Entries of a kind that are read after an outage."""
REASON_LENGTH = 512


class Changes:
    """Who changed whose timeout next, by hand, by a bot or by AutoMod."""

    def __init__(self, entries: Iterable[discord.AuditLogEntry]) -> None:
        self._of: defaultdict[int | None, list[discord.AuditLogEntry]] = defaultdict(list)
        for entry in sorted(entries, key=lambda one: one.id):
            if entry.action is TIMED_OUT or hasattr(entry.after, "timed_out_until"):
                self._of[getattr(entry.target, "id", None)].append(entry)

    def after(self, entry: discord.AuditLogEntry) -> discord.AuditLogEntry | None:
        """The first one about the same member that is newer than this entry."""
        found = self._of.get(getattr(entry.target, "id", None), ())
        return next((one for one in found if one.id > entry.id), None)


class Handmade:
    """One server's entries are recorded one after the other, oldest first; who records holds ``turn``."""

    def __init__(self, bot: "CommunityBot", cases: Cases) -> None:
        self._bot = bot
        self._cases = cases
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._waiting: list[discord.AuditLogEntry] = []
        self.automod = AutoMod(bot, cases)

    def turn(self, guild_id: int) -> asyncio.Lock:
        """Live entries wait until those of an outage were read."""
        return self._turns.setdefault(guild_id, asyncio.Lock())

    async def hear(self, entry: discord.AuditLogEntry) -> None:
        """Record a live entry in its turn. Raises one of ``PASSING`` when Discord did not say what it needs."""
        self._waiting.append(entry)
        try:
            async with self.turn(entry.guild.id):
                await self.record(entry)
        finally:
            self._waiting.remove(entry)

    async def record(
        self, entry: discord.AuditLogEntry, durations: Durations | None = None, changes: Changes | None = None
    ) -> None:
        """Make a case of it when a moderator, another bot or AutoMod did it to a member; safe to repeat.

        ``durations`` of AutoMod's rules, and ``changes`` by other entries, matter to old ones: what Discord has of the
        member now may be over, or of a later timeout.
        """
        if entry.action is TIMED_OUT:
            later = (changes or Changes(self._waiting)).after(entry)
            await self.automod.read(entry, durations or {}, later)
            return
        read = self._read(entry)
        if read is None:
            return
        if read.ended:
            await self._bot.db.transaction(lambda tx: self._ended(tx, entry.guild.id, read))
        elif read.kind is not CaseKind.TIMEOUT or read.length is not None:
            await self._cases.open(_new(entry.guild.id, read))

    async def catch_up(self, guild: discord.Guild, since: datetime) -> int:
        """Record what was done since then, in the order in which it was done; how many entries were read.

        Raises one of ``PASSING`` when Discord did not say all that was asked: the rest is recorded, and it is to be
        done again.
        """
        if not guild.me.guild_permissions.view_audit_log:
            return 0
        found = []
        for action in READ:
            async for entry in guild.audit_logs(limit=MOST, after=since - MARGIN, action=action, oldest_first=True):
                found.append(entry)
        durations: Durations | None = {}
        unsaid: Exception | None = None
        if any(one.action is TIMED_OUT for one in found):
            try:
                durations = await self.automod.durations(guild)
            except PASSING as error:
                durations, unsaid = None, error
        changes = Changes([*found, *self._waiting])
        for entry in sorted(found, key=lambda one: one.id):
            if entry.action is TIMED_OUT and durations is None:
                continue
            try:
                await self.record(entry, durations, changes)
            except PASSING as error:
                unsaid = error
        if unsaid is not None:
            raise unsaid
        return len(found)

    def _read(self, entry: discord.AuditLogEntry) -> Entry | None:
        """None for what is no act of moderation, and for what this bot did."""
        me = self._bot.user
        target = getattr(entry.target, "id", None)
        if target is None or (me is not None and entry.user_id == me.id):
            return None
        facts: dict[str, Any] = {
            "id": entry.id,
            "at": entry.created_at,
            "by": entry.user_id,
            "target": int(target),
            "reason": shortened(entry.reason or "", REASON_LENGTH),
        }
        if entry.action in KINDS:
            return Entry(kind=KINDS[entry.action], **facts)
        if entry.action is not Action.member_update or not hasattr(entry.after, "timed_out_until"):
            return None
        until = entry.after.timed_out_until
        return Entry(kind=CaseKind.TIMEOUT, until=until, ended=until is None, **facts)

    async def _ended(self, tx: Transaction, guild_id: int, entry: Entry) -> None:
        """A timeout was taken away: those that were in force then are over."""
        names = await names_of(tx.session, entry.target)
        mine = Case.guild_id == guild_id, Case.user_id.in_(names), Case.kind == CaseKind.TIMEOUT
        query = select(Case).where(*mine, Case.created_at <= entry.at + SKEW).order_by(Case.id).with_for_update()
        for case in list(await tx.session.scalars(query)):
            if seen(case, now()).in_force(now()):
                await self._cases.ending.lift_in(tx, case, entry.by, entry.reason, done=True)


def _new(guild_id: int, entry: Entry) -> NewCase:
    return NewCase(
        guild_id=guild_id,
        user_id=entry.target,
        kind=entry.kind,
        source=entry.source,
        reason=entry.reason,
        moderator_id=entry.by,
        length=entry.length,
        by_hand=True,
        at=entry.at,
    )
