"""The servers that know a person: those whose tables name them, present or past, and those they are in now."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from sqlalchemy import select, union

from bot.guilds.models import Guild
from bot.privacy.tables import holdings

if TYPE_CHECKING:
    from bot.client import CommunityBot

EVERYWHERE = 0
"""Stands for every server."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server as a member reads of it."""

    id: int
    name: str


async def servers_of(bot: "CommunityBot", user_id: int) -> list[Server]:
    """By name. Asks the database, so that it answers in a direct message and for somebody who left, too."""
    queries = []
    for holding in holdings():
        for name in (holding.subject, *holding.others):
            if name is not None and "guild_id" in holding.table.c:
                queries.append(select(holding.table.c.guild_id).where(holding.table.c[name] == user_id))
    async with bot.db.read() as session:
        known = set(await session.scalars(union(*queries)))
        rows = await session.execute(select(Guild.guild_id, Guild.name).where(Guild.guild_id.in_(known)))
        names = {row.guild_id: row.name for row in rows}
    known |= {guild.id for guild in bot.guilds if guild.get_member(user_id) is not None}
    found = [Server(guild_id, _name(bot.get_guild(guild_id), names.get(guild_id))) for guild_id in known]
    return sorted(found, key=lambda server: (server.name.casefold(), server.id))


def _name(guild: discord.Guild | None, kept: str | None) -> str:
    return guild.name if guild is not None else kept or "?"
