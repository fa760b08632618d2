"""Routes of guilds and channels."""

from typing import Any

from . import channels, payloads
from .errors import unknown
from .members import Audit, audit
from .models import DM, Overwrite
from .routes_threads import edit_thread, of_guild
from .routing import Call, route

SETTINGS = [
    "description",
    "verification_level",
    "default_message_notifications",
    "explicit_content_filter",
    "afk_channel_id",
    "afk_timeout",
    "system_channel_id",
    "system_channel_flags",
    "rules_channel_id",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
]


@route("GET", "/guilds/{guild_id}")
def fetch(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return payloads.guild(guild) | (counts if "with_counts" in call.query else {})


@route("PATCH", "/guilds/{guild_id}")
def edit(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    call.world.need(guild, "manage_guild")
    guild.name = call.body.get("name") or guild.name
    guild.locale = call.body.get("preferred_locale") or guild.locale
    guild.features = call.body.get("features") or guild.features
    guild.settings |= {name: call.body[name] for name in SETTINGS if name in call.body}
    call.world.emit("GUILD_UPDATE", payloads.guild(guild), guild=guild)
    audit(call.world, guild, Audit.GUILD_UPDATE, call.world.bot, guild.id, call.reason)
    return payloads.guild(guild)


@route("PUT", "/guilds/{guild_id}/incident-actions")
def incidents(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    call.world.need(guild, "manage_guild")
    guild.incidents = {"invites_disabled_until": None, "dms_disabled_until": None, **call.body}
    call.world.emit("GUILD_UPDATE", payloads.guild(guild), guild=guild)
    return guild.incidents


@route("GET", "/users/@me/guilds")
def mine(call: Call) -> Any:
    found = [g for g in call.world.guilds.values() if call.world.bot.id in g.members]
    keys = ("id", "name", "icon", "features")
    return [{key: payloads.guild(g)[key] for key in keys} | {"owner": False, "permissions": "0"} for g in found]


@route("DELETE", "/users/@me/guilds/{guild_id}")
def leave(call: Call) -> Any:
    channels.remove_bot(call.world, call.world.guild(call["guild_id"]))


@route("GET", "/guilds/{guild_id}/channels")
def listing(call: Call) -> Any:
    guild = call.world.guild(call["guild_id"])
    return [payloads.channel(c) for c in guild.channels.values() if c.thread is None]


@route("POST", "/guilds/{guild_id}/channels")
def create(call: Call) -> Any:
    guild, body = call.world.guild(call["guild_id"]), call.body
    call.world.need(guild, "manage_channels")
    overwrites = [_overwrite(int(o["id"]), o) for o in body.get("permission_overwrites") or ()]
    channel = channels.create_channel(
        call.world,
        guild,
        body.get("type", 0),
        body["name"],
        parent_id=int(body["parent_id"]) if body.get("parent_id") else None,
        topic=body.get("topic"),
        slowmode=body.get("rate_limit_per_user") or 0,
        overwrites=overwrites,
    )
    audit(call.world, guild, Audit.CHANNEL_CREATE, call.world.bot, channel.id, call.reason)
    return payloads.channel(channel)


def _overwrite(target_id: int, body: dict[str, Any]) -> Overwrite:
    return Overwrite(target_id, int(body["type"]), int(body.get("allow") or 0), int(body.get("deny") or 0))


@route("GET", "/channels/{channel_id}")
def fetch_channel(call: Call) -> Any:
    return payloads.channel(call.world.channel(call["channel_id"])[0])


@route("PATCH", "/channels/{channel_id}")
def edit_channel(call: Call) -> Any:
    channel, guild = of_guild(call)
    if channel.thread is not None:
        return edit_thread(call, guild, channel)
    call.world.need(guild, "manage_channels", channel=channel)
    renamed = {"rate_limit_per_user": "slowmode", "available_tags": "tags"}
    simple = ("name", "topic", "nsfw", "position", "rate_limit_per_user", "available_tags")
    fields = {renamed.get(key, key): call.body[key] for key in simple if key in call.body}
    if "parent_id" in call.body:
        fields["parent_id"] = int(call.body["parent_id"]) if call.body["parent_id"] else None
    if "permission_overwrites" in call.body:
        call.world.need(guild, "manage_roles", channel=channel)
        fields["overwrites"] = {int(o["id"]): _overwrite(int(o["id"]), o) for o in call.body["permission_overwrites"]}
    channels.edit_channel(call.world, guild, channel, **fields)
    audit(call.world, guild, Audit.CHANNEL_UPDATE, call.world.bot, channel.id, call.reason)
    return payloads.channel(channel)


@route("DELETE", "/channels/{channel_id}")
def delete_channel(call: Call) -> Any:
    channel, guild = call.world.channel(call["channel_id"])
    if channel.kind == DM or guild is None:
        return payloads.channel(channel)
    call.world.need(guild, "manage_threads" if channel.thread else "manage_channels", channel=channel)
    payload = payloads.channel(channel)
    channels.delete_channel(call.world, guild, channel)
    action = Audit.THREAD_DELETE if channel.thread else Audit.CHANNEL_DELETE
    audit(call.world, guild, action, call.world.bot, channel.id, call.reason)
    return payload


@route("PUT", "/channels/{channel_id}/permissions/{overwrite_id}")
def overwrite(call: Call) -> Any:
    channel, guild = of_guild(call)
    call.world.need(guild, "manage_roles", channel=channel)
    channels.set_overwrite(call.world, guild, channel, _overwrite(call["overwrite_id"], call.body))


@route("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}")
def delete_overwrite(call: Call) -> Any:
    channel, guild = of_guild(call)
    call.world.need(guild, "manage_roles", channel=channel)
    if channel.overwrites.pop(call["overwrite_id"], None) is None:
        raise unknown("overwrite")
    channels.edit_channel(call.world, guild, channel)
