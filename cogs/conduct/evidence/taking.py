"""A message as Discord gives it, turned into what is kept of it."""

import discord

from cogs.conduct.evidence.service import Snapshot

LONGEST = 4000
"""Characters: the longest message there is."""
FILES = 10


def snapshot_of(message: discord.Message) -> Snapshot:
    """What the message says and carries at this moment: its text, forwarded text, and the text of its cards."""
    forwarded = [one.content for one in message.message_snapshots]
    cards = [part for embed in message.embeds for part in (embed.title, embed.description) if part]
    parts = [message.content, *forwarded, *cards]
    files = [one.filename for one in message.attachments]
    files += [one.filename for forward in message.message_snapshots for one in forward.attachments]
    files += [one.name for one in message.stickers]
    return Snapshot(
        author_id=message.author.id,
        channel_id=message.channel.id,
        message_id=message.id,
        written_at=message.created_at,
        content="\n".join(part for part in parts if part)[:LONGEST].replace("\x00", ""),
        attachments=tuple(name.replace("\x00", "")[:100] for name in files[:FILES]),
    )
