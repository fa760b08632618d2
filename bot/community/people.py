"""Members as Discord shows them, in the kernel's own words."""

import asyncio
from datetime import datetime

import discord

from bot.community.members import Seen

NAME_LENGTH = 32
"""Discord's longest display name."""
AT_ONCE = 1000


def seen(member: discord.Member, present: datetime) -> Seen:
    """``present`` stands in for a date of joining that Discord did not give."""
    return Seen(member.id, member.display_name[:NAME_LENGTH], member.joined_at or present, member.pending)


async def seen_members(guild: discord.Guild, present: datetime) -> dict[int, Seen]:
    """Every member whom discord.py knows, bots apart. Whoever comes or goes meanwhile is not minded."""
    found = {}
    for number, member in enumerate(list(guild.members)):
        if number % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)  # a hundred thousand members must not hold up a click
        if not member.bot:
            found[member.id] = seen(member, present)
    return found
