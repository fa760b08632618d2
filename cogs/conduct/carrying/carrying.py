"""Carries out a case: the notice, the act, and the post in the log, in the order that lets the member be told."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord

from bot.clock import now
from bot.contracts.cases import CaseKind
from bot.database import Transaction
from bot.errors import UserError
from bot.i18n.marks import N_
from bot.timers import DueTimer
from bot.ui import reply
from cogs.conduct.carrying.bringing import AWAY, Bringing, audit_reason, unban
from cogs.conduct.carrying.letter import Letter, NoticePart, appealed, happened
from cogs.conduct.carrying.modlog import LOG, Modlog
from cogs.conduct.carrying.notices import Notices
from cogs.conduct.carrying.obstacles import require_permission, require_reach
from cogs.conduct.carrying.people import member_of
from cogs.conduct.carrying.rules import TOLD_FIRST
from cogs.conduct.cases import card as cards
from cogs.conduct.cases.book import CARRY
from cogs.conduct.cases.measures import BRING, MEASURED
from cogs.conduct.cases.models import Notice
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.service import Cases

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

log = logging.getLogger(__name__)

ShowCase = Callable[["Interaction", CaseView], Awaitable[None]]


class Carrying:
    """Handles ``conduct:carry``, ``conduct:measure`` and ``conduct:log``; each run reads the tables first.

    ``notice_parts`` and ``show_case`` are for other parts of moderation: what they add to every notice, and what the
    button of the log opens.
    """

    def __init__(self, bot: "CommunityBot", cases: Cases) -> None:
        self._bot = bot
        self._cases = cases
        self.bringing = Bringing(bot, cases)
        self.notices = Notices(bot, cases)
        self.modlog = Modlog(bot, cases)
        self.show_case: ShowCase = self._show
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        for kind, handler in ((CARRY, self.handle), (BRING, self.bringing.handle), (LOG, self.modlog.handle)):
            bot.timers.handle(kind, handler)

    @property
    def notice_parts(self) -> list[NoticePart]:
        """What is added to every notice: buttons stand beside ours, other items below the text."""
        return self.notices.parts

    async def handle(self, timer: DueTimer) -> None:
        await self.carry(int(timer.payload["case"]))

    async def carry(self, case_id: int) -> None:
        """Do what is owed because of a case. Raises UserError for what is in the way; then nothing is half done."""
        async with self._turns.setdefault(case_id, asyncio.Lock()):
            case = await self._cases.read.by_id(case_id)
            if case is None:
                return
            guild = self._bot.get_guild(case.guild_id)
            if guild is None or guild.unavailable:
                await self._later(case)
                return
            try:
                await self._carry_out(guild, case)
            except Exception as error:
                problem = error if isinstance(error, UserError) else None
                self.bringing.hindered.note(guild.id)
                with contextlib.suppress(discord.HTTPException):
                    await self.modlog.post(case.id, problem)
                raise
            await self.modlog.post(case.id)

    async def resume(self, guild: discord.Guild) -> None:
        """After a start or an outage: promise anew what is owed, in case a promise was lost."""
        for row in await self._cases.read.measures(guild.id):
            if row.owed:
                await self._bot.db.transaction(lambda tx, row=row: self._cases.measures.promise(tx, row, now()))  # type: ignore[misc]
        for case in await self._cases.read.untold(guild.id):
            await self._bot.db.transaction(lambda tx, case=case: self._promise(tx, case, timedelta(0)))  # type: ignore[misc]
        await self.modlog.try_again(guild.id)

    async def try_again(self, guild: discord.Guild) -> None:
        """A role or channel changed, which may have been in the way: what failed is tried now."""
        await self.bringing.hindered.try_again(guild.id)
        await self.modlog.try_again(guild.id)

    def standing(self, interaction: "Interaction", guild: discord.Guild, case: CaseView) -> str:
        """How the member's case stands now, in the reader's language."""
        t = self._bot.i18n.for_reader(interaction.locale, guild.id)
        letter = Letter(t, case, guild.name, cards.article_of(self._bot, guild.id, case.article))
        if case.kind in MEASURED and case.until is not None and case.until <= now() and not case.undone:
            said = t(N_("It is over: nothing of it is in force any more."))
            return f"{said} {appealed(letter)}".strip()
        return happened(letter)

    async def _carry_out(self, guild: discord.Guild, case: CaseView) -> None:
        if case.by_hand or case.undone:
            await self.notices.tell(guild, case)
            await self._cases.done(case.id)
        elif case.kind is CaseKind.UNBAN:
            await self._unban(guild, case)
        elif case.kind in TOLD_FIRST:
            await self._tell_and_act(guild, case)
        else:
            await self._bring(case)
            await self.notices.tell(guild, case)
        await self.notices.refresh(guild, case)

    async def _tell_and_act(self, guild: discord.Guild, case: CaseView) -> None:
        if case.kind is CaseKind.BAN and not await self._owed(case):
            await self.notices.tell(guild, case)
            return
        if case.done_at is not None and case.kind is CaseKind.KICK:
            await self.notices.tell(guild, case)
            return
        member = await member_of(guild, case.user_id)
        require_reach(guild, member, case.kind)  # otherwise they would be told of what does not happen
        if case.until is not None and case.until <= now() and case.notice is Notice.OWED:
            await self._cases.told(case.id, Notice.UNDELIVERED)  # it was over before it could begin
        else:
            await self.notices.tell(guild, case)
        if case.kind is CaseKind.BAN:
            await self._bring(case)
        elif not await self._undone(case):
            await self._kick(guild, case, member)

    async def _kick(self, guild: discord.Guild, case: CaseView, member: discord.Member | None) -> None:
        """Once: not when they have left meanwhile, even if they are back."""
        came_back = member is not None and member.joined_at is not None and member.joined_at > case.created_at
        if member is not None and not came_back:
            reason = audit_reason(self._bot, guild, case, case.moderator_id, case.reason)
            try:
                await guild.kick(member, reason=reason)
            except discord.NotFound:
                log.info("case %d: the member had left before the kick", case.number)
        await self._cases.done(case.id)

    async def _unban(self, guild: discord.Guild, case: CaseView) -> None:
        """Once: also of a ban that no case knows. A ban that is decided later is another one."""
        if case.done_at is None:
            require_permission(guild, case.kind)
            await unban(guild, case.user_id, audit_reason(self._bot, guild, case, case.moderator_id, case.reason))
            await self._cases.done(case.id)

    async def _undone(self, case: CaseView) -> bool:
        """Whether it was undone while its notice was on its way."""
        present = await self._cases.read.by_id(case.id)
        return present is None or present.undone

    async def _owed(self, case: CaseView) -> bool:
        rows = await self._cases.read.measures(case.guild_id, user_id=case.user_id)
        return any(row.owed for row in rows if row.kind == MEASURED[case.kind])

    async def _bring(self, case: CaseView) -> None:
        if case.kind not in MEASURED:
            return
        for row in await self._cases.read.measures(case.guild_id, user_id=case.user_id):
            if row.owed and row.kind == MEASURED[case.kind]:
                await self.bringing.bring(row.id)

    async def _show(self, interaction: "Interaction", case: CaseView) -> None:
        t = self._bot.i18n.for_interaction(interaction)
        await reply(interaction, view=cards.page(await cards.card_of(self._bot, t, case)))

    async def _later(self, case: CaseView) -> None:
        await self._bot.db.transaction(lambda tx: self._promise(tx, case, AWAY))

    async def _promise(self, tx: Transaction, case: CaseView, pause: timedelta) -> None:
        key, payload = f"{CARRY}:{case.id}", {"case": case.id}
        at = now() + pause
        await self._bot.timers.schedule(tx, kind=CARRY, key=key, due_at=at, guild_id=case.guild_id, payload=payload)
