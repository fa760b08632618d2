"""Routes of threads and invites."""

import datetime as dt
from typing import Any

from . import channels, messages, payloads
from .compose import compose
from .errors import Refusal, missing_access, unknown
from .models import FORUM, PRIVATE_THREAD, PUBLIC_THREAD, Channel, Guild, Invite
from .permissions import can_see
from .routing import Call, route


def of_guild(call: Call) -> tuple[Channel, Guild]:
    """The channel with its guild; 50003 for a DM."""
    channel, guild = call.world.channel(call["channel_id"])
    if guild is None:
        raise Refusal(403, 50003, "Cannot execute action on a DM channel")
    return channel, guild


def edit_thread(call: Call, guild: Guild, channel: Channel) -> Any:
    """PATCH of a channel that is a thread."""
    thread, body = channel.thread, call.body
    assert thread is not None
    own = thread.owner_id == call.world.bot.id and not thread.locked and "locked" not in body
    if not own:
        call.world.need(guild, "manage_threads", channel=channel)
    if thread.archived and body.get("archived", True):
        raise Refusal(400, 50083, "Thread is archived")
    simple = ("name", "archived", "locked", "invitable", "auto_archive_duration")
    fields = {key: body[key] for key in simple if body.get(key) is not None}
    if "rate_limit_per_user" in body:
        fields["slowmode"] = body["rate_limit_per_user"]
    if "applied_tags" in body:
        fields["applied_tags"] = [int(tag) for tag in body["applied_tags"]]
    channels.edit_thread(call.world, guild, channel, **fields)
    return payloads.channel(channel)


@route("POST", "/channels/{channel_id}/threads")
def create_thread(call: Call) -> Any:
    parent, guild = of_guild(call)
    if parent.kind == FORUM:
        return _forum_post(call, guild, parent)
    kind = call.body.get("type", PRIVATE_THREAD)
    needed = "create_private_threads" if kind == PRIVATE_THREAD else "create_public_threads"
    return _new_thread(call, guild, parent, needed, kind=kind, invitable=call.body.get("invitable", True))


@route("POST", "/channels/{channel_id}/messages/{message_id}/threads")
def thread_from_message(call: Call) -> Any:
    parent, guild = of_guild(call)
    starter = call.world.message(parent, call["message_id"])
    if starter.id in call.world.channels:
        raise Refusal(400, 160004, "A thread has already been created for this message")
    return _new_thread(call, guild, parent, "create_public_threads", kind=PUBLIC_THREAD, starter=starter)


def _new_thread(call: Call, guild: Guild, parent: Channel, needed: str, **fields: Any) -> Any:
    """Make a thread, within the cap on active ones (160006)."""
    world = call.world
    world.need(guild, needed, channel=parent)
    if len(guild.threads()) >= call.discord.max_active_threads:
        raise Refusal(400, 160006, "Maximum number of active threads reached")
    duration = call.body.get("auto_archive_duration") or 1440
    thread = channels.create_thread(
        world, guild, parent, world.bot, call.body["name"], auto_archive_duration=duration, **fields
    )
    return world.thread_with_me(thread)


def _forum_post(call: Call, guild: Guild, parent: Channel) -> Any:
    world = call.world
    world.need(guild, "send_messages", channel=parent)
    tags = [int(tag) for tag in call.body.get("applied_tags") or ()]
    duration = call.body.get("auto_archive_duration") or 1440
    thread = channels.create_thread(
        world, guild, parent, world.bot, call.body["name"], applied_tags=tags, auto_archive_duration=duration
    )
    first = messages.post(world, thread, world.bot, **compose(call, call.body["message"], thread))
    thread.messages = {thread.id: first}
    first.id = thread.last_message_id = thread.id
    return world.thread_with_me(thread) | {"message": messages.world_message(world, first)}


@route("PUT", "/channels/{channel_id}/thread-members/@me")
def join_thread(call: Call) -> Any:
    channel, guild = _thread(call)
    channels.add_to_thread(call.world, guild, channel, call.world.bot, call.world.bot)


@route("DELETE", "/channels/{channel_id}/thread-members/@me")
def leave_thread(call: Call) -> Any:
    channel, guild = _thread(call)
    channels.remove_from_thread(call.world, guild, channel, call.world.bot.id)


def _thread(call: Call) -> tuple[Channel, Guild]:
    channel, guild = of_guild(call)
    if channel.thread is None:
        raise unknown("channel")
    if channel.thread.archived:
        raise Refusal(400, 50083, "Thread is archived")
    return channel, guild


@route("PUT", "/channels/{channel_id}/thread-members/{user_id}")
def add_to_thread(call: Call) -> Any:
    channel, guild = _thread(call)
    world = call.world
    world.need(guild, "send_messages_in_threads", channel=channel)
    member = world.member(guild, call["user_id"])
    parent = guild.channels[channel.parent_id or 0]
    if not can_see(guild, member.user.id, parent, world.clock.now()):
        raise missing_access()
    channels.add_to_thread(world, guild, channel, member.user, world.bot)


@route("DELETE", "/channels/{channel_id}/thread-members/{user_id}")
def remove_from_thread(call: Call) -> Any:
    channel, guild = _thread(call)
    assert channel.thread is not None
    if channel.thread.owner_id != call.world.bot.id or channel.kind != PRIVATE_THREAD:
        call.world.need(guild, "manage_threads", channel=channel)
    channels.remove_from_thread(call.world, guild, channel, call["user_id"])


@route("GET", "/channels/{channel_id}/thread-members")
def thread_members(call: Call) -> Any:
    channel, _ = of_guild(call)
    return [payloads.thread_member(channel, who) for who in (channel.thread.members if channel.thread else ())]


@route("GET", "/channels/{channel_id}/thread-members/{user_id}")
def thread_member(call: Call) -> Any:
    channel, _ = of_guild(call)
    if channel.thread is None or call["user_id"] not in channel.thread.members:
        raise unknown("member")
    return payloads.thread_member(channel, call["user_id"])


@route("GET", "/guilds/{guild_id}/threads/active")
def active(call: Call) -> Any:
    guild, world = call.world.guild(call["guild_id"]), call.world
    found = [c for c in guild.threads() if can_see(guild, world.bot.id, c, world.clock.now())]
    return _threads(call, found)


@route("GET", "/channels/{channel_id}/threads/archived/{kind}")
def archived(call: Call) -> Any:
    channel, guild = of_guild(call)
    kind = PRIVATE_THREAD if call["kind"] == "private" else PUBLIC_THREAD
    if kind == PRIVATE_THREAD:
        call.world.need(guild, "manage_threads", channel=channel)
    found = channels.archived_threads(guild, channel.id, kind)
    if "before" in call.query:
        before = dt.datetime.fromisoformat(call.query["before"])
        found = [c for c in found if c.thread and c.thread.archive_timestamp < before]
    limit = int(call.query.get("limit", 50))
    return _threads(call, found[:limit]) | {"has_more": len(found) > limit}


def _threads(call: Call, found: list[Channel]) -> dict[str, Any]:
    me = call.world.bot.id
    mine = [payloads.thread_member(c, me) for c in found if c.thread and me in c.thread.members]
    return {"threads": [payloads.channel(c) for c in found], "members": mine}


@route("GET", "/guilds/{guild_id}/invites")
def invites(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    call.world.need(guild, "manage_guild")
    return [payloads.invite(i, guild) for i in guild.invites.values()]


@route("POST", "/channels/{channel_id}/invites")
def create_invite(call: Call) -> Any:
    channel, guild = of_guild(call)
    call.world.need(guild, "create_instant_invite", channel=channel)
    if len(guild.invites) >= 1000:
        raise Refusal(400, 30016, "Maximum number of invites reached (1000)")
    body = call.body or {}
    number = call.world.ids.make()
    limits = {key: body[key] for key in ("max_age", "max_uses", "temporary") if body.get(key) is not None}
    invite = Invite(f"c{number:x}", channel.id, call.world.bot, call.world.clock.now(), **limits)
    guild.invites[invite.code] = invite
    call.world.emit("INVITE_CREATE", payloads.invite(invite, guild), guild=guild, channel=channel)
    return payloads.invite(invite, guild)


@route("DELETE", "/invites/{code}")
def delete_invite(call: Call) -> Any:
    for guild in call.world.guilds.values():
        if call["code"] in guild.invites:
            call.world.need(guild, "manage_guild")
            gone = guild.invites.pop(call["code"])
            data = {"code": gone.code, "guild_id": str(guild.id), "channel_id": str(gone.channel_id)}
            call.world.emit("INVITE_DELETE", data, guild=guild)
            return payloads.invite(gone, guild)
    raise unknown("invite")
