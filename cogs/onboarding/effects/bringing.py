"""Pays what Discord owes a member, one member at a time, after every step and after every restart."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord

from bot.contracts.events import MemberEvent
from bot.errors import UserError
from bot.passing import PASSING
from bot.timers import DueTimer
from cogs.onboarding.effects.introductions import show_introduction
from cogs.onboarding.effects.roles import apply_groups, give_member_role
from cogs.onboarding.effects.sight import in_sight
from cogs.onboarding.effects.troubles import trouble_text
from cogs.onboarding.effects.welcome import close_thread, deliver_welcome
from cogs.onboarding.listening import Listening
from cogs.onboarding.service import REPAIR, Debts, Journeys, Owed, Repairs, Troubles

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

Effect = Callable[["CommunityBot", discord.Guild, int, Owed, Debts], Awaitable[None]]


class Bringing:
    """``member`` is called after each step and by ``server``, which repairs what a crash lost; ``again`` keeps the
    promise made for whatever failed for a passing reason."""

    def __init__(
        self,
        bot: "CommunityBot",
        journeys: Journeys,
        debts: Debts,
        listening: Listening,
        troubles: Troubles,
        repairs: Repairs,
    ) -> None:
        self._bot = bot
        self._journeys = journeys
        self._debts = debts
        self._listening = listening
        self._troubles = troubles
        self._repairs = repairs
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def after(self, event: MemberEvent) -> None:
        """The handler of ``WelcomeMoved``."""
        await self.member(event.guild_id, event.user_id)

    async def member(self, guild_id: int, user_id: int) -> None:
        """Pay everything owed to this member; what fails stays owed, and is promised to be tried again."""
        if await self._bring(guild_id, user_id):
            await self._repairs.promise(REPAIR, guild_id)

    async def _bring(self, guild_id: int, user_id: int) -> list[Exception]:
        """Pay what can be paid; what failed for a passing reason."""
        # One at a time for each member: two would both see the role missing, and grant it twice.
        lock = self._locks.setdefault((guild_id, user_id), asyncio.Lock())
        async with lock:
            owed = await self._debts.owed(guild_id, user_id)
            self._listening.expect(guild_id, user_id, message=owed.waits_for_message, answer=owed.waits_for_answer)
            guild = self._bot.get_guild(guild_id)
            if guild is None or guild.unavailable:
                return []
            paid = [await self._pay(effect, guild, user_id, owed) for due, effect in _EFFECTS if due(owed)]
            return [error for error in paid if error is not None]

    async def _pay(self, effect: Effect, guild: discord.Guild, user_id: int, owed: Owed) -> Exception | None:
        what = effect.__name__
        try:
            await effect(self._bot, guild, user_id, owed, self._debts)
        except UserError as problem:
            log.warning("%s waits in server %d: %s", what, guild.id, problem.message)
            await self._troubles.report(guild.id, what, trouble_text(self._bot.i18n.for_guild(guild.id), what, problem))
        except PASSING as error:
            log.warning("%s failed in server %d, it is tried again later: %r", what, guild.id, error)
            return error
        else:
            await self._troubles.solved(guild.id, what)
        return None

    async def server(self, guild: discord.Guild) -> int:
        """Bring every member of a server who may be owed something; returns how many were looked at."""
        looked = 0
        async for user_id in self._debtors(guild):
            await self.member(guild.id, user_id)
            looked += 1
        return looked

    async def again(self, timer: DueTimer) -> None:
        """Keeps the promise of ``service.repairs``. Raises what still fails, once everybody had their turn."""
        guild = await in_sight(self._bot, timer)
        if guild is None:
            return
        failures = [one async for user_id in self._debtors(guild) for one in await self._bring(guild.id, user_id)]
        if failures:
            raise failures[0]

    async def _debtors(self, guild: discord.Guild) -> AsyncIterator[int]:
        for user_id in await self._debts.debtors(guild.id):
            await self._journeys.settle(guild.id, user_id)
            yield user_id

    async def try_again(self, guild: discord.Guild) -> None:
        """Something changed that may have been in the way."""
        if self._troubles.any(guild.id):
            await self.server(guild)


_EFFECTS: tuple[tuple[Callable[[Owed], object], Effect], ...] = (
    (lambda owed: owed.role, give_member_role),
    (lambda owed: owed.groups, apply_groups),
    (lambda owed: owed.introduction, show_introduction),
    (lambda owed: owed.welcome, deliver_welcome),
    (lambda owed: owed.thread_to_close, close_thread),
)
