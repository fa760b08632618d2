"""Erasures that a restored database may lack, kept in a file until they are repeated: a crash in between loses none."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.database import Database
from bot.database.backups.files import whole_file
from bot.privacy.erasures import ErasureLog, replay_erasures

NAME = "erasures-to-repeat.json"
"""In the folder of the backups. It names nobody: it has salted hashes."""


def remember(folder: Path, log: ErasureLog) -> None:
    """Keep a log beside those that wait already."""
    if log.salt is not None and log.entries:
        write(folder, [*waiting(folder), log])


def waiting(folder: Path) -> list[ErasureLog]:
    """The logs that were not repeated yet, oldest first."""
    file = folder / NAME
    if not file.exists():
        return []
    logs: list[Any] = json.loads(file.read_text(encoding="utf-8"))
    return [
        ErasureLog(one["salt"], tuple((guild, number, datetime.fromisoformat(at)) for guild, number, at in one["done"]))
        for one in logs
    ]


def write(folder: Path, logs: list[ErasureLog]) -> None:
    """These logs wait, and no other."""
    file = folder / NAME
    file.unlink(missing_ok=True)
    if logs:
        told = [{"salt": log.salt, "done": [(g, n, at.isoformat()) for g, n, at in log.entries]} for log in logs]
        with whole_file(file) as draft:
            draft.write_text(json.dumps(told), encoding="utf-8")


async def repeat_waiting(folder: Path, db: Database) -> int:
    """Erase again what a restore brought back; returns how many erasures the database lacked."""
    logs = waiting(folder)
    repeated = sum([await replay_erasures(db, log) for log in logs])
    if logs:
        write(folder, [])
    return repeated
