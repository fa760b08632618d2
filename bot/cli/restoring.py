"""Restores a backup without bringing back anybody who was erased since."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.clock import now
from bot.database.address import database_address, sqlite_file
from bot.database.backups import restore
from bot.database.backups.sqlite import Progress
from bot.database.migrations import SchemaState
from bot.database.registry import import_models
from bot.errors import StartupError
from bot.lease import Lease, LeaseHeld, held, refuse_while_running
from bot.opening import opened, refuse_unknown_schema, schema_ready
from bot.privacy import ErasureLog, pending, read_erasures
from bot.settings import Settings

NOTHING = ErasureLog(None, ())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a restore did."""

    kept: Path | None
    """The replaced database; None when there was none."""
    repeated: int
    """Erasures that the backup did not know."""
    unreadable: bool
    """The replaced database could not be asked who was erased."""


async def restore_and_repeat(settings: Settings, backup: Path, progress: Progress) -> Outcome:
    """Replace the database by a backup, and repeat in it every erasure of the one that was replaced.

    Raises BackupError and LeaseHeld; then nothing was changed. The erasures wait in a file beside the backups until
    they are repeated, so that a crash in between loses none: the next start repeats them.
    """
    url, folder = settings.database_url, settings.backup_dir
    import_models()
    erased = await _erased_so_far(url)
    before = pending.waiting(folder)
    pending.remember(folder, erased or NOTHING)
    try:
        kept = (await restore(url, backup, now(), progress)).kept
    except BaseException:
        pending.write(folder, before)
        raise
    repeated = await _repeat(settings) if pending.waiting(folder) else 0
    return Outcome(kept, repeated, erased is None)


async def _repeat(settings: Settings) -> int:
    async with opened(settings.database_url) as db, held(Lease(db, "cluster 0")):
        return await schema_ready(settings, db)


async def _erased_so_far(url: str) -> ErasureLog | None:
    """Who was erased in the database that will be replaced; None when it cannot be read.

    Raises LeaseHeld. A database that is missing or cannot be read stops nobody from restoring a backup.
    """
    database_address(url)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return NOTHING
    try:
        async with opened(url) as db:
            await refuse_while_running(db)
            if await refuse_unknown_schema(db) is SchemaState.EMPTY:
                return NOTHING
            return await read_erasures(db)
    except (StartupError, DBAPIError) as error:
        if isinstance(error, LeaseHeld) or file is None:
            raise
        return None
