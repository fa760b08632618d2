"""Whom filters leave alone, and whom the bot cannot reach. Looks at the cache only."""

from typing import TYPE_CHECKING

import discord

from bot.permissions.channels import missing_permissions
from bot.permissions.rank import person
from bot.permissions.rules import DANGEROUS, outranks
from bot.permissions.team import is_staff

if TYPE_CHECKING:
    from bot.client import CommunityBot

DELETING = ("view_channel", "manage_messages")
"""What deleting somebody's message takes."""
_POWER = discord.Permissions(**dict.fromkeys(DANGEROUS & discord.Permissions.VALID_FLAGS.keys(), True)).value
"""All dangerous permissions as one number: in a flood this is asked for every other message."""


def left_alone(bot: "CommunityBot", member: discord.Member) -> bool:
    """Bots, the owner, the team, and whoever has power over others: nobody is sanctioned by a machine there."""
    if member.bot or member.guild.owner_id == member.id or member.guild_permissions.value & _POWER:
        return True
    return is_staff(bot, member)


def outranked(member: discord.Member) -> bool:
    """Whether the bot stands above the member, as acting on anybody demands."""
    return outranks(person(member.guild.me), person(member))


def may_delete(channel: object) -> bool:
    """Whether the bot may delete other people's messages there."""
    return isinstance(channel, discord.abc.GuildChannel | discord.Thread) and not missing_permissions(channel, DELETING)


def may_unname(member: discord.Member) -> bool:
    """Whether the bot may take the nickname away."""
    return member.guild.me.guild_permissions.manage_nicknames and outranked(member)


def may_rename(thread: discord.Thread) -> bool:
    """Whether the bot may call the thread something else."""
    return thread.permissions_for(thread.guild.me).manage_threads
