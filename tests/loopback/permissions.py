"""Who may do what: Discord's documented computation of effective permissions, and its hierarchy."""

import datetime as dt

import discord

from .models import Channel, Guild, Role

ALL = discord.Permissions.all().value
ADMINISTRATOR = discord.Permissions.administrator.flag
TIMED_OUT = discord.Permissions(view_channel=True, read_message_history=True).value


def flag(name: str) -> int:
    """The bit of a permission by its discord.py name."""
    return int(getattr(discord.Permissions, name).flag)


def effective(guild: Guild, user_id: int, channel: Channel | None, now: dt.datetime) -> int:
    """Permissions of a member in the guild or in one of its channels; 0 for somebody who is not there."""
    if guild.owner_id == user_id:
        return ALL
    member = guild.members.get(user_id)
    if member is None:
        return 0
    base = guild.everyone.permissions
    for role_id in member.roles:
        base |= guild.roles[role_id].permissions
    if base & ADMINISTRATOR:
        return ALL
    if channel is not None:
        base = _with_overwrites(base, guild, user_id, member.roles, _holder(guild, channel))
    until = member.communication_disabled_until
    return base & TIMED_OUT if until is not None and until > now else base


def _holder(guild: Guild, channel: Channel) -> Channel:
    """A thread has the overwrites of its parent."""
    return guild.channels[channel.parent_id] if channel.thread is not None and channel.parent_id else channel


def _with_overwrites(base: int, guild: Guild, user_id: int, roles: set[int], channel: Channel) -> int:
    everyone = channel.overwrites.get(guild.id)
    if everyone is not None:
        base = base & ~everyone.deny | everyone.allow
    allow = deny = 0
    for role_id in roles:
        overwrite = channel.overwrites.get(role_id)
        if overwrite is not None:
            allow, deny = allow | overwrite.allow, deny | overwrite.deny
    base = base & ~deny | allow
    own = channel.overwrites.get(user_id)
    return base & ~own.deny | own.allow if own is not None else base


Rank = tuple[int, int]


def rank(role: Role) -> Rank:
    """Where a role stands; of two at the same position the older one stands higher."""
    return role.position, -role.id


def top_rank(guild: Guild, user_id: int) -> Rank:
    """The rank of the member's highest role; the owner stands above all."""
    if user_id == guild.owner_id:
        return 1 << 30, 0
    member = guild.members.get(user_id)
    if member is None:
        return -1, 0
    return max((rank(guild.roles[role_id]) for role_id in member.roles), default=(0, -guild.id))


def can_see(guild: Guild, user_id: int, channel: Channel, now: dt.datetime) -> bool:
    """View Channel, and for a private thread membership or Manage Threads."""
    held = effective(guild, user_id, channel, now)
    if not held & flag("view_channel"):
        return False
    private = channel.thread is not None and channel.kind == 12
    return not private or user_id in channel.thread.members or bool(held & flag("manage_threads"))
