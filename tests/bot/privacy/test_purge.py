"""A server that the bot left is forgotten whole, whatever tables there are, and no other loses a row."""

import sqlalchemy as sa

from bot.database import Base
from bot.database.registry import import_models
from bot.guilds.models import Guild
from bot.privacy import purge_guild
from bot.privacy.tables import holdings
from tests.bot.privacy.rows import GUILD, Filler
from tests.conftest import NOW

import_models()
ELSEWHERE = GUILD + 7_000_000
PERSON, OTHER = 778899001122334455, 660011223344556677


async def rows_of(db, guild_id):
    """Table → rows of the server, for every table that leads with one."""
    found = {}
    async with db.read() as session:
        for table in Base.metadata.sorted_tables:
            if "guild_id" in table.c:
                query = sa.select(sa.func.count()).where(table.c.guild_id == guild_id)
                found[table.name] = await session.scalar(query)
    return found


async def fill(db, guild_id):
    """A row of the server in every table."""
    filler = Filler(db, guild_id)
    await filler.fill(PERSON, OTHER)
    present = await rows_of(db, guild_id)
    for holding in holdings():
        if not present.get(holding.table.name, 1):
            await filler.insert(holding, {})


async def test_a_purge_leaves_no_row_of_that_server_in_any_table_and_every_row_of_the_others(db):
    await fill(db, GUILD)
    await fill(db, ELSEWHERE)
    here, there = await rows_of(db, GUILD), await rows_of(db, ELSEWHERE)
    assert min(here.values()) > 0, here
    assert await purge_guild(db, GUILD)
    assert set((await rows_of(db, GUILD)).values()) == {0}
    assert await rows_of(db, ELSEWHERE) == there
    assert await purge_guild(db, GUILD), "safe to repeat after a crash"


async def test_a_server_the_bot_is_in_is_never_purged(db):
    async with db.writer.begin() as connection:
        await connection.execute(sa.insert(Guild).values(guild_id=GUILD, name="Agora", joined_at=NOW, left_at=None))
    before = await rows_of(db, GUILD)
    assert not await purge_guild(db, GUILD)
    assert await rows_of(db, GUILD) == before
