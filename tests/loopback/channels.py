"""Channels, threads and guilds: what changes, and what the gateway is told."""

import datetime as dt
from typing import Any

from . import messages, payloads, permissions
from .models import CATEGORY, PUBLIC_THREAD, Channel, Guild, Message, Overwrite, Role, ThreadState, User
from .world import DEFAULT_EVERYONE, World


def create_guild(world: World, name: str, *, owner: User, bot_permissions: int, **fields: Any) -> Guild:
    """A guild that the bot has joined, with the bot's own managed role at the top (position 1 for now)."""
    silent = fields.pop("silent", True)
    at = fields.pop("created_at", None) or world.clock.now() - dt.timedelta(days=100)
    guild = Guild(world.ids.make(at), name, owner.id, **fields)
    everyone = sum(permissions.flag(permission) for permission in DEFAULT_EVERYONE)
    guild.roles[guild.id] = Role(guild.id, "@everyone", 0, everyone)
    own = Role(world.ids.make(at), world.bot.name, 1, bot_permissions, managed=True)
    guild.roles[own.id] = own
    from .members import join

    for user in (owner, world.bot):
        join(world, guild, user, joined_at=at, silent=True)
    guild.members[world.bot.id].roles = {own.id}
    world.guilds[guild.id] = guild
    if not silent:
        announce_guild(world, guild)
    return guild


def announce_guild(world: World, guild: Guild) -> None:
    """GUILD_CREATE for a server that the bot has just joined: without the "unavailable" of a start."""
    data = world.guild_create(guild)
    del data["unavailable"]
    world.emit("GUILD_CREATE", data, guild=guild)


def remove_bot(world: World, guild: Guild) -> None:
    """The bot is removed from the guild, which goes on without it."""
    del guild.members[world.bot.id]
    world.emit("GUILD_DELETE", {"id": str(guild.id)}, guild=guild)


def create_channel(world: World, guild: Guild, kind: int, name: str, **fields: Any) -> Channel:
    """A new channel at the end of the list."""
    overwrites = {o.id: o for o in fields.pop("overwrites", [])}
    position = sum(c.thread is None for c in guild.channels.values())
    channel = Channel(world.ids.make(), kind, name, guild.id, position=position, overwrites=overwrites, **fields)
    guild.channels[channel.id] = world.channels[channel.id] = channel
    world.emit("CHANNEL_CREATE", payloads.channel(channel), guild=guild, channel=channel)
    return channel


def edit_channel(world: World, guild: Guild, channel: Channel, **fields: Any) -> None:
    """Change a channel and announce it."""
    for name, value in fields.items():
        setattr(channel, name, value)
    world.emit("CHANNEL_UPDATE", payloads.channel(channel), guild=guild, channel=channel)


def set_overwrite(world: World, guild: Guild, channel: Channel, overwrite: Overwrite) -> None:
    """Allow or deny a role or member something in a channel."""
    channel.overwrites[overwrite.id] = overwrite
    edit_channel(world, guild, channel)


def delete_channel(world: World, guild: Guild, channel: Channel) -> None:
    """Delete a channel with its threads; children of a category move out of it."""
    if channel.thread is not None:
        delete_thread(world, guild, channel)
        return
    for other in list(guild.channels.values()):
        if other.parent_id == channel.id and other.thread is not None:
            delete_thread(world, guild, other)
        elif other.parent_id == channel.id and channel.kind == CATEGORY:
            edit_channel(world, guild, other, parent_id=None)
    world.emit("CHANNEL_DELETE", payloads.channel(channel), guild=guild, channel=channel)
    del guild.channels[channel.id], world.channels[channel.id]


def create_thread(
    world: World,
    guild: Guild,
    parent: Channel,
    owner: User,
    name: str,
    *,
    kind: int = PUBLIC_THREAD,
    starter: Message | None = None,
    **fields: Any,
) -> Channel:
    """A new thread with its owner in it; one that starts from a message has that message's id."""
    now = world.clock.now()
    state = ThreadState(owner.id, now, now, members={owner.id: now}, **fields)
    thread_id = starter.id if starter else world.ids.make()
    thread = Channel(thread_id, kind, name, guild.id, parent.id, thread=state)
    guild.channels[thread.id] = world.channels[thread.id] = thread
    data = world.thread_with_me(thread) | {"newly_created": True}
    world.emit("THREAD_CREATE", data, guild=guild, channel=thread)
    if kind == PUBLIC_THREAD and starter is None and parent.kind != 15:
        reference = {"channel_id": str(thread.id), "guild_id": str(guild.id), "message_id": str(thread.id)}
        messages.post(world, parent, owner, name, kind=18, reference=reference)
    return thread


def edit_thread(world: World, guild: Guild, channel: Channel, **fields: Any) -> None:
    """Change a thread (name, archived, locked, tags …) and announce it."""
    thread = channel.thread
    assert thread is not None
    for name, value in fields.items():
        setattr(channel if name in ("name", "slowmode") else thread, name, value)
    if "archived" in fields:
        thread.archive_timestamp = world.clock.now()
    world.emit("THREAD_UPDATE", world.thread_with_me(channel), guild=guild, channel=channel)


def delete_thread(world: World, guild: Guild, channel: Channel) -> None:
    """Delete a thread with its messages."""
    data = {key: payloads.channel(channel)[key] for key in ("id", "guild_id", "parent_id", "type")}
    world.emit("THREAD_DELETE", data, guild=guild, channel=channel)
    del guild.channels[channel.id], world.channels[channel.id]


def add_to_thread(world: World, guild: Guild, channel: Channel, user: User, by: User) -> None:
    """Put somebody into a thread; adding another person writes a system message, as on Discord."""
    thread = channel.thread
    assert thread is not None
    if user.id in thread.members:
        return
    thread.members[user.id] = world.clock.now()
    if user.id == world.bot.id:
        world.emit("THREAD_CREATE", world.thread_with_me(channel), guild=guild, channel=channel)
    _thread_members(world, guild, channel, added=[user.id], removed=[])
    if user.id != by.id:
        messages.post(world, channel, by, kind=1, mentions=[user])


def remove_from_thread(world: World, guild: Guild, channel: Channel, user_id: int) -> None:
    """Take somebody out of a thread."""
    thread = channel.thread
    assert thread is not None
    if thread.members.pop(user_id, None) is not None:
        _thread_members(world, guild, channel, added=[], removed=[user_id])


def _thread_members(world: World, guild: Guild, channel: Channel, added: list[int], removed: list[int]) -> None:
    assert channel.thread is not None
    data = {
        "id": str(channel.id),
        "guild_id": str(guild.id),
        "member_count": min(len(channel.thread.members), 50),
        "added_members": [
            payloads.thread_member(channel, who) | {"member": payloads.member(guild.members[who]), "presence": None}
            for who in added
        ],
        "removed_member_ids": [str(who) for who in removed],
    }
    about = (added + removed)[0]
    world.emit("THREAD_MEMBERS_UPDATE", data, guild=guild, channel=channel, about=about)


def active_threads(guild: Guild, parent_id: int | None = None) -> list[Channel]:
    """Threads that are not archived, of one parent or of all."""
    return [c for c in guild.threads() if parent_id in (None, c.parent_id)]


def archived_threads(guild: Guild, parent_id: int, kind: int) -> list[Channel]:
    """Archived threads of one parent, most recently archived first."""
    found = [
        c
        for c in guild.channels.values()
        if c.thread is not None and c.thread.archived and c.parent_id == parent_id and c.kind == kind
    ]
    return sorted(found, key=lambda c: c.thread.archive_timestamp if c.thread else 0, reverse=True)
