"""The short way of nearly every message: plain words of a member, in which nothing can be found."""

from collections.abc import Callable

import discord
from discord import Member, MessageType

from cogs.conduct.filters import adapter
from cogs.conduct.filters.screening import Postponed, Screening, Verdict

LONGEST = 2_000
"""Characters; longer texts take the other way, which has its own limits."""
_EPOCH = adapter.EPOCH
_TEXT, _REPLY = MessageType.default, MessageType.reply
_IsStaff = Callable[[Member], bool]


def screen_message(
    screening: Screening, message: discord.Message, is_staff: _IsStaff, *, edited: bool = False
) -> Verdict | Postponed | None:
    """What ``screening`` finds in a message, in some microseconds where that is nothing."""
    guild = message.guild
    if guild is None or (screen := screening.screens.get(guild.id)) is None:
        return None
    author, content, kind = message.author, message.content, message.type
    mentions = 0
    if message.mentions or message.role_mentions or message.mention_everyone:
        mentions = adapter.mentions(message)
    if (
        edited
        or (kind is not _TEXT and kind is not _REPLY)
        or not isinstance(author, Member)
        or author.bot
        or message.embeds
        or message.attachments
        or message.stickers
        or message.poll is not None
        or message.message_snapshots
        or mentions > screen.fewest_mentions
        or len(content) > LONGEST
        or (fingerprint := screen.compiled.passes(content) if content else 0) is None
    ):
        seen = adapter.seen(message, is_staff, edited=edited)
        return None if seen is None else screening.screen(seen)
    if not screen.spam or (screen.is_narrowed and screen.spares(adapter.places(message.channel), author.get_role)):
        return None
    number = message.id
    sample = (number >> 22) * 0.001 + _EPOCH, number, message.channel.id, fingerprint, mentions, 0, len(content)
    burst = screening.counters.add(guild.id, author.id, sample, screen.limits)
    if burst is None:
        return None
    seen = adapter.seen(message, is_staff)
    return None if seen is None else screening.flooded(seen, burst)
