"""Opens the database at start: reachable, ours, of this revision; every failure is one line for the operator."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy
from sqlalchemy.exc import DBAPIError

from bot.database import Database
from bot.database.address import database_address, shown
from bot.database.migrations import SchemaState, migrate, schema_state
from bot.errors import StartupError
from bot.events import EventBus
from bot.i18n.marks import N_
from bot.settings import Settings

log = logging.getLogger(__name__)

CONNECT_SECONDS = 15.0


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database, once it has answered; raises StartupError when its address is wrong or it does not answer."""
    address = database_address(url)
    try:
        db = Database(url, EventBus())
    except OSError as error:
        raise unreachable(shown(address), error) from None
    try:
        try:
            async with asyncio.timeout(CONNECT_SECONDS), db.read() as session:
                await session.execute(
                    sqlalchemy.text("SELECT 1 FROM sqlite_master" if db.dialect == "sqlite" else "SELECT 1")
                )
        except (DBAPIError, OSError, TimeoutError) as error:
            raise unreachable(shown(address), error) from None
        yield db
    finally:
        await db.close()


def unreachable(where: str, error: BaseException) -> StartupError:
    """One line with the driver's own reason, which names hosts, users and files but never a password."""
    cause = getattr(error, "orig", None) or error
    reason = str(cause).strip().partition("\n")[0] or type(cause).__name__
    return StartupError(
        N_("The database {where} cannot be used: {reason}. Check DATABASE_URL and that the database runs."),
        exit_code=1,
        where=where,
        reason=reason.rstrip("."),
    )


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


async def schema_ready(settings: Settings, db: Database) -> None:
    """Bring the schema to this code's revision."""
    state = await refuse_unknown_schema(db)
    if state is SchemaState.CURRENT:
        return
    await migrate(settings.database_url)
    log.info("the database is at the revision of this version")
