"""Which gateway events a session may have: intents, shards, what the bot can see, and message content."""

from typing import Any

import discord

from . import permissions
from .models import Application, Message
from .world import Event, World


def _bits(**named: str) -> dict[str, int]:
    """{"EVENT": bits of the intents any of which lets it through}."""
    table: dict[str, int] = {}
    for intent, events in named.items():
        for event in events.split():
            table[event] = table.get(event, 0) | getattr(discord.Intents, intent).flag
    return table


GUILD_EVENTS = _bits(
    guilds="GUILD_CREATE GUILD_UPDATE GUILD_DELETE GUILD_ROLE_CREATE GUILD_ROLE_UPDATE GUILD_ROLE_DELETE CHANNEL_CREATE"
    " CHANNEL_UPDATE CHANNEL_DELETE CHANNEL_PINS_UPDATE THREAD_CREATE THREAD_UPDATE THREAD_DELETE THREAD_LIST_SYNC"
    " THREAD_MEMBERS_UPDATE",
    members="GUILD_MEMBER_ADD GUILD_MEMBER_UPDATE GUILD_MEMBER_REMOVE THREAD_MEMBERS_UPDATE",
    moderation="GUILD_BAN_ADD GUILD_BAN_REMOVE GUILD_AUDIT_LOG_ENTRY_CREATE",
    invites="INVITE_CREATE INVITE_DELETE",
    voice_states="VOICE_STATE_UPDATE",
    guild_messages="MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE MESSAGE_DELETE_BULK",
    guild_reactions="MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE",
)
DM_EVENTS = _bits(
    dm_messages="CHANNEL_CREATE MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE CHANNEL_PINS_UPDATE",
    dm_reactions="MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE",
)
ONLY_WHERE_SEEN = ("MESSAGE_", "THREAD_", "CHANNEL_PINS")
MEMBERS, CONTENT, PRESENCES = (getattr(discord.Intents, n).flag for n in ("members", "message_content", "presences"))


def refused(intents: int, application: Application) -> bool:
    """Whether the session asks for a privileged intent that the portal has not switched on (4014)."""
    content, members = intents & CONTENT, intents & MEMBERS
    unmet = (content and not application.content_intent) or (members and not application.members_intent)
    return bool(unmet or intents & PRESENCES)


def wanted(event: Event, world: World, intents: int, shard: tuple[int, int]) -> bool:
    """Whether a session with these intents on this shard is sent the event."""
    number, count = shard
    guild = event.guild
    if (guild is None and number != 0) or (guild is not None and (guild.id >> 22) % count != number):
        return False
    if guild is not None and world.bot.id not in guild.members and event.name != "GUILD_DELETE":
        return False
    if event.name == "INTERACTION_CREATE":
        return True
    needed = (DM_EVENTS if guild is None else GUILD_EVENTS).get(event.name, 0)
    own = event.name == "GUILD_MEMBER_UPDATE" and event.about == world.bot.id
    if not (intents & needed or own):
        return False
    return _visible(event, world, intents)


def _visible(event: Event, world: World, intents: int) -> bool:
    guild, channel, now = event.guild, event.channel, world.clock.now()
    if guild is None:
        return True
    if event.name == "GUILD_AUDIT_LOG_ENTRY_CREATE":
        return world.may(guild, "view_audit_log")
    if event.name == "THREAD_MEMBERS_UPDATE" and not intents & MEMBERS and event.about != world.bot.id:
        return False
    if channel is not None and event.name.startswith(ONLY_WHERE_SEEN):
        return permissions.can_see(guild, world.bot.id, channel, now)
    return True


def hides_content(message: Message | None, world: World, intents: int, guild_id: int | None) -> bool:
    """Without the content intent, a message's text is empty unless it is the bot's, a DM, or mentions the bot."""
    if message is None or intents & CONTENT or guild_id is None:
        return False
    return message.author.id != world.bot.id and world.bot not in message.mentions


def without_content(data: dict[str, Any]) -> dict[str, Any]:
    """The message as a bot without the content intent gets it."""
    return data | {"content": "", "embeds": [], "attachments": [], "components": []}
