"""What can be said about the database while it works."""

import time
from dataclasses import dataclass

import sqlalchemy

from bot.database.session import Database

_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class DatabaseFigures:
    """``size`` in bytes; ``seconds``: how long the answer took."""

    kind: str
    size: int
    seconds: float


async def figures_of(db: Database) -> DatabaseFigures:
    """Raises what the driver raises when the database does not answer."""
    began = time.perf_counter()
    async with db.read() as session:
        size = await session.scalar(sqlalchemy.text(_SIZE[db.dialect]))
    return DatabaseFigures(NAMES[db.dialect], int(size), time.perf_counter() - began)
