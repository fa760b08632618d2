"""Where messages, edits and names come by: each is looked at in memory, and only a hit starts work."""

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING
from uuid import uuid4

import discord

from bot.clock import now
from cogs.conduct.filters import adapter
from cogs.conduct.filters.model import Hit, Where
from cogs.conduct.filters.quick import screen_message, screen_messages
from cogs.conduct.filters.screening import Postponed, Screening, Verdict
from cogs.conduct.screening.acting import Acting, Found
from cogs.conduct.screening.findings import Finding
from cogs.conduct.screening.reach import left_alone, may_rename, may_unname
from cogs.conduct.screening.settings import FilterSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

AT_A_TIME_SECONDS = 0.002
"""How long messages that came together are looked at before anything else has its turn."""
TOGETHER = 64
"""Messages that take each step of the look together."""


class Watching:
    """``message`` is a tap, which only takes note: the look follows once the gateway hands over nothing more at once.

    In a storm a hundred messages come with one read of the socket, and amid other work most of a look is waiting for
    memory: together they cost a third.
    """

    def __init__(self, bot: "CommunityBot", screening: Screening, acting: Acting) -> None:
        self._bot = bot
        self._screening = screening
        self._acting = acting
        self._waiting: deque[discord.Message] = deque()

    def message(self, message: discord.Message) -> None:
        """A new message."""
        self._waiting.append(message)
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self.look_through)

    def look_through(self) -> None:
        """Look at what waits, some milliseconds at a time."""
        until = time.perf_counter() + AT_A_TIME_SECONDS
        while self._waiting:
            some = [self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))]
            looked = screen_messages(self._screening, some, self._left_alone, until=until)
            self._waiting.extendleft(reversed(looked.left))
            for message, verdict in looked.found:
                self._bot.messages.start(self._found(message, verdict), self.message)
            if self._waiting and time.perf_counter() > until:
                asyncio.get_running_loop().call_soon(self.look_through)
                return

    async def edited(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A message was edited, or Discord added the previews of its links."""
        verdict = screen_message(self._screening, payload.message, self._left_alone, edited=True)
        if verdict is not None:
            await self._found(payload.message, verdict)

    async def nickname(self, member: discord.Member, name: str) -> None:
        """Somebody is called something else here."""
        hits = self._name(member, name, Where.NICKNAME)
        if not hits:
            return
        finding = Finding(member.guild.id, member.id, f"name:{uuid4().hex}", Where.NICKNAME, now())
        await self._acting.found(Found(member, finding, hits, bool(member.nick) and may_unname(member)))

    async def thread(self, thread: discord.Thread, *, renamed: bool) -> None:
        """A thread was made, or renamed, by somebody whom Discord does not name: then nobody is sanctioned."""
        owner = thread.owner
        if owner is None:
            return
        places = frozenset(adapter.places(thread))
        if not places.isdisjoint(self._bot.guild_settings.get(thread.guild.id, FilterSettings).exempt_channels):
            return
        hits = [hit for hit in self._name(owner, thread.name, Where.THREAD_NAME) if not _spared(hit, places)]
        if not hits:
            return
        source = f"thread:{thread.id}:{uuid4().hex if renamed else 'made'}"
        finding = Finding(thread.guild.id, owner.id, source, Where.THREAD_NAME, now(), thread.id)
        await self._acting.found(Found(owner, finding, hits, may_rename(thread), may_sanction=not renamed))

    async def _found(self, message: discord.Message, verdict: Verdict | Postponed) -> None:
        found = await asyncio.to_thread(verdict.finish) if isinstance(verdict, Postponed) else verdict
        if found is not None:
            await self._acting.message(message, found)

    def _name(self, member: discord.Member, name: str, where: Where) -> tuple[Hit, ...]:
        if not self._screening.watches(member.guild.id) or self._left_alone(member):
            return ()
        roles = [role.id for role in member.roles]
        return self._screening.screen_name(member.guild.id, name, where, roles=roles)

    def _left_alone(self, member: discord.Member) -> bool:
        return left_alone(self._bot, member)


def _spared(hit: Hit, places: frozenset[int]) -> bool:
    return not hit.filter.exempt_channels.isdisjoint(places)
