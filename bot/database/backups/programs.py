"""The client programs of PostgreSQL: found, given their secrets out of sight, and never left behind."""

import asyncio
import os
import shutil
from pathlib import Path

from sqlalchemy.engine import URL

from bot.database.backups import errors
from bot.database.backups.errors import BackupError
from bot.i18n.marks import N_


def failed(name: str, path: Path, said: bytes) -> BackupError:
    """Why a program stopped, in the first line of what it ``said``."""
    reason = said.decode(errors="replace").partition("\n")[0]
    if "No space left" in reason or "File too large" in reason:
        return errors.no_room(path.parent)
    return BackupError(N_("{program} stopped: {reason}. Nothing was changed."), program=name, reason=reason)


async def ended(process: asyncio.subprocess.Process) -> None:
    """Make sure that it does not outlive us."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def program(name: str) -> str:
    """The client program of PostgreSQL; raises BackupError when it is not installed."""
    folders = [
        os.environ.get("PG_BIN", ""),
        *os.get_exec_path(),
        *(str(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))[::-1]),
    ]
    found = shutil.which(name, path=os.pathsep.join(folder for folder in folders if folder))
    if found is None:
        raise BackupError(
            N_("{program} is not installed. Install the client programs of PostgreSQL (Debian: postgresql-client)."),
            program=name,
        )
    return found


def environment(url: URL) -> dict[str, str]:
    """What libpq needs, off the command line so that no list of processes shows the password."""
    query_host = url.query.get("host")
    given = {
        "PGHOST": url.host or (query_host if isinstance(query_host, str) else None),
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {**os.environ, **{key: str(value) for key, value in given.items() if value}, "PGCONNECT_TIMEOUT": "15"}
