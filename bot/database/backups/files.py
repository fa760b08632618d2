"""A file that appears whole or not at all, and never in the place of another."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.database.backups import errors

SIDECARS = ("-wal", "-shm", "-journal")
"""What SQLite may keep beside a database, by suffix."""


def beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Write to the path that is yielded, readable by the owner alone; it becomes ``target`` when the block succeeds.

    Raises BackupError when ``target`` exists, also when it appeared meanwhile.
    """
    if target.exists():
        raise errors.exists(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
        draft.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise errors.not_written(target, error) from None
    try:
        yield draft
        synced(draft)
        put_in_place(draft, target)
    finally:
        for leftover in (draft, *(beside(draft, suffix) for suffix in SIDECARS)):
            leftover.unlink(missing_ok=True)


def put_in_place(draft: Path, target: Path) -> None:
    """Give the finished file its name; raises BackupError when the name is taken."""
    try:
        os.link(draft, target)
    except FileExistsError:
        raise errors.exists(target) from None
    except OSError:  # a file system without links
        if target.exists():
            raise errors.exists(target) from None
        draft.rename(target)
    synced(target.parent)


def keep_copy(path: Path, kept: Path) -> None:
    """A second name for the file, or a copy where the file system has no links."""
    try:
        os.link(path, kept)
    except FileExistsError:
        raise errors.exists(kept) from None
    except OSError:
        shutil.copy2(path, kept)


def synced(path: Path) -> None:
    """Have the disk keep it before anything is built on it. Folders cannot be synced everywhere (Windows)."""
    with contextlib.suppress(PermissionError, IsADirectoryError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def refuse_when_full(folder: Path, needed: int) -> None:
    """Raises BackupError when the disk of ``folder`` has less than ``needed`` bytes free."""
    nearest = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    if shutil.disk_usage(nearest).free < needed:
        raise errors.no_room(folder)
