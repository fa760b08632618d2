"""Backups of SQLite: its own backup interface on one snapshot, with the row counts kept inside the file."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from bot.database.backups import errors
from bot.database.backups.files import SIDECARS, beside, keep_copy, refuse_when_full, synced, whole_file
from bot.database.registry import LEASE_TABLE
from bot.i18n.marks import N_

Counts = dict[str, int]
Progress = Callable[[float], None]
"""Called with the share done, from 0 to 1, on the thread that works; what it raises ends the work."""

MANIFEST = "parvis_backup"
"""Table of a backup with the row count of every other table: a file that lost rows is still a healthy database."""
HEADER = b"SQLite format 3\x00"
PAGES_A_STEP = 500


def back_up(database: Path, target: Path, progress: Progress) -> Counts:
    """Write a verified backup of ``database``, which may be in use, to the new file ``target``; the rows per table."""
    refuse_when_full(target.parent, database.stat().st_size)
    with _writing(target), whole_file(target) as draft:
        with _connected(database, "rw") as source, _connected(draft, "rw") as copy:
            source.execute("BEGIN")  # one snapshot for the copy and the counts; without it a busy source starts over
            counts = row_counts(source)
            _copy(source, copy, progress)
            _write_manifest(copy, counts)
        verify(draft)
        progress(1.0)
    return counts


def verify(backup: Path, revisions: list[str] | None = None) -> Counts:
    """The rows per table of a backup; raises BackupError for anything that cannot be trusted.

    With ``revisions`` the schema must be one of them, so that this code can use it.
    """
    if not backup.is_file():
        raise errors.not_usable(backup, N_("{path} is not a file."))
    if any(beside(backup, suffix).exists() for suffix in ("-wal", "-journal")):
        raise errors.not_usable(
            backup,
            N_("{path} has unfinished changes beside it (-wal or -journal), so it is a copied database, no backup."),
        )
    try:
        with _connected(backup, "ro", immutable=True) as connection:
            return _verified(connection, backup, revisions)
    except sqlite3.DatabaseError as error:
        raise errors.not_usable(backup, N_("{path} cannot be read: {reason}."), reason=error) from None


def restore(database: Path, backup: Path, progress: Progress, now: datetime, revisions: list[str]) -> Path | None:
    """Replace ``database`` by a backup at once; returns where the replaced file was kept, None when there was none.

    Raises BackupError for a backup that cannot be trusted and for a database that is in use.
    """
    counts = verify(backup, revisions)
    refuse_when_full(database.parent, backup.stat().st_size)
    database.parent.mkdir(parents=True, exist_ok=True)
    draft = database.with_name(f".{database.name}.restoring")
    try:
        with _writing(database):
            _fill(draft, backup, counts, progress)
            return _replace(database, draft, now)
    finally:
        for leftover in (draft, *(beside(draft, suffix) for suffix in SIDECARS)):
            leftover.unlink(missing_ok=True)


def check(database: Path) -> list[str]:
    """What SQLite finds wrong with a database; empty when it is healthy."""
    with _connected(database, "rw") as connection:
        return _problems(connection)


def row_counts(connection: sqlite3.Connection) -> Counts:
    """Rows of every table but the manifest's."""
    names = [
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - a name of the schema
        for name in names
        if name != MANIFEST and not name.startswith("sqlite_")
    }


def _fill(draft: Path, backup: Path, counts: Counts, progress: Progress) -> None:
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with _connected(backup, "ro", immutable=True) as source, _connected(draft, "rw") as copy:
        _copy(source, copy, progress)
        copy.execute(f"DROP TABLE {MANIFEST}")
        if LEASE_TABLE in counts:
            copy.execute(f"UPDATE {LEASE_TABLE} SET owner = NULL")  # noqa: S608 - a constant
        if row_counts(copy) != counts:
            raise errors.not_usable(backup, N_("The copy of {path} is not complete."))
    synced(draft)


def _replace(database: Path, draft: Path, now: datetime) -> Path | None:
    kept = None
    if database.exists():
        _let_go(database)
        kept = beside(database, f".replaced-{now:%Y%m%dT%H%M%S.%fZ}")
        keep_copy(database, kept)
        for suffix in SIDECARS:  # left by a crash; they belong to the file that goes
            if beside(database, suffix).exists():
                beside(database, suffix).rename(beside(kept, suffix))
    os.replace(draft, database)
    synced(database.parent)
    return kept


def _let_go(database: Path) -> None:
    """Fold the write-ahead log into the file, which SQLite allows only when nobody else has it open."""
    try:
        with _connected(database, "rw") as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise errors.not_usable(database, N_("{path} is in use. Stop Parvis first.")) from None
        raise
    except sqlite3.DatabaseError:
        return  # damaged: perhaps why a backup is restored; it is kept as it is


def _copy(source: sqlite3.Connection, copy: sqlite3.Connection, progress: Progress) -> None:
    source.backup(copy, pages=PAGES_A_STEP, progress=lambda _, left, total: progress(1 - left / max(total, 1)))
    copy.execute("PRAGMA journal_mode = DELETE")  # one file, without companions


def _write_manifest(copy: sqlite3.Connection, counts: Counts) -> None:
    copy.execute(f"CREATE TABLE {MANIFEST} (name TEXT PRIMARY KEY, row_count INTEGER NOT NULL)")
    copy.executemany(f"INSERT INTO {MANIFEST} VALUES (?, ?)", counts.items())  # noqa: S608 - a constant


def _verified(connection: sqlite3.Connection, backup: Path, revisions: list[str] | None) -> Counts:
    if problems := _problems(connection):
        raise errors.not_usable(backup, N_("{path} is damaged: {reason}."), reason=problems[0])
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (MANIFEST,)).fetchone():
        raise errors.not_usable(
            backup, N_("{path} was not made by “parvis db backup”, so nobody can tell whether it is complete.")
        )
    counts = row_counts(connection)
    expected: Counts = dict(connection.execute(f"SELECT name, row_count FROM {MANIFEST}").fetchall())  # noqa: S608
    for name in sorted({*counts, *expected}):
        if counts.get(name) != expected.get(name):
            raise errors.not_usable(backup, N_("{path} is not complete: rows of {table} are missing."), table=name)
    if revisions is not None and _revision(connection, counts) not in revisions:
        raise errors.not_usable(backup, N_("{path} was made by a newer version of Parvis. Install that one first."))
    return counts


def _problems(connection: sqlite3.Connection) -> list[str]:
    found = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(5)") if line != "ok"]
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    return [*found, *(f"{table} → {parent}" for table, _, parent, _ in broken[:5])]


def _revision(connection: sqlite3.Connection, counts: Counts) -> str | None:
    if not counts.get("alembic_version"):
        return None
    return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@contextmanager
def _connected(path: Path, mode: str, *, immutable: bool = False) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(path.absolute()))}?mode={mode}{'&immutable=1' if immutable else ''}"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=5)) as connection:
        yield connection


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Turn what the disk and SQLite raise into one line."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise errors.not_written(target, error) from None
