"""Finds whom a case is about, also somebody whose data was erased: they are known by a hash."""

import discord

from bot.database import Database
from bot.privacy import hashed
from bot.privacy.erasures import salt_of


async def member_of(guild: discord.Guild, user_id: int) -> discord.Member | None:
    """The member, also one the cache does not hold; None when they are not here."""
    found = guild.get_member(user_id)
    if found is not None or guild.chunked or user_id < 0:
        return found
    try:
        return await guild.fetch_member(user_id)
    except discord.NotFound:
        return None


async def erased_member(db: Database, guild: discord.Guild, user_hash: int) -> discord.Member | None:
    """The member behind a hash, as far as the cache knows the members."""
    salt = await _salt(db)
    return next((one for one in guild.members if salt and hashed(salt, one.id) == user_hash), None)


async def erased_ban(db: Database, guild: discord.Guild, user_hash: int) -> int | None:
    """The id of the banned user behind a hash; None when nobody of that hash is banned."""
    salt = await _salt(db)
    if salt is None:
        return None
    async for ban in guild.bans(limit=None):
        if hashed(salt, ban.user.id) == user_hash:
            return ban.user.id
    return None


async def _salt(db: Database) -> str | None:
    async with db.read() as session:
        return await salt_of(session)
