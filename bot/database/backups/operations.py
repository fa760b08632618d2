"""The four operations, for whichever database the address names."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from bot.database.address import sqlite_file
from bot.database.backups import errors, postgres, sqlite
from bot.database.backups.errors import BackupError
from bot.database.backups.sqlite import Counts, Progress
from bot.database.migrations import known_revisions
from bot.i18n.marks import N_

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the rows per table now, and where the replaced database was kept (None: it was empty)."""

    counts: Counts
    kept: Path | None


class Interrupted(Exception):
    """Ends the work on the thread when the program stops."""


def silent(_share: float) -> None:
    """Shows no progress."""


async def back_up(url: str, target: Path, progress: Progress = silent) -> Counts:
    """Write a verified backup to the new file ``target`` while the bot may run; the rows per table.

    Raises BackupError; then no file was written and none overwritten.
    """
    database = sqlite_file(url)
    if database is None:
        return await postgres.back_up(url, target, progress)
    if not database.is_file():
        raise BackupError(N_("There is no database at {path}."), path=database)
    return await _on_a_thread(lambda watched: sqlite.back_up(database, target, watched), progress)


async def verify_backup(backup: Path) -> Counts:
    """The rows per table of a backup of either kind; raises BackupError when it would not restore."""
    if _starts_with(backup, postgres.HEADER):
        return await postgres.verify(backup, known_revisions())
    return await _on_a_thread(lambda _: sqlite.verify(backup, known_revisions()), silent)


async def restore(url: str, backup: Path, now: datetime, progress: Progress = silent) -> Restored:
    """Replace the database by a backup and keep the replaced one.

    The caller makes sure that no process is at work on it. Raises BackupError; then nothing was changed.
    """
    database = sqlite_file(url)
    if database is None:
        if not _starts_with(backup, postgres.HEADER):
            raise errors.not_usable(backup, N_("{path} is not a backup of a PostgreSQL database."))
        counts = await postgres.verify(backup, known_revisions())
        kept = backup.with_name(f"replaced-{now:%Y%m%dT%H%M%S.%fZ}.dump")
        return Restored(counts, await postgres.restore(url, backup, kept, progress, known_revisions()))
    counts = await verify_backup(backup)

    def work(watched: Progress) -> Path | None:
        return sqlite.restore(database, backup, watched, now, known_revisions())

    return Restored(counts, await _on_a_thread(work, progress))


async def verify_database(url: str) -> tuple[Counts, list[str]]:
    """The rows per table of the database itself, and what is wrong with it (empty: nothing)."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            counts = await postgres.row_counts(connection)
    finally:
        await engine.dispose()
    database = sqlite_file(url)
    return counts, [] if database is None else await asyncio.to_thread(sqlite.check, database)


async def _on_a_thread(work: Callable[[Progress], T], progress: Progress) -> T:
    """Run blocking work beside the loop; a cancelled caller waits until it has cleaned up behind itself."""
    stopped = threading.Event()

    def watched(share: float) -> None:
        if stopped.is_set():
            raise Interrupted
        progress(share)

    task = asyncio.ensure_future(asyncio.to_thread(work, watched))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stopped.set()
        await asyncio.wait([task])
        raise


def _starts_with(path: Path, header: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(header)) == header
    except OSError:
        return False
