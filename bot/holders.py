"""Which process holds a lease, and whether it still runs."""

import os
import socket
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Column, Float, Integer, MetaData, Row, String, Table, Text, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import UTCDateTime
from bot.database.registry import LEASE_TABLE

# Needed before the first migration, which it guards, so it is created by itself and not by a revision.
process_lease = Table(
    LEASE_TABLE,
    MetaData(),
    Column("name", String(64), primary_key=True),
    Column("owner", String(32)),
    Column("host", Text),
    Column("place", Text),
    Column("pid", Integer),
    Column("process_started", Float),
    Column("renewals", Integer, nullable=False),
    Column("expires_at", UTCDateTime),
)


class Fate(Enum):
    """What can be known about a holder by looking."""

    ALIVE = "alive"
    GONE = "gone"
    ELSEWHERE = "elsewhere"
    """It runs, or ran, where we cannot look: watch whether it renews."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds, or held, a lease."""

    name: str
    owner: str
    host: str
    place: str
    pid: int
    process_started: float
    renewals: int

    @classmethod
    def of(cls, row: Row[Any]) -> "Holder | None":
        """The holder named in a row of the table, None when the lease is free."""
        if row.owner is None:
            return None
        return cls(row.name, row.owner, row.host, row.place, row.pid, row.process_started, row.renewals)

    def fate(self) -> Fate:
        """GONE only when it ran here and does not run any more, or its number belongs to another process now."""
        if (self.host, self.place) != (socket.gethostname(), this_place()):
            return Fate.ELSEWHERE
        try:
            started: float = psutil.Process(self.pid).create_time()
        except psutil.NoSuchProcess:
            return Fate.GONE
        except psutil.AccessDenied:
            return Fate.ALIVE
        return Fate.ALIVE if abs(started - self.process_started) < 1.0 else Fate.GONE


def this_process() -> dict[str, Any]:
    """The columns that say who we are."""
    return {
        "host": socket.gethostname(),
        "place": this_place(),
        "pid": os.getpid(),
        "process_started": psutil.Process().create_time(),
    }


@cache
def this_place() -> str:
    """Where process numbers mean the same as here: this boot and this PID namespace (a container has its own)."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return "here"


async def holders(session: AsyncSession) -> list[Holder]:
    """Every holder that is not certainly gone."""
    connection = await session.connection()
    if not await connection.run_sync(lambda sync: inspect(sync).has_table(LEASE_TABLE)):
        return []
    rows = [Holder.of(row) for row in await session.execute(select(process_lease))]
    return [holder for holder in rows if holder is not None and holder.fate() is not Fate.GONE]
