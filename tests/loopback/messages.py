"""Messages and reactions: what changes, and what the gateway is told."""

import datetime as dt
import re
from typing import Any

from . import payloads
from .models import PRIVATE_THREAD, PUBLIC_THREAD, Channel, Guild, Message, User
from .world import World

NONCE_WINDOW = dt.timedelta(minutes=5)
MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")


def post(world: World, channel: Channel, author: User, content: str = "", **fields: Any) -> Message:
    """Add a message and announce it. `at` dates it in the past; `silent` announces nothing (history from before)."""
    at, silent = fields.pop("at", None), fields.pop("silent", False)
    message_id = world.ids.make(at)
    message = Message(message_id, channel.id, author, content, at or world.clock.now(), **fields)
    guild = world.guilds.get(channel.guild_id or 0)
    _find_mentions(world, message, guild)
    channel.messages[message_id] = message
    if channel.last_message_id is None or message_id > channel.last_message_id:
        channel.last_message_id = message_id
    if at is not None:
        channel.messages = dict(sorted(channel.messages.items()))
    if channel.thread is not None:
        _wake_thread(world, channel, guild)
    if not silent:
        announce(world, "MESSAGE_CREATE", message)
    return message


def _find_mentions(world: World, message: Message, guild: Guild | None) -> None:
    rules = message.allowed_mentions
    parse = {"users", "roles", "everyone"} if rules is None else set(rules.get("parse", ()))
    chosen = {int(who) for key in ("users", "roles") for who in (rules or {}).get(key, ())}
    for text in {str(c.get("content", "")) for c in walk(message.components)} | {message.content}:
        if "<@" in text:
            found = dict.fromkeys(int(who) for who in MENTION.findall(text))
            users = [who for who in found if who in world.users and ("users" in parse or who in chosen)]
            message.mentions += [world.users[who] for who in users]
            roles = dict.fromkeys(int(role) for role in ROLE_MENTION.findall(text))
            known = [role for role in roles if guild is not None and role in guild.roles]
            message.mention_roles += [role for role in known if "roles" in parse or role in chosen]
        if "everyone" in parse and re.search("@(everyone|here)", text):
            message.mention_everyone = True


def _wake_thread(world: World, channel: Channel, guild: Guild | None) -> None:
    thread = channel.thread
    assert thread is not None
    thread.message_count += 1
    if thread.archived and not thread.locked:
        thread.archived, thread.archive_timestamp = False, world.clock.now()
        world.emit("THREAD_UPDATE", payloads.channel(channel), guild=guild, channel=channel)


def announce(world: World, name: str, message: Message) -> None:
    """MESSAGE_CREATE or MESSAGE_UPDATE, with the author's membership."""
    channel = world.channels[message.channel_id]
    data = world_message(world, message)
    guild = world.guilds.get(channel.guild_id or 0)
    data["channel_type"] = channel.kind
    if guild is not None:
        data["guild_id"] = str(guild.id)
        author = guild.members.get(message.author.id)
        if author is not None:
            data["member"] = payloads.member(author, with_user=False)
    world.emit(name, data, guild=guild, channel=channel, message=message)


def world_message(world: World, message: Message) -> payloads.JSON:
    """A message as REST gives it to the bot, with what it refers to."""
    referenced = None
    if message.reference is not None:
        where = world.channels.get(int(message.reference.get("channel_id") or message.channel_id))
        referenced = where.messages.get(int(message.reference["message_id"])) if where else None
    return payloads.message(message, world.bot.id, referenced)


def edit(world: World, message: Message, **fields: Any) -> None:
    """Change a message and announce it."""
    for name, value in fields.items():
        setattr(message, name, value)
    message.edited_at = world.clock.now()
    message.mentions, message.mention_roles = [], []
    channel = world.channels[message.channel_id]
    _find_mentions(world, message, world.guilds.get(channel.guild_id or 0))
    if not message.ephemeral:
        announce(world, "MESSAGE_UPDATE", message)


def delete(world: World, message: Message) -> None:
    """Remove a message. Like Discord, the channel's last_message_id stays what it was."""
    channel = world.channels[message.channel_id]
    del channel.messages[message.id]
    channel.pins.pop(message.id, None)
    guild = world.guilds.get(channel.guild_id or 0)
    data = {"id": str(message.id), "channel_id": str(channel.id)} | _guild_id(guild)
    world.emit("MESSAGE_DELETE", data, guild=guild, channel=channel)


def delete_many(world: World, channel: Channel, message_ids: list[int]) -> None:
    """Remove several at once, with one event."""
    for message_id in message_ids:
        channel.messages.pop(message_id, None)
    guild = world.guilds.get(channel.guild_id or 0)
    data = {"ids": [str(i) for i in message_ids], "channel_id": str(channel.id)} | _guild_id(guild)
    world.emit("MESSAGE_DELETE_BULK", data, guild=guild, channel=channel)


def react(world: World, message: Message, user: User, emoji: str) -> None:
    """Add somebody's reaction; adding it twice changes nothing."""
    users = message.reactions.setdefault(emoji, [])
    if user.id in users:
        return
    users.append(user.id)
    channel = world.channels[message.channel_id]
    guild = world.guilds.get(channel.guild_id or 0)
    data = _reaction(message, user, emoji, guild) | {"message_author_id": str(message.author.id)}
    if guild is not None and user.id in guild.members:
        data["member"] = payloads.member(guild.members[user.id])
    world.emit("MESSAGE_REACTION_ADD", data, guild=guild, channel=channel)


def unreact(world: World, message: Message, user: User, emoji: str) -> None:
    """Take somebody's reaction away."""
    users = message.reactions.get(emoji, [])
    if user.id not in users:
        return
    users.remove(user.id)
    if not users:
        del message.reactions[emoji]
    channel = world.channels[message.channel_id]
    guild = world.guilds.get(channel.guild_id or 0)
    data = _reaction(message, user, emoji, guild)
    world.emit("MESSAGE_REACTION_REMOVE", data, guild=guild, channel=channel)


def _reaction(message: Message, user: User, emoji: str, guild: Guild | None) -> payloads.JSON:
    where = {"message_id": str(message.id), "channel_id": str(message.channel_id)} | _guild_id(guild)
    return {"user_id": str(user.id), "emoji": payloads.emoji(emoji), "type": 0, "burst": False} | where


def _guild_id(guild: Guild | None) -> payloads.JSON:
    return {"guild_id": str(guild.id)} if guild is not None else {}


def page(channel: Channel, query: dict[str, str]) -> list[Message]:
    """Discord's paging: newest first always; `after` takes those just beyond the id, `before` those just under it."""
    limit = int(query.get("limit", 50))
    ids = list(channel.messages)
    if "around" in query:
        pivot, half = int(query["around"]), limit // 2
        chosen = [i for i in ids if i < pivot][-half:] + [i for i in ids if i >= pivot][: limit - half]
    elif "after" in query:
        chosen = [i for i in ids if i > int(query["after"])][:limit]
    elif "before" in query:
        chosen = [i for i in ids if i < int(query["before"])][-limit:]
    else:
        chosen = ids[-limit:]
    return [channel.messages[i] for i in reversed(chosen)]


def remembered(world: World, channel: Channel, author: User, nonce: str | int) -> Message | None:
    """The message that the same author made with this nonce in this channel within the last minutes."""
    at, message_id = world.nonces.get((channel.id, author.id, str(nonce)), (None, 0))
    if at is None or world.clock.now() - at > NONCE_WINDOW:
        return None
    return channel.messages.get(message_id)


def walk(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every component, however deep."""
    found = []
    for component in components:
        found.append(component)
        inner = [*component.get("components", ()), component.get("accessory"), component.get("component")]
        found += walk([c for c in inner if c])
    return found


def is_thread(channel: Channel) -> bool:
    """Whether it is a public or private thread."""
    return channel.kind in (PUBLIC_THREAD, PRIVATE_THREAD)
