"""Routes of messages, pins and reactions."""

from typing import Any
from urllib.parse import unquote

from . import messages, payloads
from .clock import iso
from .compose import compose
from .errors import Refusal, missing_access, missing_permissions, unknown
from .members import Audit, audit
from .models import DM, FORUM, Channel, Guild, Message, User
from .permissions import effective, flag
from .routing import Call, route
from .world import World


def _readable(call: Call) -> tuple[Channel, Guild | None]:
    """The channel, refused with 50001 when its history may not be read."""
    channel, guild = call.world.channel(call["channel_id"])
    if guild is not None and not call.world.may(guild, "read_message_history", channel):
        raise missing_access()
    return channel, guild


@route("GET", "/channels/{channel_id}/messages")
def history(call: Call) -> Any:
    channel, guild = call.world.channel(call["channel_id"])
    if guild is not None and not call.world.may(guild, "read_message_history", channel):
        return []
    return [_seen(call.world, m, guild) for m in messages.page(channel, call.query)]


def _seen(world: World, message: Message, guild: Guild | None) -> payloads.JSON:
    """A message as REST shows it: without its content when the portal's switch is off."""
    data = messages.world_message(world, message)
    own = message.author.id == world.bot.id or world.bot in message.mentions
    if guild is None or own or world.application.content_intent:
        return data
    return data | {"content": "", "embeds": [], "attachments": [], "components": []}


@route("GET", "/channels/{channel_id}/messages/{message_id}")
def fetch(call: Call) -> Any:
    channel, guild = _readable(call)
    return _seen(call.world, call.world.message(channel, call["message_id"]), guild)


@route("POST", "/channels/{channel_id}/messages")
def send(call: Call) -> Any:
    world = call.world
    channel, guild = world.channel(call["channel_id"])
    _may_send(call, channel, guild)
    nonce = call.body.get("nonce")
    if nonce is not None and call.body.get("enforce_nonce"):
        known = messages.remembered(world, channel, world.bot, nonce)
        if known is not None:
            return messages.world_message(world, known)
    fields = compose(call, call.body, channel)
    if call.body.get("message_reference"):
        fields |= _reply(call, channel)
    message = messages.post(world, channel, world.bot, nonce=nonce, **fields)
    if nonce is not None:
        world.nonces[channel.id, world.bot.id, str(nonce)] = (world.clock.now(), message.id)
    return messages.world_message(world, message)


def _may_send(call: Call, channel: Channel, guild: Guild | None) -> None:
    world = call.world
    if channel.kind == FORUM:
        raise Refusal(400, 50008, "Cannot send messages in a non-text channel")
    if guild is None:
        may_dm(world, channel.recipients[0])
        return
    held = effective(guild, world.bot.id, channel, world.clock.now())
    needed = ["send_messages_in_threads" if channel.thread is not None else "send_messages"]
    needed += ["embed_links"] * bool(call.body.get("embeds")) + ["attach_files"] * bool(call.files)
    needed += ["read_message_history"] * bool(call.body.get("message_reference"))
    if not all(held & flag(name) for name in needed):
        raise missing_permissions()
    if channel.thread is not None and channel.thread.locked and not held & flag("manage_threads"):
        raise missing_permissions()


def may_dm(world: World, user: User) -> None:
    """50278 without a common guild, 50007 when the person takes no direct messages."""
    common = any(user.id in g.members and world.bot.id in g.members for g in world.guilds.values())
    if not common:
        raise Refusal(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
    if not user.dms_open:
        raise Refusal(403, 50007, "Cannot send messages to this user")


def _reply(call: Call, channel: Channel) -> dict[str, Any]:
    asked = call.body["message_reference"]
    target = channel.messages.get(int(asked["message_id"]))
    if target is None and asked.get("fail_if_not_exists", True):
        raise Refusal(400, 50035, "Invalid Form Body", errors={"message_reference": {"_errors": []}})
    if target is None:
        return {}
    rules = call.body.get("allowed_mentions")
    reference = {"type": 0, "channel_id": str(channel.id), "message_id": str(target.id)}
    if channel.guild_id:
        reference["guild_id"] = str(channel.guild_id)
    mentioned = [target.author] if rules is None or rules.get("replied_user") else []
    return {"kind": 19, "reference": reference, "mentions": mentioned}


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
def edit(call: Call) -> Any:
    channel, _ = call.world.channel(call["channel_id"])
    message = call.world.message(channel, call["message_id"])
    if message.author.id != call.world.bot.id:
        raise Refusal(403, 50005, "Cannot edit a message authored by another user")
    messages.edit(call.world, message, **compose(call, call.body, channel, editing=True))
    return messages.world_message(call.world, message)


@route("DELETE", "/channels/{channel_id}/messages/{message_id}")
def delete(call: Call) -> Any:
    world = call.world
    channel, guild = world.channel(call["channel_id"])
    message = world.message(channel, call["message_id"])
    if message.author.id != world.bot.id:
        if channel.kind == DM:
            raise Refusal(403, 50003, "Cannot execute action on a DM channel")
        world.need(guild, "manage_messages", channel=channel)
    messages.delete(world, message)
    if guild is not None and message.author.id != world.bot.id:
        audit(world, guild, Audit.MESSAGE_DELETE, world.bot, message.author.id, call.reason)


@route("POST", "/channels/{channel_id}/messages/bulk-delete")
def bulk_delete(call: Call) -> Any:
    channel, guild = call.world.channel(call["channel_id"])
    call.world.need(guild, "manage_messages", channel=channel)
    ids = [int(i) for i in call.body["messages"]]
    oldest = call.world.clock.now().timestamp() - 14 * 86400
    if any(i in channel.messages and channel.messages[i].timestamp.timestamp() < oldest for i in ids):
        raise Refusal(400, 50034, "You can only bulk delete messages that are under 14 days old.")
    messages.delete_many(call.world, channel, ids)


@route("POST", "/channels/{channel_id}/typing")
def typing(call: Call) -> Any:
    channel, guild = call.world.channel(call["channel_id"])
    call.world.need(guild, "send_messages", channel=channel)


@route("GET", "/channels/{channel_id}/messages/pins")
def pins(call: Call) -> Any:
    channel, guild = _readable(call)
    items = [
        {"pinned_at": iso(at), "message": _seen(call.world, channel.messages[i], guild)}
        for i, at in sorted(channel.pins.items(), key=lambda item: item[1], reverse=True)
    ]
    limit = int(call.query.get("limit", 50))
    return {"items": items[:limit], "has_more": len(items) > limit}


@route("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
def pin(call: Call) -> Any:
    _set_pin(call, pinned=True)


@route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
def unpin(call: Call) -> Any:
    _set_pin(call, pinned=False)


def _set_pin(call: Call, *, pinned: bool) -> None:
    world = call.world
    channel, guild = world.channel(call["channel_id"])
    world.need(guild, "pin_messages", channel=channel)
    message = world.message(channel, call["message_id"])
    if pinned and message.id not in channel.pins:
        if len(channel.pins) >= 250:
            raise Refusal(400, 30003, "Maximum number of pins reached (250)")
        channel.pins[message.id] = world.clock.now()
        reference = {"channel_id": str(channel.id), "message_id": str(message.id)}
        messages.post(world, channel, world.bot, kind=6, reference=reference)
    elif not pinned:
        channel.pins.pop(message.id, None)
    message.pinned = pinned
    last = max(channel.pins.values(), default=None)
    data = {"channel_id": str(channel.id), "last_pin_timestamp": iso(last) if last else None}
    data |= {"guild_id": str(guild.id)} if guild else {}
    world.emit("CHANNEL_PINS_UPDATE", data, guild=guild, channel=channel)


def _target(call: Call) -> tuple[Message, Guild | None, Channel, str]:
    channel, guild = _readable(call)
    return call.world.message(channel, call["message_id"]), guild, channel, unquote(call["emoji"])


@route("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me")
def react(call: Call) -> Any:
    message, guild, channel, emoji = _target(call)
    if emoji not in message.reactions:
        call.world.need(guild, "add_reactions", channel=channel)
    messages.react(call.world, message, call.world.bot, emoji)


@route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me")
def unreact(call: Call) -> Any:
    message, _, _, emoji = _target(call)
    messages.unreact(call.world, message, call.world.bot, emoji)


@route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}/{user_id}")
def unreact_other(call: Call) -> Any:
    message, guild, channel, emoji = _target(call)
    call.world.need(guild, "manage_messages", channel=channel)
    user = call.world.users.get(call["user_id"])
    if user is None:
        raise unknown("user")
    messages.unreact(call.world, message, user, emoji)


@route("GET", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}")
def reactors(call: Call) -> Any:
    message, _, _, emoji = _target(call)
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 25))
    ids = sorted(who for who in message.reactions.get(emoji, ()) if who > after)
    return [payloads.user(call.world.users[who]) for who in ids[:limit]]
