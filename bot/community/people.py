"""Members as Discord shows them, in the kernel's own words."""

from datetime import datetime

import discord

from bot.community.members import Seen

NAME_LENGTH = 32
"""Discord's longest display name."""


def seen(member: discord.Member, present: datetime) -> Seen:
    """``present`` stands in for a date of joining that Discord did not give."""
    return Seen(member.id, member.display_name[:NAME_LENGTH], member.joined_at or present, member.pending)


def seen_members(guild: discord.Guild, present: datetime) -> dict[int, Seen]:
    """Every member whom discord.py knows, bots apart."""
    return {member.id: seen(member, present) for member in guild.members if not member.bot}
