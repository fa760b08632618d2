"""Databases of one test process share what they compiled, as one long-lived process of the bot does.

SQLAlchemy keeps compiled statements per engine, and every test has engines of its own: without this, compiling the same
few hundred statements again takes half the time of a test with the simulated Discord.
"""

from functools import cache
from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

from bot.database import engines

KEPT = 4000
"""Statements; above what all tests together run."""


@cache
def share_compiled() -> None:
    """From now on every engine that the bot makes in this process looks up statements in one place."""
    for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
        dialect.__eq__ = _of_one_kind  # part of the key of a compiled statement
        dialect.__hash__ = _by_kind
    compiled: LRUCache[Any, Any] = LRUCache(KEPT)
    create = engines.create_async_engine

    def create_async_engine(url: str, **options: Any) -> AsyncEngine:
        engine = create(url, **options)
        engine.sync_engine._compiled_cache = compiled
        return engine

    engines.create_async_engine = create_async_engine


def _of_one_kind(one: object, other: object) -> bool:
    return type(one) is type(other)


def _by_kind(dialect: object) -> int:
    return hash(type(dialect))
