"""Forgets a whole server."""

from sqlalchemy import delete

from bot.contracts.events import ServerPurged
from bot.database import Base, Database, Transaction
from bot.guilds.models import Guild


async def purge_guild(db: Database, guild_id: int) -> bool:
    """Delete every row of a server that the bot left, in every table that leads with a server.

    False when the bot is in that server, whoever asked: then nothing was deleted.
    """

    async def work(tx: Transaction) -> bool:
        guild = await tx.session.get(Guild, guild_id, with_for_update=True)
        if guild is not None and guild.left_at is None:
            return False
        for table in reversed(Base.metadata.sorted_tables):
            if "guild_id" in table.c:
                await tx.session.execute(delete(table).where(table.c.guild_id == guild_id))
        await tx.emit(ServerPurged(guild_id))
        return True

    return await db.transaction(work)
