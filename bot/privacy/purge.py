"""Forgets a whole server."""

from sqlalchemy import delete

from bot.database import Base, Database, Transaction


async def purge_guild(db: Database, guild_id: int) -> None:
    """Delete every row of a server that the bot left, in every table that leads with a server."""

    async def work(tx: Transaction) -> None:
        for table in reversed(Base.metadata.sorted_tables):
            if "guild_id" in table.c:
                await tx.session.execute(delete(table).where(table.c.guild_id == guild_id))

    await db.transaction(work)
