"""Alembic's entry point: inside the transaction of ``bot.database.migrations``, or on its own from the command line."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection

from bot.database.migrations import configure, migration_engine
from bot.database.registry import import_models

DEFAULT_URL = "sqlite+aiosqlite:///data/parvis.db"


def run(connection: Connection) -> None:
    configure(context, connection)
    context.run_migrations()


async def run_alone() -> None:
    import_models()  # to compare with the database; a migration needs the revisions alone
    engine = migration_engine(context.config.attributes.get("url") or os.environ.get("DATABASE_URL") or DEFAULT_URL)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_alone())
else:
    run(given)
