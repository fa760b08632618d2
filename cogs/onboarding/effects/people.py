"""Finds members, also those the cache does not hold."""

import discord


async def member_of(guild: discord.Guild, user_id: int) -> discord.Member | None:
    """The member, None when they left."""
    found = guild.get_member(user_id)
    if found is not None or guild.chunked:
        return found
    try:
        return await guild.fetch_member(user_id)
    except discord.NotFound:
        return None
