"""Brings the schema to the revision of this code: all of it or nothing, and no row lost on the way."""

import importlib.util
import os
from enum import Enum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection, inspect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine

from bot.database.base import Base, UTCDateTime
from bot.database.engines import create_migration_engine as migration_engine
from bot.database.registry import LEASE_TABLE

__all__ = ["SchemaState", "configure", "current_revision", "head", "migrate", "migration_engine", "schema_state"]


ADVISORY_LOCK = 0x506172766973
"""“Parvis” in ASCII; any number that no other program on the server uses."""


class SchemaState(Enum):
    """How the schema of a database stands to this code."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    """Its revision is one that this code does not know."""
    FOREIGN = "foreign"
    """It has tables, but not ours."""


class BrokenReferences(Exception):
    """A revision would leave rows that point at nothing; nothing of it was kept."""


def folder() -> Path:
    """Where ``env.py`` and the revisions are, also when Parvis is installed as a package."""
    spec = importlib.util.find_spec("migrations")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def alembic_config(connection: Connection | None = None, *, url: str | None = None) -> Config:
    """Alembic's configuration without a file, for work on an open connection or on the database at ``url``."""
    config = Config(attributes={"connection": connection, "url": url})
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    locations = os.pathsep.join(str(versions) for versions in version_folders())
    config.set_main_option("version_locations", locations.replace("%", "%%"))
    return config


def version_folders() -> list[Path]:
    """Where revisions are looked for."""
    return [folder() / "versions"]


def head() -> str:
    """The revision this code needs."""
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert newest is not None
    return newest


def known_revisions() -> list[str]:
    """Every revision, oldest first."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


async def current_revision(connection: AsyncConnection) -> str | None:
    """The revision of the database, None when it has none."""
    return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


async def schema_state(connection: AsyncConnection) -> SchemaState:
    """How the database stands to this code."""
    revision = await current_revision(connection)
    if revision is None:
        tables = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
        return SchemaState.FOREIGN if tables - {LEASE_TABLE, "alembic_version"} else SchemaState.EMPTY
    if revision == head():
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in known_revisions() else SchemaState.NEWER


async def migrate(url: str, revision: str = "head") -> None:
    """Upgrade, or downgrade towards an older ``revision``, in one transaction: an error leaves everything as it was."""
    engine = migration_engine(url)
    try:
        async with engine.begin() as connection:
            await _take_turn(connection)
            known = await current_revision(connection)
            down = revision != "head" and known is not None and revision in _ancestors(known)
            await connection.run_sync(_run, revision, down)
            await _refuse_broken_references(connection)
    finally:
        await engine.dispose()


async def _take_turn(connection: AsyncConnection) -> None:
    """One migration at a time: SQLite's transaction has locked the file already."""
    if connection.dialect.name == "postgresql":
        await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")


def _run(connection: Connection, revision: str, down: bool) -> None:
    (command.downgrade if down else command.upgrade)(alembic_config(connection), revision)


def _ancestors(revision: str) -> list[str]:
    known = known_revisions()
    return ["base", *known[: known.index(revision)]]


async def _refuse_broken_references(connection: AsyncConnection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
    if broken:
        raise BrokenReferences(f"{len(broken)} rows, first in {broken[0][0]}")


def configure(context: Any, connection: Connection) -> None:
    """What ``migrations/env.py`` tells Alembic, for every way in."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_server_default=True,
        transactional_ddl=True,  # also on SQLite, because the transaction is begun by hand
        render_item=_render_item,
        include_object=_include_object,
    )


def _render_item(kind: str, item: object, context: Any) -> str | bool:
    """Keep revisions free of application imports, and write JSON the way both databases take it."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def _include_object(
    item: object, name: str | None, kind: str, reflected: bool, compare_to: TypeEngine[Any] | None
) -> bool:
    return not (kind == "table" and name == LEASE_TABLE)
