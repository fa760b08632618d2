"""Where two who are paired can be spoken to: a private thread of theirs, their private messages, or a thread alone."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Final

import discord

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.channels import usable
from cogs.onboarding.buddies.settings import BuddiesSettings
from cogs.onboarding.effects.welcome import HiddenFromNewcomers
from cogs.onboarding.settings import THREADS, WelcomeSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

ARCHIVE_AFTER: Final = 4320
"""Minutes of silence, three days: an archived thread opens again as soon as somebody writes."""
Say = Callable[[discord.Thread | discord.DMChannel], Awaitable[object]]
"""Sends something there."""


class NowhereToMeet(UserError):
    def __init__(self) -> None:
        super().__init__(N_("No channel for the private threads of buddies is chosen in /settings."))


async def private_thread(
    bot: "CommunityBot", name: str, people: list[discord.Member], known: int | None = None
) -> discord.Thread:
    """A private thread with these people, in the first of the server's channels for it where all of them can be.

    ``name`` is this thread's own, and ``known`` its id where that was noted: what an interrupted attempt left is used
    again. Raises UserError where no channel will do, and what Discord answers.
    """
    parent = _parent(bot, people)
    thread = _begun(parent, name, known) or await parent.create_thread(
        name=name, type=discord.ChannelType.private_thread, invitable=False, auto_archive_duration=ARCHIVE_AFTER
    )
    for one in people:
        await thread.add_user(one)
    return thread


async def say_apart(bot: "CommunityBot", member: discord.Member, name: str, say: Say) -> bool:
    """``say`` it in their private messages, and where they take none in a private thread of this name with them alone.

    False when neither reaches them.
    """
    with contextlib.suppress(discord.Forbidden):
        await say(member.dm_channel or await member.create_dm())
        return True
    with contextlib.suppress(discord.Forbidden, UserError):
        await say(await private_thread(bot, name, [member]))
        return True
    return False


def _parent(bot: "CommunityBot", people: list[discord.Member]) -> discord.TextChannel:
    """Raises the trouble with the first channel when none will do."""
    guild, trouble = people[0].guild, None
    for channel_id in _chosen(bot, guild.id):
        try:
            parent = usable(guild, channel_id, THREADS)
        except UserError as problem:
            trouble = trouble or problem
            continue
        if not isinstance(parent, discord.TextChannel):
            continue
        if all(parent.permissions_for(one).view_channel for one in people):
            return parent
        trouble = trouble or HiddenFromNewcomers(f"#{discord.utils.escape_markdown(parent.name)}")
    raise trouble or NowhereToMeet()


def _chosen(bot: "CommunityBot", guild_id: int) -> Iterator[int]:
    """The buddies' own channel first, then those in which newcomers are welcomed."""
    welcome = bot.guild_settings.get(guild_id, WelcomeSettings)
    own = bot.guild_settings.get(guild_id, BuddiesSettings).channel
    yield from (one for one in (own, welcome.thread_channel, welcome.panel_channel) if one is not None)


def _begun(parent: discord.TextChannel, name: str, known: int | None) -> discord.Thread | None:
    """The thread that an interrupted attempt has left."""
    for thread in parent.threads:
        if thread.id == known:
            return thread
        if thread.name == name and thread.owner_id == parent.guild.me.id and thread.is_private():
            return thread
    return None
