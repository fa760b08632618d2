"""Routes of members, roles, bans and the audit log."""

import datetime as dt
from typing import Any

from . import members, payloads
from .errors import Refusal, missing_access, missing_permissions, unknown
from .models import Guild, Member, Role
from .permissions import ADMINISTRATOR, effective, rank, top_rank
from .routing import Call, route

MAX_TIMEOUT = dt.timedelta(days=28)


def _who(call: Call) -> tuple[Guild, Member]:
    guild = call.world.guild(call["guild_id"])
    return guild, call.world.member(guild, call["user_id"])


@route("GET", "/guilds/{guild_id}/members/{user_id}")
def fetch(call: Call) -> Any:
    return payloads.member(_who(call)[1])


@route("GET", "/guilds/{guild_id}/members")
def listing(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    if not call.world.application.members_intent:
        raise missing_access()
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 1))
    ids = sorted(who for who in guild.members if who > after)[:limit]
    return [payloads.member(guild.members[who]) for who in ids]


@route("PATCH", "/guilds/{guild_id}/members/@me")
def edit_me(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    member = guild.members[call.world.bot.id]
    if "nick" in call.body:
        call.world.need(guild, "change_nickname")
        members.update(call.world, guild, member, call.world.bot, nick=call.body["nick"] or None)
    return payloads.member(member)


@route("PATCH", "/guilds/{guild_id}/members/{user_id}")
def edit(call: Call) -> Any:
    world, body = call.world, call.body
    guild, member = _who(call)
    fields: dict[str, Any] = {}
    if "nick" in body:
        world.need(guild, "manage_nicknames")
        fields["nick"] = body["nick"] or None
    if "communication_disabled_until" in body:
        fields["communication_disabled_until"] = _timeout(call, guild, member)
    if "channel_id" in body:
        world.need(guild, "move_members")
        channel_id = body["channel_id"]
        members.move_voice(world, guild, member, guild.channels[int(channel_id)] if channel_id else None)
    if fields and member.user.id != world.bot.id:
        world.need_rank(guild, member.user.id)
    if "roles" in body:
        fields["roles"] = _new_roles(call, guild, member)
    members.update(world, guild, member, world.bot, call.reason, **fields)
    return payloads.member(member)


def _timeout(call: Call, guild: Guild, member: Member) -> dt.datetime | None:
    world = call.world
    world.need(guild, "moderate_members")
    until = call.body["communication_disabled_until"]
    if until is None:
        return None
    if effective(guild, member.user.id, None, world.clock.now()) & ADMINISTRATOR:
        raise missing_permissions()
    end = dt.datetime.fromisoformat(until)
    if end > world.clock.now() + MAX_TIMEOUT:
        raise Refusal(400, 50035, "Invalid Form Body", errors={"communication_disabled_until": {"_errors": []}})
    return end


def _new_roles(call: Call, guild: Guild, member: Member) -> set[int]:
    wanted = {int(role_id) for role_id in call.body["roles"] or ()}
    for role_id in wanted ^ member.roles:
        _may_assign(call, guild, role_id)
    return wanted


def _may_assign(call: Call, guild: Guild, role_id: int) -> Role:
    """A role that the bot may give and take: it exists, is no integration's, and is below the bot's top role."""
    role = guild.roles.get(role_id)
    if role is None:
        raise unknown("role")
    call.world.need(guild, "manage_roles")
    if role.managed or role.id == guild.id:
        raise Refusal(400, 50028, "Invalid Role")
    if rank(role) >= top_rank(guild, call.world.bot.id):
        raise missing_permissions()
    return role


@route("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def add_role(call: Call) -> Any:
    guild, member = _who(call)
    role = _may_assign(call, guild, call["role_id"])
    members.update(call.world, guild, member, call.world.bot, call.reason, roles=member.roles | {role.id})


@route("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def remove_role(call: Call) -> Any:
    guild, member = _who(call)
    role = _may_assign(call, guild, call["role_id"])
    members.update(call.world, guild, member, call.world.bot, call.reason, roles=member.roles - {role.id})


@route("DELETE", "/guilds/{guild_id}/members/{user_id}")
def kick(call: Call) -> Any:
    guild, member = _who(call)
    call.world.need(guild, "kick_members")
    call.world.need_rank(guild, member.user.id)
    members.kick(call.world, guild, member.user.id, call.world.bot, call.reason)


@route("GET", "/guilds/{guild_id}/bans")
def bans(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    call.world.need(guild, "ban_members")
    limit, ids = int(call.query.get("limit", 1000)), sorted(guild.bans)
    if "before" in call.query:
        ids = [who for who in ids if who < int(call.query["before"])][-limit:]
    elif "after" in call.query:
        ids = [who for who in ids if who > int(call.query["after"])]
    return [_ban(guild, who) for who in ids[:limit]]


def _ban(guild: Guild, user_id: int) -> payloads.JSON:
    return {"user": payloads.user(guild.bans[user_id].user), "reason": guild.bans[user_id].reason}


@route("GET", "/guilds/{guild_id}/bans/{user_id}")
def ban_of(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    call.world.need(guild, "ban_members")
    if call["user_id"] not in guild.bans:
        raise unknown("ban")
    return _ban(guild, call["user_id"])


@route("PUT", "/guilds/{guild_id}/bans/{user_id}")
def ban(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    _ban_one(call, guild, call["user_id"])


def _ban_one(call: Call, guild: Guild, user_id: int) -> None:
    call.world.need(guild, "ban_members")
    user = call.world.users.get(user_id)
    if user is None:
        raise unknown("user")
    if user_id in guild.members:
        call.world.need_rank(guild, user_id)
    if user_id not in guild.bans:
        members.ban(call.world, guild, user, call.world.bot, call.reason)


@route("POST", "/guilds/{guild_id}/bulk-ban")
def bulk_ban(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    call.world.need(guild, "ban_members", "manage_guild")
    done, failed = [], []
    for user_id in map(int, call.body["user_ids"]):
        try:
            _ban_one(call, guild, user_id)
            done.append(str(user_id))
        except Refusal:
            failed.append(str(user_id))
    if not done:
        raise Refusal(400, 500000, "Failed to ban users")
    return {"banned_users": done, "failed_users": failed}


@route("DELETE", "/guilds/{guild_id}/bans/{user_id}")
def unban(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    call.world.need(guild, "ban_members")
    if call["user_id"] not in guild.bans:
        raise unknown("ban")
    user = guild.bans[call["user_id"]].user
    members.unban(call.world, guild, user, call.world.bot, call.reason)


@route("GET", "/guilds/{guild_id}/audit-logs")
def audit_log(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    call.world.need(guild, "view_audit_log")
    query, found = call.query, list(guild.audit)
    if "action_type" in query:
        found = [e for e in found if e.action == int(query["action_type"])]
    if "user_id" in query:
        found = [e for e in found if e.user_id == int(query["user_id"])]
    limit = int(query.get("limit", 50))
    if "after" in query:  # oldest first, unlike the rest
        found = [e for e in found if e.id > int(query["after"])][:limit]
    else:
        before = int(query.get("before", 1 << 62))
        found = [e for e in reversed(found) if e.id < before][:limit]
    ids = {who for e in found for who in (e.user_id, e.target_id) if who in call.world.users}
    return {
        "audit_log_entries": [payloads.audit_entry(e) for e in found],
        "users": [payloads.user(call.world.users[who]) for who in sorted(ids)],
        "application_commands": [],
        "auto_moderation_rules": [],
        "guild_scheduled_events": [],
        "integrations": [],
        "threads": [],
        "webhooks": [],
    }


@route("GET", "/guilds/{guild_id}/roles")
def roles(call: Call) -> Any:
    return [payloads.role(r) for r in call.world.guild(call["guild_id"]).roles.values()]


@route("POST", "/guilds/{guild_id}/roles")
def create_role(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    call.world.need(guild, "manage_roles")
    role = members.create_role(call.world, guild, call.body.get("name") or "new role", **_role_fields(call.body))
    members.audit(call.world, guild, members.Audit.ROLE_CREATE, call.world.bot, role.id, call.reason)
    return payloads.role(role)


def _role_fields(body: dict[str, Any]) -> dict[str, Any]:
    fields = {name: body[name] for name in ("color", "hoist", "mentionable") if body.get(name) is not None}
    if body.get("colors"):
        fields["color"] = body["colors"].get("primary_color") or 0
    if body.get("permissions") is not None:
        fields["permissions"] = int(body["permissions"])
    return fields


def _own_role(call: Call) -> tuple[Guild, Role]:
    guild = call.world.guild(call["guild_id"])
    role = guild.roles.get(call["role_id"])
    if role is None:
        raise unknown("role")
    call.world.need(guild, "manage_roles")
    if rank(role) >= top_rank(guild, call.world.bot.id):
        raise missing_permissions()
    return guild, role


@route("PATCH", "/guilds/{guild_id}/roles/{role_id}")
def edit_role(call: Call) -> Any:
    guild, role = _own_role(call)
    name = {"name": call.body["name"]} if call.body.get("name") else {}
    members.edit_role(call.world, guild, role, **name, **_role_fields(call.body))
    return payloads.role(role)


@route("DELETE", "/guilds/{guild_id}/roles/{role_id}")
def delete_role(call: Call) -> Any:
    guild, role = _own_role(call)
    if role.managed or role.id == guild.id:
        raise Refusal(400, 50028, "Invalid Role")
    members.delete_role(call.world, guild, role)
    members.audit(call.world, guild, members.Audit.ROLE_DELETE, call.world.bot, role.id, call.reason)
