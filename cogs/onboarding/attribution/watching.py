"""Hears who joins, and looks at the invites when everybody who joined can be told apart from who is just joining."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import discord

from bot.clock import Clock, now
from bot.community.pulse import Pulse
from cogs.onboarding.attribution.reading import Glance, glance, look, may_read, shown
from cogs.onboarding.attribution.service import Attribution, Key

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

STEP_SECONDS = 1.0
"""Between an arrival and the look, and again between the look and its meaning: uses and arrivals come to us by
different ways, and nobody may be under way on one of them."""
LONGEST_PAUSE = 32
"""Steps between two looks while people keep arriving."""
UNQUIET_LOOKS = 8
"""After so many looks into a crowd it is written down as it is: a few minutes, all of them ambiguous."""


@dataclass(slots=True)
class Watch:
    """One server between two looks."""

    heard: dict[Key, None] = field(default_factory=dict)
    arrivals: int = 0
    """Grows with each arrival."""
    ready: bool = False
    """Who is a member is known, since the session began."""
    watched: bool = False
    """Every arrival since the last look was heard of, and at that look nobody was on the way."""
    due: bool = False
    found: Glance | None = None
    found_after: int = 0
    """``arrivals`` when what was found was asked for."""
    unquiet: int = 0
    pause: int = 0
    again: bool = False
    """The look before found uses and arrivals that did not match; this one is written down as it is."""
    settled_at: datetime | None = None

    def lose(self) -> None:
        """Arrivals may be missing from now on."""
        self.ready = self.watched = False
        self.found = None


class Watching:
    """Takes each server a step further once a second while somebody comes; idle otherwise."""

    def __init__(self, bot: "CommunityBot", attribution: Attribution, clock: Clock = now) -> None:
        self._bot = bot
        self._attribution = attribution
        self._clock = clock
        self._watches: dict[int, Watch] = {}
        self._pulse = Pulse(STEP_SECONDS, self._turn)
        self._connected = False
        self.looks = 0
        """Times this process asked Discord for invites."""

    def start(self) -> None:
        """Listen to the gateway's sessions; before it connects."""
        observe = self._bot.messages.observe
        observe("connect", self._began)
        observe("resumed", self._resumed)
        observe("disconnect", self._dropped)
        observe("guild_unavailable", lambda guild: self._watch(guild.id).lose())
        observe("member_join", self._joined)
        observe("guild_remove", self._removed)

    def stop(self) -> None:
        """The next process goes on: every open question is in the database."""
        self._pulse.cancel()

    def want(self, guild_id: int) -> None:
        """Have a look soon."""
        self._watch(guild_id).due = True
        self._pulse.arm()

    def caught_up(self, guild_id: int) -> None:
        """Who is a member is known again: those who came during an outage have their rows."""
        self._watch(guild_id).ready = True
        if self._attribution.wanted(guild_id):
            self.want(guild_id)

    async def made(self, invite: discord.Invite) -> None:
        """Somebody made an invite."""
        guild_id = getattr(invite.guild, "id", None)
        if guild_id is not None and self._attribution.wanted(guild_id):
            await self._attribution.made(guild_id, shown(invite))

    # Sessions: on the gateway's own call stack

    def _began(self) -> None:
        self._connected = True
        for watch in self._watches.values():
            watch.lose()

    def _resumed(self) -> None:
        self._connected = True
        if any(watch.due for watch in self._watches.values()):
            self._pulse.arm()

    def _dropped(self) -> None:
        # Discord still answers, about people of whom we have not heard.
        self._connected = False
        for watch in self._watches.values():
            watch.found = None

    def _joined(self, member: discord.Member) -> None:
        guild_id = member.guild.id
        if member.bot or not self._attribution.wanted(guild_id):
            return
        watch, at = self._watch(guild_id), member.joined_at or self._clock()
        if watch.settled_at is not None and at < watch.settled_at:
            watch.watched = False  # news of them were late: the look before may have counted them
        watch.heard[(member.id, at)] = None
        watch.arrivals += 1
        self.want(guild_id)

    def _removed(self, guild: discord.Guild) -> None:
        self._watches.pop(guild.id, None)

    def _watch(self, guild_id: int) -> Watch:
        return self._watches.setdefault(guild_id, Watch())

    # Looks

    async def _turn(self) -> bool:
        for guild_id, watch in list(self._watches.items()):
            if self._connected and watch.due and watch.ready:
                try:
                    await self._step(guild_id, watch)
                except discord.HTTPException as error:
                    log.warning("invites of server %d could not be read and are asked for again: %s", guild_id, error)
                    watch.found, watch.pause = None, LONGEST_PAUSE
                except Exception:
                    log.exception("invites of server %d are looked at again later", guild_id)
                    watch.found, watch.pause = None, LONGEST_PAUSE
        return self._connected and any(watch.due and watch.ready for watch in self._watches.values())

    async def _step(self, guild_id: int, watch: Watch) -> None:
        guild = self._bot.get_guild(guild_id)
        if guild is None or guild.unavailable:
            watch.due = False
        elif not self._attribution.wanted(guild_id) or not may_read(guild):
            await self._attribution.blind(guild_id)
            self._watches[guild_id] = Watch(ready=watch.ready, arrivals=watch.arrivals)
        elif watch.pause > 0:
            watch.pause -= 1
        elif watch.found is None:
            await self._ask(guild, watch)
        elif watch.found_after == watch.arrivals:
            await self._conclude(guild, watch, watch.found, quiet=True)
        elif watch.unquiet >= UNQUIET_LOOKS:
            await self._conclude(guild, watch, watch.found, quiet=False)
        else:
            watch.unquiet += 1
            watch.found, watch.pause = None, min(2**watch.unquiet, LONGEST_PAUSE) - 2

    async def _ask(self, guild: discord.Guild, watch: Watch) -> None:
        arrivals, before = watch.arrivals, await self._attribution.before(guild.id)
        self.looks += 1
        found = await glance(guild, before, self._clock(), watched=watch.watched)
        if self._connected and watch.ready:
            watch.found, watch.found_after = found, arrivals

    async def _conclude(self, guild: discord.Guild, watch: Watch, found: Glance, *, quiet: bool) -> None:
        heard = list(watch.heard)
        looked = look(self._bot, guild, found, heard, watched=watch.watched, quiet=quiet)
        written = await self._attribution.settle(guild.id, looked, final=watch.again or not quiet)
        watch.found, watch.again, watch.pause, watch.unquiet = None, not written, 0 if written else 1, 0
        if not written:
            return
        for key in heard:
            watch.heard.pop(key, None)
        watch.settled_at = found.at
        watch.watched = quiet and watch.ready
        watch.due = bool(watch.heard)
