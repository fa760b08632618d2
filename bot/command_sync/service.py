"""Brings each server's commands to what is on there: paced, only on a change, and again after a failure."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from sqlalchemy import select

from bot.clock import Clock, now
from bot.command_sync.models import EVERYWHERE, RegisteredCommands
from bot.command_sync.payloads import Payload, chat_ids, digest, of_everywhere, of_server, payloads_of
from bot.contracts.events import SettingsChanged
from bot.database import Transaction

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds for one call; the daily limit of 200 new commands makes discord.py wait for hours."""
FIRST_RETRY, LONGEST_RETRY = 60.0, 3600.0
REFUSED_RETRY = 86400.0
"""No event tells that the bot was invited again with the scope that lacked."""
BAD_REQUEST = 400


class State(StrEnum):
    CURRENT = "current"
    WAITING = "waiting"
    """Not registered yet, or about to be again after a change or a failure."""
    REFUSED = "refused"
    """Discord does not let the bot: it was invited without ``applications.commands``."""
    WRONG = "wrong"
    """Discord finds a mistake in them; the log says which."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the commands of one server stand. ``at`` is when Discord took them last."""

    state: State
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    digest: str
    joined_at: datetime | None
    at: datetime
    ids: dict[str, str]


class CommandSync:
    """The tree stays global in memory, where discord.py finds every command whatever server it was called in."""

    def __init__(self, bot: "CommunityBot", clock: Clock = now) -> None:
        self._bot = bot
        self._clock = clock
        self._known: dict[int, _Known] = {}
        self._waiting: set[int] = set()
        self._under_way: int | None = None
        self._refused: dict[int, State] = {}
        self._failures: dict[int, int] = {}
        self._alarms: dict[int, asyncio.TimerHandle] = {}
        self._worker: asyncio.Task[None] | None = None
        self._stopped = False
        self.payloads: Sequence[Payload] = ()
        """Every command there is, with its texts in all languages."""

    async def start(self) -> None:
        """Read what is registered, and bring every server up to date as it appears."""
        bot = self._bot
        self.payloads = await payloads_of(bot.tree)
        async with bot.db.read() as session:
            for row in await session.scalars(select(RegisteredCommands)):
                self._known[row.guild_id] = _Known(row.digest, row.joined_at, row.registered_at, dict(row.ids))
        bot.bus.after(SettingsChanged, self._after_settings_changed)
        bot.add_listener(self._on_ready, "on_ready")
        bot.add_listener(self._on_available, "on_guild_available")
        bot.add_listener(self._on_join, "on_guild_join")
        # First what is left over from all servers, or a command would show twice for a moment.
        self.soon(EVERYWHERE)

    async def stop(self) -> None:
        """Leave the rest to the next process."""
        self._stopped = True
        for alarm in self._alarms.values():
            alarm.cancel()
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    def soon(self, guild_id: int) -> None:
        """Bring that server up to date; no call is made when it is. Requests that wait are one."""
        if alarm := self._alarms.pop(guild_id, None):
            alarm.cancel()
        self._waiting.add(guild_id)
        if not self._stopped and (self._worker is None or self._worker.done()):
            self._worker = asyncio.get_running_loop().create_task(self._work())

    def status(self, guild_id: int) -> Status:
        known = self._known.get(guild_id)
        at = known.at if known else None
        if guild_id in self._refused:
            return Status(self._refused[guild_id], at)
        busy = guild_id in self._waiting or guild_id in self._alarms or guild_id == self._under_way
        return Status(State.CURRENT if known and not busy else State.WAITING, at)

    def id_of(self, guild_id: int, name: str) -> str | None:
        """The id of the chat command with that English name, None while it is not known."""
        places = (self._known.get(guild_id), self._known.get(EVERYWHERE))
        return next((known.ids[name] for known in places if known and name in known.ids), None)

    # When

    async def _on_ready(self) -> None:
        for guild in self._bot.guilds:
            await self._on_available(guild)

    async def _on_available(self, guild: discord.Guild) -> None:
        if guild.id not in self._refused:
            self.soon(guild.id)

    async def _on_join(self, guild: discord.Guild) -> None:
        self.soon(guild.id)

    async def _after_settings_changed(self, event: SettingsChanged) -> None:
        if event.section in self._bot.capabilities.deciding:
            self.soon(event.guild_id)

    # How

    async def _work(self) -> None:
        while self._waiting:
            guild_id = self._under_way = min(self._waiting)
            self._waiting.discard(guild_id)
            try:
                await self._bring(guild_id)
            except Exception:
                log.exception("commands of server %d could not be registered", guild_id)
                self._again_later(guild_id)
            finally:
                self._under_way = None

    async def _bring(self, guild_id: int) -> None:
        guild = self._bot.get_guild(guild_id)
        if guild_id != EVERYWHERE and (guild is None or guild.unavailable):
            return
        wanted = self._wanted(guild_id)
        fresh = digest(self._bot.application_id, wanted)
        joined_at = guild.me.joined_at if guild is not None else None
        known = self._known.get(guild_id)
        if known is None or (known.digest, known.joined_at) != (fresh, joined_at):
            ids = await self._register(guild_id, wanted)
            if ids is None:
                return
            await self._remember(guild_id, _Known(fresh, joined_at, self._clock(), ids))
        self._failures.pop(guild_id, None)
        self._refused.pop(guild_id, None)

    def _wanted(self, guild_id: int) -> list[Payload]:
        if guild_id == EVERYWHERE:
            return of_everywhere(self.payloads)
        return of_server(self.payloads, self._bot.capabilities.commands_off(guild_id))

    async def _register(self, guild_id: int, payloads: list[Payload]) -> dict[str, str] | None:
        """Their ids; None when it failed, which is then told and tried again where that can help."""
        try:
            async with asyncio.timeout(PATIENCE):
                registered = await self._put(guild_id, payloads)
        except discord.Forbidden:
            self._refused[guild_id] = State.REFUSED
            log.warning("server %d: the bot may not register commands; invite it again with its link", guild_id)
            self._again_in(guild_id, REFUSED_RETRY)
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            if isinstance(error, discord.HTTPException) and error.status == BAD_REQUEST:
                self._refused[guild_id] = State.WRONG
                log.error("server %d: Discord does not take the commands: %s", guild_id, error)
            else:
                log.warning("server %d: commands not registered yet: %s", guild_id, type(error).__name__)
                self._again_later(guild_id)
        else:
            log.info("server %d: %d commands registered", guild_id, len(payloads))
            return chat_ids(registered)
        return None

    async def _put(self, guild_id: int, payloads: list[Any]) -> Sequence[Any]:
        http, application_id = self._bot.http, self._bot.application_id
        assert application_id is not None
        if guild_id == EVERYWHERE:
            return await http.bulk_upsert_global_commands(application_id, payload=payloads)
        return await http.bulk_upsert_guild_commands(application_id, guild_id, payload=payloads)

    async def _remember(self, guild_id: int, known: _Known) -> None:
        async def work(tx: Transaction) -> None:
            values = {"digest": known.digest, "registered_at": known.at, "ids": known.ids}
            await tx.ensure(RegisteredCommands, guild_id=guild_id, **values)
            row = await tx.session.get_one(RegisteredCommands, guild_id)
            row.digest, row.registered_at, row.ids = known.digest, known.at, dict(known.ids)
            row.joined_at = known.joined_at

        self._known[guild_id] = known
        await self._bot.db.transaction(work)

    def _again_later(self, guild_id: int) -> None:
        failures = self._failures[guild_id] = self._failures.get(guild_id, 0) + 1
        self._again_in(guild_id, min(FIRST_RETRY * 2 ** (failures - 1), LONGEST_RETRY))

    def _again_in(self, guild_id: int, delay: float) -> None:
        self._alarms[guild_id] = asyncio.get_running_loop().call_later(delay, self.soon, guild_id)
