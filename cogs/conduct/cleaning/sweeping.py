"""Looks at a channel's messages, and deletes those that were previewed and confirmed."""

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.permissions.channels import missing_permissions
from bot.permissions.rank import person
from bot.permissions.rules import outranks
from cogs.conduct.cleaning.refusals import CannotCleanHere, CannotDelete, CleaningTheLog
from cogs.conduct.cleaning.rules import LOOKED_AT, Picked, Seen, bulk, take
from cogs.conduct.cleaning.service import Messages
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

NEEDS = ("view_channel", "read_message_history", "manage_messages")
Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
SHOWN = 5
"""Messages of which the preview shows the first line."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be cleaned. ``contains`` is compared in memory, whatever its case, and kept nowhere."""

    count: int
    author_id: int | None = None
    contains: str | None = None

    def fits(self, message: discord.Message) -> bool:
        if not message.type.is_deletable():  # some of Discord's own notices
            return False
        if self.author_id is not None and message.author.id != self.author_id:
            return False
        return self.contains is None or self.contains.casefold() in message.content.casefold()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be deleted; ``samples`` are the newest of it, and ``names`` what its authors are called."""

    picked: Picked
    samples: list[discord.Message]
    names: dict[int, str]


def require_cleanable(bot: "CommunityBot", channel: object) -> Place:
    """The channel, where messages can be deleted. Raises a UserError; Discord is not asked."""
    if not isinstance(channel, Place):
        raise CannotCleanHere
    if channel.id == bot.guild_settings.get(channel.guild.id, ConductSettings).modlog_channel:
        raise CleaningTheLog
    if missing := missing_permissions(channel, NEEDS):
        raise CannotDelete(missing)
    return channel


def is_senior(guild: discord.Guild, actor: discord.Member, author_id: int) -> bool:
    """Whether the author is a human whose rank is not below that of the moderator. Who has left has none."""
    author = guild.get_member(author_id)
    if author is None or author.bot or author.id == actor.id:
        return False
    return not outranks(person(actor), person(author))


async def look(channel: Place, actor: discord.Member, wish: Wish, asked: discord.abc.Snowflake) -> Preview:
    """What would be deleted if it were confirmed now, of what was there when it was ``asked``."""
    picked, samples, names, present = Picked(), list[discord.Message](), dict[int, str](), now()
    async for message in channel.history(limit=LOOKED_AT, before=asked):
        one = Seen(
            message.id,
            message.author.id,
            message.created_at,
            wanted=wish.fits(message),
            pinned=message.pinned,
            senior=is_senior(channel.guild, actor, message.author.id),
        )
        before = len(picked.messages)
        go_on = take(picked, one, wish.count, present)
        if len(picked.messages) > before:
            names[message.author.id] = message.author.display_name
            samples += [message] if before < SHOWN else []
        if not go_on:
            break
    return Preview(picked, samples, names)


async def sweep(
    channel: Place, actor: discord.Member | None, messages: Messages, reason: str
) -> tuple[list[tuple[int, int]], int]:
    """Delete exactly these, but of nobody who has become a senior since: what was deleted, and how many were spared.

    ``actor`` None: they have left the team since, and their word stands. Messages that are gone by now are no matter.
    """
    guild = channel.guild
    doomed = [one for one in messages if actor is None or not is_senior(guild, actor, one[1])]
    ids, present = [message for message, _author in doomed], now()
    young = [one for one in ids if bulk(discord.utils.snowflake_time(one), present)]
    with contextlib.suppress(discord.NotFound):  # the only one is gone
        await channel.delete_messages([discord.Object(one) for one in young], reason=reason)
    for one in ids:
        if one not in young:  # an outage came between the word and the deed
            with contextlib.suppress(discord.NotFound):
                await channel.get_partial_message(one).delete()
    return doomed, len(messages) - len(doomed)
