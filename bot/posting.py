"""Posts that must exist once, whatever crashes between Discord's acceptance and our commit.

The caller commits *when it first tried* before it calls, and the result afterwards. Discord itself recognises a
repeated nonce for some minutes only; what an older attempt left is looked for in the channel, by a custom_id.
"""

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.clock import now

NONCE_TRUSTED = timedelta(minutes=2)
"""Discord keeps nonces for a few minutes; it does not promise how many."""
SKEW = timedelta(minutes=5)
"""Our clock may be ahead of Discord's."""
ARCHIVED = 50083
"""Discord's code for an edit in a thread that is archived."""
SEARCHED = 1000
"""Messages after the first attempt among which an old post is looked for: it stands near the beginning."""


Place = discord.TextChannel | discord.Thread | discord.DMChannel


async def post_once(channel: Place, key: str, first_tried: datetime, **content: Any) -> discord.Message:
    """Send ``content``, or return the message that an earlier attempt has left.

    ``key`` is the custom_id of one of the content's components and belongs to this one post; ``first_tried`` is when
    the first attempt began, as committed before it. Raises what ``send`` and ``history`` raise.
    """
    if now() - first_tried > NONCE_TRUSTED:
        found = await find_post(channel, key, first_tried)
        if found is not None:
            return found
    return await channel.send(nonce=nonce_of(f"{channel.id} {key}"), **content)


async def edit_wherever(client: discord.Client, channel_id: int, message_id: int, **content: Any) -> bool:
    """Bring a message of ours up to date, also in a thread that was archived meanwhile, which is opened for it.

    False when the message, its channel or the access to them is gone. Raises what else Discord answers.
    """
    message = client.get_partial_messageable(channel_id).get_partial_message(message_id)
    try:
        try:
            await message.edit(**content)
        except discord.HTTPException as error:
            thread = await client.fetch_channel(channel_id) if error.code == ARCHIVED else None
            if not isinstance(thread, discord.Thread):
                raise
            await thread.edit(archived=False)
            await message.edit(**content)
    except (discord.NotFound, discord.Forbidden):
        return False
    return True


async def find_post(channel: Place, key: str, since: datetime) -> discord.Message | None:
    """Our message since then that has a component with this custom_id."""
    me = channel.me if isinstance(channel, discord.DMChannel) else channel.guild.me
    async for message in channel.history(limit=SEARCHED, after=since - SKEW, oldest_first=True):
        if message.author.id == me.id and key in custom_ids(message.components):
            return message
    return None


def custom_ids(components: Iterable[Any]) -> set[str]:
    """The custom_ids of components, however deep."""
    found: set[str] = set()
    for component in components:
        own = getattr(component, "custom_id", None)
        if own:
            found.add(own)
        inner = [*(getattr(component, "children", None) or ()), getattr(component, "accessory", None)]
        found |= custom_ids(part for part in inner if part is not None)
    return found


def nonce_of(key: str) -> str:
    """Of any key, what Discord takes for a nonce: 24 characters of the 25 allowed."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest()[:15]).decode()
