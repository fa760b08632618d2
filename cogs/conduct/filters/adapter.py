"""Messages of Discord as the plain values that the filters look at. Reads the cache only."""

from collections.abc import Callable, Iterator

import discord

from cogs.conduct.filters.model import Where
from cogs.conduct.filters.seen import Seen

_WRITTEN = frozenset(
    {
        discord.MessageType.default,
        discord.MessageType.reply,
        discord.MessageType.chat_input_command,
        discord.MessageType.context_menu_command,
        discord.MessageType.thread_starter_message,
        discord.MessageType.poll_result,
    }
)
"""Types of messages with a text of somebody; the others are Discord's own notices."""


EPOCH = discord.utils.DISCORD_EPOCH / 1000
"""Seconds. An id's time is its place behind this; a division would take longer than the rest of it."""


def seen(message: discord.Message, is_staff: Callable[[discord.Member], bool], *, edited: bool = False) -> Seen | None:
    """What the filters see of a message; None when nobody's message in a server, or by someone who has left it."""
    guild, author = message.guild, message.author
    if guild is None or not isinstance(author, discord.Member):
        return None
    return Seen(
        guild.id,
        author.id,
        message.id,
        message.channel.id,
        (message.id >> 22) * 0.001 + EPOCH,
        message.content,
        others(message),
        mentions(message),
        places(message.channel),
        author.bot or message.webhook_id is not None or message.type not in _WRITTEN,
        edited,
        author.get_role,
        lambda: is_staff(author),
    )


def mentions(message: discord.Message) -> int:
    """Different people and roles; everybody at once counts as one more."""
    return len(message.mentions) + len(message.role_mentions) + message.mention_everyone


def places(channel: object) -> tuple[int, ...]:
    """The ids of a channel, the channel that it is a thread of, and the category."""
    ids: tuple[int | None, ...]
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        ids = (channel.id, channel.parent_id, parent.category_id if parent else None)
    else:
        ids = (getattr(channel, "id", 0), getattr(channel, "category_id", None), None)
    return tuple([place for place in ids if place])


def others(message: discord.Message) -> tuple[tuple[Where, str], ...]:
    """The texts of a message beside its content."""
    if not (message.embeds or message.attachments or message.stickers or message.poll or message.message_snapshots):
        return ()
    return tuple((where, text) for where, text in _others(message) if text)


def _others(message: discord.Message | discord.MessageSnapshot) -> Iterator[tuple[Where, str | None]]:
    for embed in message.embeds:
        yield Where.EMBED, _embed(embed)
    for attachment in message.attachments:
        yield Where.ATTACHMENT, f"{attachment.filename}\n{attachment.description or ''}"
    for sticker in message.stickers:
        yield Where.STICKER, sticker.name
    if isinstance(message, discord.MessageSnapshot):
        return
    if message.poll:
        yield Where.POLL, "\n".join([message.poll.question, *(answer.text for answer in message.poll.answers)])
    for snapshot in message.message_snapshots:
        parts = [snapshot.content, *(text for _, text in _others(snapshot) if text)]
        yield Where.FORWARDED, "\n".join(parts)


def _embed(embed: discord.Embed) -> str:
    parts = [embed.title, embed.url, embed.description, embed.author.name, embed.footer.text]
    parts += [text for field in embed.fields for text in (field.name, field.value)]
    return "\n".join(part for part in parts if part)
