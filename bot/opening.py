"""Opens the database at start: reachable, ours, of this revision; every failure is one line for the operator."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import sqlalchemy
from sqlalchemy.exc import DBAPIError

from bot.clock import now
from bot.database import Database, Transaction
from bot.database.address import SETTING, database_address, shown
from bot.database.backups.operations import back_up, silent
from bot.database.backups.sqlite import Progress
from bot.database.migrations import BrokenReferences, SchemaState, current_revision, head, migrate, schema_state
from bot.errors import StartupError
from bot.events import EventBus
from bot.i18n.marks import N_
from bot.privacy.pending import repeat_waiting
from bot.settings import Settings

log = logging.getLogger(__name__)

CONNECT_SECONDS = 15.0
AUTOMATIC = "before-leaving-"
"""How the names of backups made before a migration begin; the newest ``KEPT`` of them stay."""
KEPT = 5


@asynccontextmanager
async def opened(url: str, name: str = SETTING) -> AsyncIterator[Database]:
    """The database, once it has answered; raises StartupError when its address is wrong or it does not answer.

    ``name`` is where the address was written.
    """
    address = database_address(url, name)
    try:
        db = Database(url, EventBus())
    except OSError as error:
        raise unreachable(shown(address), error, name) from None
    try:
        try:
            with suppress(_NotKept):
                async with asyncio.timeout(CONNECT_SECONDS):
                    await db.transaction(_try_to_write)
        except (DBAPIError, OSError, TimeoutError) as error:
            raise unreachable(shown(address), error, name) from None
        yield db
    finally:
        await db.close()


class _NotKept(Exception):
    """Rolls the try back."""


async def _try_to_write(tx: Transaction) -> None:
    """Finds out that a file is no database, that it may only be read, that an account may not create tables."""
    await tx.session.execute(sqlalchemy.text("CREATE TABLE parvis_try (id INTEGER)"))
    raise _NotKept


def unreachable(where: str, error: BaseException, name: str = SETTING) -> StartupError:
    """One line with the driver's own reason, which names hosts, users and files but never a password."""
    return StartupError(
        N_("The database {where} cannot be used: {reason}. Check {name} and that the database runs."),
        exit_code=1,
        name=name,
        where=where,
        reason=_reason(error),
    )


def _reason(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().partition("\n")[0] or type(cause).__name__).rstrip(".")


async def refuse_unknown_schema(db: Database) -> SchemaState:
    """The state of the schema; raises StartupError for one that is newer than this code or not ours."""
    async with db.read() as session:
        state = await schema_state(await session.connection())
    if state is SchemaState.NEWER:
        raise StartupError(
            N_("The database is newer than this version of Parvis. Install the newer Parvis, or restore a backup.")
        )
    if state is SchemaState.FOREIGN:
        raise StartupError(
            N_("DATABASE_URL names a database that belongs to another program. Give Parvis an empty one of its own.")
        )
    return state


async def schema_ready(settings: Settings, db: Database, progress: Progress = silent) -> int:
    """Bring the schema to this code's revision, after a verified backup where SQLite already holds something.

    Then repeat the erasures that a restored backup did not know; returns how many those were. Raises StartupError for
    a schema that is newer or not ours, and when the backup cannot be written: then nothing has changed.
    """
    await _bring_schema(settings, db, progress)
    repeated = await repeat_waiting(settings.backup_dir, db)
    if repeated:
        log.info("%d erasures were repeated, because the restored backup was older than they are", repeated)
    return repeated


async def _bring_schema(settings: Settings, db: Database, progress: Progress) -> None:
    state = await refuse_unknown_schema(db)
    if state is SchemaState.CURRENT:
        return
    if state is SchemaState.OLDER and db.dialect == "sqlite":
        await _back_up_first(settings, db, progress)
    log.info("bringing the database to revision %s", head())
    try:
        await migrate(settings.database_url)
    except (DBAPIError, OSError, BrokenReferences) as error:
        raise StartupError(
            N_("The database could not be brought to revision {revision}: {reason}. Nothing in it was changed."),
            exit_code=1,
            revision=head(),
            reason=_reason(error),
        ) from error


async def _back_up_first(settings: Settings, db: Database, progress: Progress) -> None:
    async with db.read() as session:
        revision = await current_revision(await session.connection())
    target = settings.backup_dir / f"{AUTOMATIC}{revision}-{now():%Y%m%dT%H%M%SZ}.db"
    log.info("backing up the database to %s before it is migrated", target)
    await back_up(settings.database_url, target, progress)
    for old in sorted(settings.backup_dir.glob(f"{AUTOMATIC}*.db"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink()
