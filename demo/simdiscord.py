"""A simulated Discord for the tests and the demo: simcord with what Parvis needs and simcord lacks.

This is the only file that touches simcord's private parts, so simcord is pinned exactly. `SimDiscord` is a
`simcord.Env` (actors, channels and previews are simcord's own) on a `World` that also keeps locales, rules
screening, closed DMs, nonces, invites in use, incident actions, outages and servers without the bot.
"""

import asyncio
import contextlib
import copy
import dataclasses
import functools
import hashlib
import importlib
import math
import pickle
import types
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, RoleHandle, SetupError, UserHandle, _runtime
from simcord import _dpy_internals as _dpy
from simcord import components as _components
from simcord import gateway as _gateway
from simcord import interactions as _interactions
from simcord import results as _results
from simcord._clock import Clock
from simcord.backend import Backend, errors, serializers
from simcord.backend.models import Channel, Guild, Member, Message
from simcord.enums import AuditLogAction, ChannelType, InteractionType
from simcord.http import router as _router
from simcord.http._helpers import message_response
from simcord.http.router import Handler, RequestContext
from simcord.preview import _markdown as _preview_markdown
from simcord.preview import _media
from simcord.preview import _messages as _preview_messages
from simcord.preview import _snapshot as _preview_snapshot
from simcord.results import to_discord_message

IDLE = 0.002
"""Seconds between two looks at a bot that waits for a thread (its database); simcord's 0.05 makes tests slow."""
DRY_SECONDS = 0.2
"""How long the bot may be busy before we look, nevertheless, whether it is still waiting for something."""
NONCE_MEMORY = timedelta(minutes=3)
"""How long the same nonce gives the same message; Discord says "a few minutes"."""
NONCE_LENGTH = 25
PAUSE_LIMIT = timedelta(hours=24)
"""Discord pauses invites and DMs for at most a day."""
PAGE_OF_TIME = timedelta(hours=6)
DEFAULT_LOCALE = "en-US"

_SILENCED = discord.Permissions(view_channel=True, read_message_history=True).value
APSCHEDULER_ALARM = "AsyncIOScheduler.wakeup"
"""What simcord calls the callback by which APScheduler wakes."""
_SCHEDULER_MODULES = (
    "schedulers.base",
    "triggers.interval",
    "triggers.cron",
    "triggers.date",
    "executors.base",
    "util",
)


class Refused(SetupError):
    """Discord itself would not let this person do that; the bot never hears of it."""


class World(Backend):
    """The simulated Discord's own state. Only what concerns servers that the bot is in reaches the bot."""

    def __init__(self, starts_at: datetime | None = None) -> None:
        clock = Clock()
        if starts_at is not None:
            clock._epoch = starts_at.astimezone(UTC)
        super().__init__(clock=clock)
        self.locales: dict[int, str] = {}
        self.screening: set[tuple[int, int]] = set()
        self.have_left: set[tuple[int, int]] = set()
        self.closed_dms: set[int] = set()
        self.nonces: dict[str, tuple[datetime, int, int]] = {}
        self.features: dict[int, list[str]] = {}
        self.incidents: dict[int, dict[str, str | None]] = {}
        self.sessions_left = 1000
        self.max_concurrency = 1
        self.connected = True
        self.missed: list[tuple[str, Mapping[str, Any]]] = []
        self._unseen = False
        self._has_polls = False

    # Polls: simcord looks through every message of the world whenever time moves, which a long story cannot afford

    def commit_message(self, message: Message, *, broadcast: bool = True) -> Message:
        self._has_polls = self._has_polls or message.poll is not None
        return super().commit_message(message, broadcast=broadcast)

    def next_poll_deadline(self) -> datetime | None:
        return super().next_poll_deadline() if self._has_polls else None

    def expire_due_polls(self) -> None:
        if self._has_polls:
            super().expire_due_polls()

    # What reaches the bot

    def emit(self, event: str, payload: Mapping[str, Any]) -> None:
        """Announce an event; not of a server without the bot, and while the gateway is down only in `missed`."""
        if event == "MESSAGE_REACTION_ADD":
            payload = self._with_author(payload)
        if not self._concerns_bot(event, payload):
            self.transcript.append(("DROPPED", event, "the bot is not in that server"))
        elif not self.connected:
            self.missed.append((event, copy.deepcopy(dict(payload))))
            self.transcript.append(("MISSED", event, "the gateway is down"))
        else:
            super().emit(event, payload)

    def _with_author(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Discord says whose message a reaction is added to; simcord does not."""
        message = self.messages.get(int(payload["channel_id"]), {}).get(int(payload["message_id"]))
        return payload if message is None else {**payload, "message_author_id": str(message.author_id)}

    def _concerns_bot(self, event: str, payload: Mapping[str, Any]) -> bool:
        if self._unseen:
            return False
        if event == "INTERACTION_CREATE":  # a button of a server that was left still arrives
            return True
        about = payload.get("id") if event in {"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"} else None
        guild = self.guilds.get(int(payload.get("guild_id") or about or 0))
        return guild is None or self.bot_user.id in guild.members

    @contextlib.contextmanager
    def unseen(self) -> Iterator[None]:
        """Change the world without the bot being told."""
        self._unseen = True
        try:
            yield
        finally:
            self._unseen = False

    @contextlib.contextmanager
    def arriving(self) -> Iterator[None]:
        """Servers made meanwhile reach the bot afterwards, furnished: it is added to a server that was there before."""
        known = set(self.guilds)
        with self.unseen():
            yield
        for guild in [self.guilds[key] for key in self.guilds if key not in known]:
            self.emit("GUILD_CREATE", serializers.guild_create_payload(self, guild))

    # Members

    def remove_member(self, guild_id: int, user_id: int) -> None:
        super().remove_member(guild_id, user_id)
        self.screening.discard((guild_id, user_id))
        self.have_left.add((guild_id, user_id))

    def compute_permissions(self, guild_id: int, user_id: int, channel_id: int | None = None) -> int:
        """As simcord's, and nobody can act before the rules screening is over."""
        permissions = super().compute_permissions(guild_id, user_id, channel_id)
        if (guild_id, user_id) in self.screening and not permissions & discord.Permissions.administrator.flag:
            return permissions & _SILENCED
        return permissions

    def silence(self, guild_id: int, user_id: int) -> str | None:
        """Why this member can press and run nothing at the moment; None when they can."""
        if discord.Permissions(self.compute_permissions(guild_id, user_id)).administrator:
            return None
        if (guild_id, user_id) in self.screening:
            return "has not finished the rules screening"
        until = self.get_member(guild_id, user_id).timed_out_until
        return "is timed out" if until and datetime.fromisoformat(until) > self.clock.now() else None

    def shares_a_server(self, user_id: int) -> bool:
        return any({user_id, self.bot_user.id} <= guild.members.keys() for guild in self.guilds.values())

    def invites_paused(self, guild_id: int) -> bool:
        until = self.incidents.get(guild_id, {}).get("invites_disabled_until")
        paused = until is not None and datetime.fromisoformat(until) > self.clock.now()
        return paused or "INVITES_DISABLED" in self.features.get(guild_id, ())

    # Servers and threads

    def remove_guild(self, guild_id: int) -> None:
        """The bot leaves: it is told so and hears no more of that server, which lives on without it."""
        guild = self.get_guild(guild_id)
        self.emit("GUILD_DELETE", {"id": str(guild_id)})
        guild.members.pop(self.bot_user.id, None)
        for scope in [scope for scope in self.commands if scope == guild_id]:
            del self.commands[scope]

    def create_thread(self, parent_id: int, name: str, owner_id: int, **details: Any) -> Channel:
        """As simcord's, without the "started a thread" line that Discord does not write for a private one."""
        if details.get("type") != ChannelType.PRIVATE_THREAD:
            return super().create_thread(parent_id, name, owner_id, **details)
        announce = details.pop("broadcast", True)
        thread = super().create_thread(parent_id, name, owner_id, broadcast=False, **details)
        if announce:
            self.announce_thread_create(thread)
        return thread


class SimDiscord(Env):
    """`simcord.Env` with the rest of Discord that Parvis depends on.

    `expected` are the errors by which the bot refuses what a person did (they reach the person and are no fault):
    they are kept in `refusals` and do not fail the test. Times are virtual; `now()` starts at `starts_at`.
    APScheduler's alarms ring when `pass_time` reaches them and not before, however slow the machine; with `live=True`
    they also ring when that much real time has gone by, as somebody at the demo expects. No act waits for them.
    """

    def __init__(
        self,
        bot: discord.Client,
        *,
        expected: tuple[type[BaseException], ...] = (),
        starts_at: datetime | None = None,
        live: bool = False,
        **options: Any,
    ) -> None:
        _install()
        super().__init__(bot, **options)
        self._live = live
        self._drying = 0
        self.backend: World = World(starts_at)
        self.expected = expected
        self.refusals: list[BaseException] = []
        self._scheduler_clock = contextlib.ExitStack()

    async def start(self) -> None:
        """Connect the bot; until `shutdown`, APScheduler reads the virtual clock."""
        self._scheduler_clock.enter_context(apscheduler_clock())
        _let_servers_arrive(self.bot)
        try:
            await super().start()
        except BaseException:
            self._scheduler_clock.close()
            raise

    async def restart_bot(self, bot: discord.Client | None = None) -> None:
        _let_servers_arrive(bot or self.bot)
        await super().restart_bot(bot)

    async def shutdown(self) -> None:
        try:
            await super().shutdown()
        finally:
            self._scheduler_clock.close()

    async def settle(self, timeout: float | None = None, idle: float = IDLE) -> None:  # noqa: ASYNC109
        await super().settle(timeout, idle)

    async def _settle_internal(
        self,
        *,
        timeout: float | None = None,  # noqa: ASYNC109
        idle: float = IDLE,
        dispatch: str | None = None,
        _deadline: float | None = None,
    ) -> None:
        await self._run_dry()
        await super()._settle_internal(timeout=timeout, idle=idle, dispatch=dispatch, _deadline=_deadline)

    async def _run_dry(self) -> None:
        """Let run what can run at once: simcord looks at all that the bot waits for, which is too dear to do early."""
        assert self._loop is not None
        until = self._loop.time() + DRY_SECONDS
        self._drying += 1
        try:
            while True:
                await asyncio.sleep(0)
                others = self._drying - 1  # each of them has itself called back at once, too
                if len(self._loop._ready) <= others or self._loop.time() > until:  # type: ignore[attr-defined]
                    return
        finally:
            self._drying -= 1

    def _schedule_timer(self, record: Any, callback: Any, args: tuple[Any, ...], context: Any) -> None:
        super()._schedule_timer(record, callback, args, context)
        if record.real_handle is None or record.label != APSCHEDULER_ALARM:
            return
        if self._live:
            record.real_handle = _Unhurried(record.real_handle)
        else:
            record.real_handle.cancel()
            record.real_handle = None

    def _record_error(self, error: BaseException) -> None:
        cause = getattr(error, "original", error)
        if not isinstance(cause, self.expected):
            super()._record_error(error)
        elif cause not in self.refusals:
            self.refusals.append(cause)

    def raise_unread_errors(self) -> None:
        """Raise what the bot raised and the test did not look at in `errors`."""
        self._raise_errors_since(self._errors_acknowledged)

    @contextlib.asynccontextmanager
    async def _acting(self, label: str) -> AsyncIterator[World]:
        """One act of somebody in the world: no other act meanwhile, and the bot has reacted when it is over."""
        self._begin_operation(label)
        try:
            yield self.backend
            self._mark_mutation()
            await self._settle_internal(dispatch=label)
        finally:
            self._end_operation()

    def together(self) -> contextlib.AbstractAsyncContextManager[World]:
        """Several acts on the World, to which the bot reacts once they are all over: a year of small talk is cheap.

        `world.advance_clock` moves the time between two of them; timers of the bot that fall due meanwhile run late.
        """
        return self._acting("together")

    # The life of the bot

    async def pass_time(self, **amount: float) -> None:
        """Let `timedelta(**amount)` of virtual time pass; six hours of it may take `settle_timeout` real seconds."""
        left = timedelta(**amount)
        while left > timedelta(0):
            step = min(left, PAGE_OF_TIME)
            await self.advance_time(step.total_seconds())
            left -= step

    async def stop_bot(self) -> list[str]:
        """Close the bot as SIGTERM does; the names of the tasks it left behind (timeouts of views are not counted)."""
        self._begin_operation("stop_bot")
        try:
            assert self._loop is not None
            with self._bot_scope():
                closing = self._loop.create_task(self.bot.close())
            await self._settle_internal(dispatch="stop_bot")
            await closing
        finally:
            self._end_operation()
        running = [(task, record.label) for task, record in self._work.tasks.items() if not task.done()]
        return [label for task, label in running if not _dpy._view_timeout_task_identity(self.bot, task)]

    async def restart(self, bot: discord.Client, *, crash: bool = False) -> None:
        """Replace the process of the bot: the old one is closed first, or, with `crash`, merely vanishes."""
        if not crash:
            await self.stop_bot()
        self.backend.connected = True
        self.backend.missed.clear()
        await self.restart_bot(bot)

    async def outage(self) -> None:
        """The gateway connection drops: events are missed until `reconnect`. REST goes on working."""
        async with self._acting("outage") as world:
            world.connected = False
            with self._bot_scope():
                self.bot.dispatch("disconnect")

    async def reconnect(self, *, resumed: bool) -> None:
        """End an outage. Resumed: what was missed is replayed in order. Otherwise it is lost and READY comes again."""
        async with self._acting("reconnect") as world:
            missed, world.missed = world.missed, []
            world.connected = True
            if not resumed:
                self._identify_again()
                return
            for event, payload in missed:
                world.emit(event, payload)
            self._feed_gateways("RESUMED", {})

    def _identify_again(self) -> None:
        for shard_id, gateway in self._gateways().items():
            ready = {
                "v": 10,
                "user": dict(serializers.user_payload(self.backend.bot_user)),
                "guilds": [],
                "session_id": f"again-{shard_id}",
                "resume_gateway_url": "wss://simcord.invalid",
                "shard": [shard_id, self._shard_count],
                "application": {"id": str(self.backend.application_id), "flags": 0},
            }
            with self._bot_scope():
                gateway.feed("READY", ready)
        for guild in list(self.backend.guilds.values()):
            self.backend.emit("GUILD_CREATE", serializers.guild_create_payload(self.backend, guild))

    def _feed_gateways(self, event: str, payload: Mapping[str, Any]) -> None:
        for gateway in self._gateways().values():
            with self._bot_scope():
                gateway.feed(event, payload)

    def _gateways(self) -> dict[int, Any]:
        if isinstance(self.bot, discord.AutoShardedClient):
            return {shard_id: shard.ws._gateway for shard_id, shard in _dpy._shards(self.bot).items()}
        return {0: self.bot.ws._gateway}  # type: ignore[attr-defined]

    # Servers

    def create_guild(self, name: str = "Test Guild", *, with_bot: bool = True, **details: Any) -> GuildHandle:
        """A server. `with_bot=False`: it lives without the bot until `invite_bot`. Details as simcord's."""
        if with_bot:
            return super().create_guild(name, **details)
        with self.backend.unseen():
            handle = super().create_guild(name, **details)
        del handle._guild.members[self.backend.bot_user.id]
        return handle

    async def invite_bot(self, guild: GuildHandle, permissions: discord.Permissions | None = None) -> None:
        """Somebody adds the bot to this server (`on_guild_join`), with these permissions or all but administrator."""
        async with self._acting("invite_bot") as world:
            role = next(role for role in guild._guild.roles.values() if role.managed)
            if permissions is not None:
                role.permissions = permissions.value
            with world.unseen():
                world.add_member(guild.id, world.bot_user.id, roles=[role.id])
            payload = dict(serializers.guild_create_payload(world, guild._guild))
            del payload["unavailable"]  # by its absence discord.py tells a new server from one that came back
            world.emit("GUILD_CREATE", payload)

    async def remove_bot(self, guild: GuildHandle) -> None:
        """Somebody kicks the bot (`on_guild_remove`); the server lives on and `invite_bot` brings it back."""
        async with self._acting("remove_bot") as world:
            world.remove_guild(guild.id)

    async def set_features(self, guild: GuildHandle, *features: str) -> None:
        """The server's feature flags, `COMMUNITY` or `INVITES_DISABLED` for example."""
        async with self._acting("set_features") as world:
            world.features[guild.id] = list(features)
            world.edit_guild(guild.id, {})

    # People

    def set_locale(self, person: UserHandle | MemberActor, locale: str | discord.Locale) -> None:
        """The language of this person's Discord, as their interactions carry it (`fr`, `en-GB`, `de` …)."""
        self.backend.locales[person.id] = str(locale)

    def close_dms(self, person: UserHandle | MemberActor) -> None:
        """From now on the bot's messages to this person are refused with 50007."""
        self.backend.closed_dms.add(person.id)

    def open_dms(self, person: UserHandle | MemberActor) -> None:
        self.backend.closed_dms.discard(person.id)

    def create_invite(
        self, member: MemberActor, channel: ChannelHandle, *, uses: int = 0, age: timedelta | None = None
    ) -> str:
        """A member's own invite: its code. No limit of `uses` or `age` unless given."""
        seconds = int(age.total_seconds()) if age else 0
        code = self.backend.create_invite(channel.id, member.id, max_uses=uses, max_age=seconds).code
        self._log(member, discord.AuditLogAction.invite_create.value, None, None, {"key": "code", "new_value": code})
        return code

    async def remove_invite(self, member: MemberActor, code: str) -> None:
        """Somebody takes an invite back."""
        async with self._acting("remove_invite") as world:
            world.delete_invite(code)
            gone = {"key": "code", "old_value": code}
            self._log(member, discord.AuditLogAction.invite_delete.value, None, None, gone)

    async def join(
        self, guild: GuildHandle, person: UserHandle | str, *, invite: str | None = None, pending: bool = False
    ) -> MemberActor:
        """Somebody (a new account when a name is given) joins, counting on that invite when one is named.

        `pending`: they have yet to accept Discord's rules screening. A second join carries the flag DID_REJOIN.
        Raises Refused when they are banned, invites are paused, or the code has run out.
        """
        user = person if isinstance(person, UserHandle) else self.create_user(person)
        async with self._acting("join") as world:
            if user.id in world.get_guild(guild.id).bans:
                raise Refused(f"{user.name} is banned here")
            if world.invites_paused(guild.id):
                raise Refused("invites are paused")
            if invite is not None:
                self._use_invite(guild, invite)
            if pending:
                world.screening.add((guild.id, user.id))
            return guild.add_member(user)

    def _use_invite(self, guild: GuildHandle, code: str) -> None:
        invite = self.backend.invites.get(code)
        if invite is None or invite.guild_id != guild.id:
            raise Refused("no such invite")
        if invite.expires_at and datetime.fromisoformat(invite.expires_at) <= self.now():
            raise Refused("the invite has expired")
        invite.uses += 1
        if invite.max_uses and invite.uses >= invite.max_uses:
            self.backend.delete_invite(code)

    async def leave(self, member: MemberActor) -> None:
        async with self._acting("leave") as world:
            world.remove_member(member.guild.id, member.id)

    async def set_pending(self, member: MemberActor, pending: bool) -> None:
        """Start or finish Discord's rules screening for this member."""
        async with self._acting("set_pending") as world:
            change = world.screening.add if pending else world.screening.discard
            change((member.guild.id, member.id))
            world.announce_member_update(member.guild.id, member.id)

    @staticmethod
    def trust_picture(content: bytes) -> None:
        """A picture of our own making: the preview need not inspect it in a process of its own, half a second each."""
        _trusted.setdefault(hashlib.sha256(content).digest(), None)

    # What moderators do with Discord's own tools; each raises simcord.BackendError (50013) without right or rank

    @contextlib.asynccontextmanager
    async def _moderating(
        self, label: str, moderator: MemberActor, target_id: int, permission: str
    ) -> AsyncIterator[World]:
        async with self._acting(label) as world:
            guild_id = moderator.guild.id
            world.require_permissions(guild_id, moderator.id, None, permission)
            world.require_hierarchy(guild_id, moderator.id, target_id)
            yield world

    async def ban(self, moderator: MemberActor, target: MemberActor | UserHandle, reason: str | None = None) -> None:
        async with self._moderating("ban", moderator, target.id, "ban_members") as world:
            world.apply_ban(moderator.guild.id, target.id, reason)
            self._log(moderator, AuditLogAction.MEMBER_BAN, target.id, reason)

    async def unban(self, moderator: MemberActor, target: MemberActor | UserHandle, reason: str | None = None) -> None:
        async with self._moderating("unban", moderator, target.id, "ban_members") as world:
            world.remove_ban(moderator.guild.id, target.id)
            self._log(moderator, AuditLogAction.MEMBER_UNBAN, target.id, reason)

    async def kick(self, moderator: MemberActor, target: MemberActor, reason: str | None = None) -> None:
        async with self._moderating("kick", moderator, target.id, "kick_members") as world:
            world.remove_member(moderator.guild.id, target.id)
            self._log(moderator, AuditLogAction.MEMBER_KICK, target.id, reason)

    async def time_out(
        self, moderator: MemberActor, target: MemberActor, span: timedelta | None, reason: str | None = None
    ) -> None:
        """Time somebody out for `span`, or lift it with None."""
        async with self._moderating("time_out", moderator, target.id, "moderate_members") as world:
            old = world.get_member(moderator.guild.id, target.id).timed_out_until
            new = world.iso_after(span.total_seconds()) if span else None
            world.edit_member(moderator.guild.id, target.id, {"timed_out_until": new})
            change = {"key": "communication_disabled_until", "old_value": old, "new_value": new}
            self._log(moderator, AuditLogAction.MEMBER_UPDATE, target.id, reason, change)

    async def give_role(self, moderator: MemberActor, target: MemberActor, role: RoleHandle) -> None:
        await self._change_role(moderator, target, role, "$add")

    async def take_role(self, moderator: MemberActor, target: MemberActor, role: RoleHandle) -> None:
        await self._change_role(moderator, target, role, "$remove")

    async def _change_role(self, moderator: MemberActor, target: MemberActor, role: RoleHandle, key: str) -> None:
        async with self._acting("role") as world:
            guild_id = moderator.guild.id
            world.require_permissions(guild_id, moderator.id, None, "manage_roles")
            world.require_role_assignable(guild_id, moderator.id, role.id)
            change = world.add_member_role if key == "$add" else world.remove_member_role
            change(guild_id, target.id, role.id)
            changed = {"key": key, "new_value": [{"id": str(role.id), "name": role.name}]}
            self._log(moderator, AuditLogAction.MEMBER_ROLE_UPDATE, target.id, None, changed)

    def _log(
        self, moderator: MemberActor, action: int, target_id: int | None, reason: str | None, *changes: dict[str, Any]
    ) -> None:
        self.backend.record_audit_log(
            moderator.guild.id, action, target_id=target_id, changes=list(changes), reason=reason, user_id=moderator.id
        )

    # Threads

    async def post(
        self, author: MemberActor, forum: ChannelHandle, title: str, body: str, *, tags: Sequence[int] = ()
    ) -> tuple[ChannelHandle, discord.Message]:
        """A person's forum post and its first message, whose ids are the same, as on Discord."""
        async with self._acting("post") as world:
            world.require_permissions(author.guild.id, author.id, forum.id, "send_messages")
            thread = world.create_thread(forum.id, title, author.id, applied_tags=tags, broadcast=False)
            message = dataclasses.replace(world.prepare_message(thread.id, author.id, body), id=thread.id)
            forum._channel.last_message_id = thread.id
            world.announce_thread_create(thread)
            world.commit_message(message)
        return ChannelHandle(self, forum.guild, thread), to_discord_message(self, message)

    async def edit_thread(
        self,
        thread: ChannelHandle,
        *,
        name: str | None = None,
        tags: Sequence[int] | None = None,
        archived: bool | None = None,
        locked: bool | None = None,
    ) -> None:
        """A person, or Discord's auto-archive, changes a thread; what is None stays."""
        changes = {"name": name, "applied_tags": None if tags is None else list(tags)}
        state: dict[str, Any] = {"archived": archived, "locked": locked}
        state = {key: value for key, value in state.items() if value is not None}
        async with self._acting("edit_thread") as world:
            if "archived" in state:
                state["archive_timestamp"] = world.now_iso()
            given = {key: value for key, value in changes.items() if value is not None}
            world.edit_channel(thread.id, given, thread_metadata=state)


class _Unhurried:
    """The real-time handle of a timer that nobody shall wait for: it fires in its time, and says it never will."""

    def __init__(self, handle: asyncio.TimerHandle) -> None:
        self.cancel, self.cancelled = handle.cancel, handle.cancelled

    def when(self) -> float:
        return math.inf


class _Arrived(asyncio.Queue[Any]):
    """A queue that hands out at once what is in it, even to `wait_for` with no time at all."""

    def get(self) -> Any:
        if self.empty():
            return super().get()
        ready = asyncio.get_running_loop().create_future()
        ready.set_result(self.get_nowait())
        return ready


def _let_servers_arrive(bot: discord.Client) -> None:
    """Let discord.py see the servers that follow READY: simcord gives it no time to, so none was ever chunked."""
    state = _dpy.get_state(bot)
    sharded = isinstance(bot, discord.AutoShardedClient)
    name = "_delay_shard_ready" if sharded else "_delay_ready"
    if name in vars(state):
        return
    original = getattr(state, name)

    async def delay_ready(*shard: int) -> None:
        waiting = state._ready_states[shard[0]] if sharded else state._ready_state
        arrived = _Arrived()
        while not waiting.empty():
            arrived.put_nowait(waiting.get_nowait())
        if sharded:
            state._ready_states[shard[0]] = arrived
        else:
            state._ready_state = arrived
        await original(*shard)

    setattr(state, name, delay_ready)


@contextlib.contextmanager
def apscheduler_clock() -> Iterator[None]:
    """Let APScheduler read the virtual clock; it asks `datetime.now()`, so under virtual time it would never fire."""
    modules = [importlib.import_module(f"apscheduler.{name}") for name in _SCHEDULER_MODULES]
    saved = [(module, module.datetime) for module in modules if hasattr(module, "datetime")]
    for module, _ in saved:
        module.datetime = _dpy._ClockDatetime  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module, original in saved:
            module.datetime = original  # type: ignore[attr-defined]


# Below: how simcord is made to ask the World. It is done once a process; other environments see no difference.

_installed = False
_trusted: dict[bytes, _media.MediaInfo | None] = {}
"""What is known of our own pictures, by their digest."""


def _install() -> None:
    global _installed
    if _installed:
        return
    _installed = True
    _interactions.base_payload = _localised(_interactions.base_payload)
    serializers.member_payload = _screened(serializers.member_payload)
    serializers.guild_create_payload = _with_features(serializers.guild_create_payload)
    _wrap_route("GET", "/channels/{channel_id}/messages", _oldest_first)
    _wrap_route("POST", "/channels/{channel_id}/messages", _once_and_welcome)
    _wrap_route("PATCH", "/guilds/{guild_id}", _keep_features)
    _router.route("PUT", "/guilds/{guild_id}/incident-actions")(_incident_actions)
    _router.route("GET", "/gateway/bot")(_gateway_bot)
    name = "_markdown_parser"
    setattr(_preview_markdown, name, _kept(getattr(_preview_markdown, name)))
    name = "_message_navigation"
    setattr(_preview_snapshot, name, _newest_only(getattr(_preview_snapshot, name)))
    name = "markdown_tokens"
    setattr(_preview_messages, name, _remembered(getattr(_preview_messages, name)))
    setattr(_media.MediaWorker, "_decode", _at_once(_media.MediaWorker._decode))  # noqa: B010 - a class of simcord's
    _be_quick()


def _be_quick() -> None:
    """What simcord does for every callback, event and request, done with less work."""
    # Each callback is struck off a list when it has run: field by field, that compares it with all that wait.
    setattr(_runtime._CallbackRecord, "__eq__", object.__eq__)  # noqa: B010 - a record is itself and no other
    name = "_clock_monotonic"  # what the loop asks several times a turn
    setattr(_dpy, name, _mostly_real(getattr(_dpy, name)))
    for module in (_gateway, _router):
        setattr(module, "copy", types.SimpleNamespace(deepcopy=_copied))  # noqa: B010 - a module of simcord's
    for module in (_components, _results, serializers):
        setattr(module, "deepcopy", _copied)  # noqa: B010 - a module of simcord's


def _mostly_real(original: Callable[[], float]) -> Callable[[], float]:
    def monotonic() -> float:
        return _dpy.real_monotonic() if _runtime._BOT_SCOPE.get() is None else original()

    return monotonic


def _copied(value: Any) -> Any:
    """As `copy.deepcopy`, several times faster for what JSON can say."""
    kind = type(value)
    if kind is dict:
        return {key: _copied(part) for key, part in value.items()}
    if kind is list:
        return [_copied(part) for part in value]
    return value if kind in _ATOMS else copy.deepcopy(value)


_ATOMS = frozenset({str, int, bool, float, type(None)})


def _wrap_route(method: str, template: str, wrap: Callable[[Handler], Handler]) -> None:
    """Replace simcord's handler of one route. Raises LookupError when simcord no longer has it."""
    routes = _router._ROUTES[method]
    for index, (segments, handler) in enumerate(routes):
        if segments == template.strip("/").split("/"):
            routes[index] = (segments, wrap(handler))
            return
    raise LookupError(f"{method} {template}")


def _localised(original: Callable[..., Any]) -> Callable[..., Any]:
    def base_payload(backend: Backend, **details: Any) -> Any:
        if not isinstance(backend, World):
            return original(backend, **details)
        guild_id, user_id = details["guild_id"], details["user_id"]
        if guild_id is not None:
            guild = backend.get_guild(guild_id)
            if backend.bot_user.id not in guild.members and details["type"] == InteractionType.APPLICATION_COMMAND:
                raise Refused("the bot is not in this server: its commands are gone")
            if reason := backend.silence(guild_id, user_id):
                raise Refused(f"{backend.get_user(user_id).name} {reason}")
        record, payload = original(backend, **details)
        payload["locale"] = backend.locales.get(user_id, DEFAULT_LOCALE)
        if guild_id is not None:
            payload["guild_locale"] = guild.preferred_locale
        return record, payload

    return base_payload


def _screened(original: Callable[..., Any]) -> Callable[..., Any]:
    def member_payload(backend: Backend, guild: Guild, member: Member, **details: Any) -> Any:
        payload = original(backend, guild, member, **details)
        if isinstance(backend, World):
            key = (guild.id, member.user_id)
            payload["pending"] = key in backend.screening
            payload["flags"] = discord.MemberFlags(did_rejoin=key in backend.have_left).value
        return payload

    return member_payload


def _with_features(original: Callable[..., Any]) -> Callable[..., Any]:
    def guild_create_payload(backend: Backend, guild: Guild) -> Any:
        payload = original(backend, guild)
        if isinstance(backend, World):
            payload["features"] = list(backend.features.get(guild.id, ()))
            payload["incidents_data"] = dict(backend.incidents[guild.id]) if guild.id in backend.incidents else None
        return payload

    return guild_create_payload


def _oldest_first(original: Handler) -> Handler:
    """`history(after=…)`: Discord gives the oldest page after that id, simcord the newest messages of all."""

    def get_history(ctx: RequestContext) -> Any:
        if "after" not in ctx.params or "before" in ctx.params:
            return original(ctx)
        kept = ctx.backend.messages[ctx.int_arg("channel_id")].values()
        later = sorted(m.id for m in kept if not m.is_ephemeral and m.id > int(ctx.params["after"]))
        page = later[: int(ctx.params.get("limit", 50))]
        if not page:
            return []
        return original(dataclasses.replace(ctx, params={**ctx.params, "before": page[-1] + 1}))

    return get_history


def _once_and_welcome(original: Handler) -> Handler:
    """Sending: DMs need an open door and a mutual server; an enforced nonce gives its message only once."""

    def send_message(ctx: RequestContext) -> Any:
        world = ctx.backend
        if not isinstance(world, World):
            return original(ctx)
        _require_reachable(world, ctx.int_arg("channel_id"))
        nonce = ctx.body().get("nonce")
        if nonce is None or not ctx.body().get("enforce_nonce"):
            return original(ctx)
        if len(str(nonce)) > NONCE_LENGTH:
            raise errors.invalid_form_body(f"nonce: Must be {NONCE_LENGTH} or fewer in length")
        at, channel_id, message_id = world.nonces.get(str(nonce), (None, 0, 0))
        message = world.messages.get(channel_id, {}).get(message_id)
        if at is not None and message is not None and world.clock.now() - at < NONCE_MEMORY:
            return {**message_response(ctx, message), "nonce": nonce}
        payload = original(ctx)
        world.nonces[str(nonce)] = (world.clock.now(), ctx.int_arg("channel_id"), int(payload["id"]))
        return {**payload, "nonce": nonce}

    return send_message


def _require_reachable(world: World, channel_id: int) -> None:
    channel = world.get_channel(channel_id)
    if channel.type != ChannelType.DM:
        return
    if any(user_id in world.closed_dms for user_id in channel.recipient_ids):
        raise errors.BackendError(403, 50007, "Cannot send messages to this user")
    if not all(world.shares_a_server(user_id) for user_id in channel.recipient_ids):
        raise errors.BackendError(403, 50278, "Cannot send messages to this user due to having no mutual guilds")


def _keep_features(original: Handler) -> Handler:
    def edit_guild(ctx: RequestContext) -> Any:
        if not isinstance(ctx.backend, World) or "features" not in ctx.body():
            return original(ctx)
        ctx.require_guild_permissions(ctx.int_arg("guild_id"), "manage_guild")
        ctx.backend.features[ctx.int_arg("guild_id")] = list(ctx.body()["features"])
        rest = {key: value for key, value in ctx.body().items() if key != "features"}
        return original(dataclasses.replace(ctx, json=rest))

    return edit_guild


def _newest_only(original: Callable[..., Any]) -> Callable[..., Any]:
    """The preview's message list parses every message of the channel, four milliseconds each; nobody reads it here."""

    def message_navigation(preview: Any, page: Any, visible: list[Message]) -> Any:
        return original(preview, page, visible[-1:])

    return message_navigation


def _remembered(original: Callable[..., Any]) -> Callable[..., Any]:
    """The preview parses the fifty messages it shows at each look; one that names nobody says the same each time."""

    @functools.lru_cache(maxsize=4096)
    def parsed(text: str, profile: str) -> bytes:
        return pickle.dumps(original(text, profile))

    def markdown_tokens(value: Any, profile: str = "message", *, context: Mapping[str, Any] | None = None) -> Any:
        if not isinstance(value, str) or "<" in value or "@" in value:
            return original(value, profile, context=context)
        return pickle.loads(parsed(value, profile))  # noqa: S301 - our own

    return markdown_tokens


def _kept(original: Callable[..., Any]) -> Callable[..., Any]:
    """The preview builds a parser for each text, which takes longer than parsing; its rules read the context late."""
    parsers: dict[tuple[Any, ...], tuple[Any, dict[str, Any]]] = {}

    def markdown_parser(policy: Mapping[str, bool | str], context: Mapping[str, Any]) -> Any:
        key = tuple(sorted(policy.items()))
        if key not in parsers:
            present: dict[str, Any] = {}
            parsers[key] = original(policy, present), present
        parser, present = parsers[key]
        present.clear()
        present.update(context)
        return parser

    return markdown_parser


def _at_once(original: Callable[..., Any]) -> Callable[..., Any]:
    async def decode(worker: Any, key: str, blob: bytes, media_time: float | None) -> Any:
        digest = hashlib.sha256(blob).digest()
        if digest not in _trusted:
            return await original(worker, key, blob, media_time)
        info = _trusted[digest]
        if info is None:
            info = _trusted[digest] = _media._process_media(blob, media_time)
        return info

    return decode


def _incident_actions(ctx: RequestContext) -> Any:
    guild_id, world = ctx.int_arg("guild_id"), ctx.backend
    assert isinstance(world, World)
    ctx.require_guild_permissions(guild_id, "manage_guild")
    wanted = ctx.fields("invites_disabled_until", "dms_disabled_until")
    for until in wanted.values():
        if until is not None and datetime.fromisoformat(until) > world.clock.now() + PAUSE_LIMIT:
            raise errors.invalid_form_body("Must be at most 24 hours away")
    known = world.incidents.setdefault(guild_id, {"invites_disabled_until": None, "dms_disabled_until": None})
    known.update(wanted)
    world.edit_guild(guild_id, {})
    return dict(known)


def _gateway_bot(ctx: RequestContext) -> Any:
    world = ctx.backend
    assert isinstance(world, World)
    limit = {
        "total": 1000,
        "remaining": world.sessions_left,
        "reset_after": 0,
        "max_concurrency": world.max_concurrency,
    }
    return {"url": "wss://simcord.invalid", "shards": 1, "session_start_limit": limit}
