"""Members, roles, bans and the audit log: what changes, and what the gateway is told."""

import datetime as dt
from enum import IntEnum
from typing import Any

from . import payloads
from .clock import iso
from .models import AuditEntry, Ban, Channel, Guild, Member, Role, User
from .world import World


class Audit(IntEnum):
    """The kinds of audit log entries that are written here."""

    GUILD_UPDATE, CHANNEL_CREATE, CHANNEL_UPDATE, CHANNEL_DELETE = 1, 10, 11, 12
    OVERWRITE_CREATE, OVERWRITE_UPDATE, OVERWRITE_DELETE = 13, 14, 15
    KICK, BAN, UNBAN, MEMBER_UPDATE, MEMBER_ROLES = 20, 22, 23, 24, 25
    ROLE_CREATE, ROLE_UPDATE, ROLE_DELETE = 30, 31, 32
    INVITE_CREATE, INVITE_DELETE = 40, 42
    MESSAGE_DELETE, BULK_DELETE = 72, 73
    THREAD_CREATE, THREAD_UPDATE, THREAD_DELETE = 110, 111, 112


def join(world: World, guild: Guild, user: User, **fields: Any) -> Member:
    """Somebody joins; `joined_at` and `silent` serve for members from before."""
    silent = fields.pop("silent", False)
    member = Member(user, fields.pop("joined_at", None) or world.clock.now(), **fields)
    guild.members[user.id] = member
    if not silent:
        data = payloads.member(member) | {"guild_id": str(guild.id)}
        world.emit("GUILD_MEMBER_ADD", data, guild=guild, about=user.id)
    return member


def leave(world: World, guild: Guild, user_id: int) -> None:
    """Somebody leaves or is removed."""
    member = guild.members.pop(user_id)
    for channel in guild.channels.values():
        if channel.thread is not None:
            channel.thread.members.pop(user_id, None)
    data = {"guild_id": str(guild.id), "user": payloads.user(member.user)}
    world.emit("GUILD_MEMBER_REMOVE", data, guild=guild, about=user_id)


def update(world: World, guild: Guild, member: Member, by: User, reason: str | None = None, **fields: Any) -> None:
    """Change a member and announce it; nothing happens when nothing differs."""
    changes = []
    for name, value in fields.items():
        old = getattr(member, name)
        if old != value:
            changes.append({"key": name, "old_value": _plain(old), "new_value": _plain(value)})
            setattr(member, name, value)
    if not changes:
        return
    data = payloads.member(member) | {"guild_id": str(guild.id)}
    world.emit("GUILD_MEMBER_UPDATE", data, guild=guild, about=member.user.id)
    if by.id != member.user.id:
        _audit_update(world, guild, member, by, reason, changes)


def _audit_update(
    world: World, guild: Guild, member: Member, by: User, reason: str | None, changes: list[dict[str, Any]]
) -> None:
    roles = next((c for c in changes if c["key"] == "roles"), None)
    if roles is not None:
        old, new = (set(map(int, roles[key])) for key in ("old_value", "new_value"))
        named = {"$add": new - old, "$remove": old - new}
        detail = [
            {"key": key, "new_value": [{"id": str(r), "name": guild.roles[r].name} for r in ids if r in guild.roles]}
            for key, ids in named.items()
            if ids
        ]
        audit(world, guild, Audit.MEMBER_ROLES, by, member.user.id, reason, detail)
    rest = [c for c in changes if c is not roles]
    if rest:
        audit(world, guild, Audit.MEMBER_UPDATE, by, member.user.id, reason, rest)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return iso(value)
    return sorted(map(str, value)) if isinstance(value, set) else value


def ban(world: World, guild: Guild, user: User, by: User, reason: str | None = None) -> None:
    """Ban somebody, member or not."""
    guild.bans[user.id] = Ban(user, reason, world.clock.now())
    if user.id in guild.members:
        leave(world, guild, user.id)
    data = {"guild_id": str(guild.id), "user": payloads.user(user)}
    world.emit("GUILD_BAN_ADD", data, guild=guild)
    audit(world, guild, Audit.BAN, by, user.id, reason)


def unban(world: World, guild: Guild, user: User, by: User, reason: str | None = None) -> None:
    """Lift a ban."""
    del guild.bans[user.id]
    data = {"guild_id": str(guild.id), "user": payloads.user(user)}
    world.emit("GUILD_BAN_REMOVE", data, guild=guild)
    audit(world, guild, Audit.UNBAN, by, user.id, reason)


def kick(world: World, guild: Guild, user_id: int, by: User, reason: str | None = None) -> None:
    """Remove a member."""
    leave(world, guild, user_id)
    audit(world, guild, Audit.KICK, by, user_id, reason)


def create_role(world: World, guild: Guild, name: str, **fields: Any) -> Role:
    """A new role just above @everyone, where others may stand too: no other role moves (discord.py pull 9853).

    With a `position` somebody has dragged it there: those at or above move up, and Discord says so.
    """
    position = fields.pop("position", None)
    moved = [r for r in guild.roles.values() if position and r.id != guild.id and r.position >= position]
    for other in moved:
        edit_role(world, guild, other, position=other.position + 1)
    role = Role(world.ids.make(), name, position or 1, **fields)
    guild.roles[role.id] = role
    world.emit("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": payloads.role(role)}, guild=guild)
    return role


def edit_role(world: World, guild: Guild, role: Role, **fields: Any) -> None:
    """Change a role and announce it."""
    for name, value in fields.items():
        setattr(role, name, value)
    world.emit("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": payloads.role(role)}, guild=guild)


def delete_role(world: World, guild: Guild, role: Role) -> None:
    """Delete a role: its members lose it."""
    del guild.roles[role.id]
    for member in guild.members.values():
        member.roles.discard(role.id)
    for channel in guild.channels.values():
        channel.overwrites.pop(role.id, None)
    world.emit("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)}, guild=guild)


def move_voice(world: World, guild: Guild, member: Member, channel: Channel | None) -> None:
    """Join, change or leave voice."""
    member.voice_channel = channel.id if channel else None
    world.emit("VOICE_STATE_UPDATE", payloads.voice_state(guild, member), guild=guild)


def audit(
    world: World,
    guild: Guild,
    action: int,
    by: User,
    target_id: int | None,
    reason: str | None = None,
    changes: list[dict[str, Any]] | None = None,
) -> None:
    """Write the audit log and announce the entry."""
    entry = AuditEntry(world.ids.make(), int(action), by.id, target_id, reason, changes or [])
    guild.audit.append(entry)
    data = payloads.audit_entry(entry) | {"guild_id": str(guild.id)}
    world.emit("GUILD_AUDIT_LOG_ENTRY_CREATE", data, guild=guild)
