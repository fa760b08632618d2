"""The gateway intents Parvis asks for, and why."""

import discord

from bot.settings import Settings


def wanted_intents(settings: Settings) -> discord.Intents:
    """Everything the capabilities need, less the privileged intents the operator goes without."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        guild_reactions=True,
        dm_messages=True,
        voice_states=True,
        moderation=True,
        invites=True,
        guild_scheduled_events=True,
        auto_moderation_execution=True,
        members="members" not in settings.without_intents,
        message_content="message_content" not in settings.without_intents,
    )
