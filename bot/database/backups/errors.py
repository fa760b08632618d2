"""What can go wrong with a backup, each as one line for the operator."""

import errno
import sqlite3
from pathlib import Path

from bot.errors import StartupError
from bot.i18n.marks import N_

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})


class BackupError(StartupError):
    """Nothing was overwritten and nothing partial was left behind."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message, exit_code=1, **params)


def exists(path: Path) -> BackupError:
    return BackupError(N_("{path} exists already and was left as it is. Name another file."), path=path)


def not_written(path: Path, error: Exception) -> BackupError:
    """Why a file could not be written, told apart from a disk that is full."""
    if getattr(error, "errno", None) in _FULL or getattr(error, "sqlite_errorcode", None) in _SQLITE_FULL:
        return no_room(path.parent)
    reason = getattr(error, "strerror", None) or str(error)
    return BackupError(N_("{path} could not be written: {reason}. Nothing was left behind."), path=path, reason=reason)


def no_room(folder: Path) -> BackupError:
    return BackupError(
        N_("There is not enough room in {folder}. Nothing was left behind; free some space or name another folder."),
        folder=folder,
    )


def not_usable(path: Path, message: str, **params: object) -> BackupError:
    """The file is not a backup that can be restored; ``message`` is an ``N_`` text."""
    return BackupError(message, path=path, **params)
