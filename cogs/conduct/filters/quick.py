"""The short way of nearly every message: plain words of a member, in which nothing can be found."""

from collections.abc import Callable

import discord

from cogs.conduct.filters import adapter
from cogs.conduct.filters.screening import Postponed, Screening, Verdict
from cogs.conduct.filters.spam import Sample

LONGEST = 2_000
"""Characters; longer texts take the other way, which has its own limits."""
_PLAIN = frozenset({discord.MessageType.default, discord.MessageType.reply})


def screen_message(
    screening: Screening, message: discord.Message, is_staff: Callable[[discord.Member], bool], *, edited: bool = False
) -> Verdict | Postponed | None:
    """What ``screening`` finds in a message, in some microseconds where that is nothing."""
    guild = message.guild
    screen = screening.screen_of(guild.id) if guild is not None else None
    if guild is None or screen is None:
        return None
    author, content, compiled = message.author, message.content, screen.compiled
    if (
        edited
        or screen.exempt_channels
        or message.type not in _PLAIN
        or author.bot
        or not isinstance(author, discord.Member)
        or message.embeds
        or message.attachments
        or message.stickers
        or message.mentions
        or message.role_mentions
        or message.mention_everyone
        or message.poll is not None
        or message.message_snapshots
        or len(content) > LONGEST
        or (screen.spam and screen.spam_is_narrowed)
        or (fingerprint := compiled.passes(content) if content else 0) is None
    ):
        seen = adapter.seen(message, is_staff, edited=edited)
        return None if seen is None else screening.screen(seen)
    if not screen.spam:
        return None
    at = ((message.id >> 22) + discord.utils.DISCORD_EPOCH) / 1000
    sample = Sample(at, message.id, message.channel.id, fingerprint, 0, 0, len(content))
    burst = screening.counters.add(guild.id, author.id, sample, screen.limits)
    if burst is None:
        return None
    seen = adapter.seen(message, is_staff)
    return None if seen is None else screening.flooded(seen, burst)
