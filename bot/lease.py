"""One process per cluster, and what the runtime remembers about itself."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import (
    Column,
    ColumnElement,
    Float,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    inspect,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import Clock, now
from bot.database import Base, Database, NoMemberData, Transaction, UTCDateTime
from bot.errors import StartupError
from bot.i18n.marks import N_

log = logging.getLogger(__name__)

LEASE_TABLE = "process_lease"
LEASE_SECONDS = 20.0
"""A holder on another machine that did not renew for this long is gone."""
RENEW_SECONDS = 5.0

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


class RuntimeFact(Base):
    """Small things the runtime must remember across restarts, such as the hash of the registered commands."""

    __tablename__ = "runtime_fact"
    __member_data__ = NoMemberData("about the program")

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds, or held, a lease."""

    owner: str
    host: str
    place: str
    pid: int
    process_started: float
    renewals: int

    def certainly_gone(self) -> bool:
        """True only when it ran here and does not run any more. A process elsewhere cannot be looked at."""
        if (self.host, self.place) != (socket.gethostname(), this_place()):
            return False
        try:
            return bool(abs(psutil.Process(self.pid).create_time() - self.process_started) > 1.0)
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False


class LeaseHeld(StartupError):
    """Another process is at work on this database."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(
            N_("Parvis already runs on this database: process {pid} on {host}. Stop it first."),
            exit_code=1,
            pid=holder.pid,
            host=holder.host,
        )
        self.holder = holder


class Lease:
    """The right to work, kept in one row per ``name`` and renewed while this process lives.

    Clocks of different machines are never compared: a holder elsewhere is gone when its row did not change while we
    watched it for a whole lease.
    """

    def __init__(self, db: Database, name: str, *, seconds: float = LEASE_SECONDS, clock: Clock = now) -> None:
        self._db = db
        self.name = name
        self._seconds = seconds
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._renewing: asyncio.Task[None] | None = None

    async def acquire(self) -> None:
        """Take the lease, after at most one lease length of watching a holder elsewhere; raises LeaseHeld."""
        await create_lease_table(self._db)
        holder = await self._db.transaction(self._try)
        if holder is None:
            return
        log.info("process %d on %s holds the lease; watching whether it is alive", holder.pid, holder.host)
        deadline = asyncio.get_running_loop().time() + self._seconds
        while asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(min(1.0, self._seconds / 10))
            seen = await self._db.transaction(self._try)
            if seen is None:
                return
            if seen != holder:
                raise LeaseHeld(seen)
        if await self._db.transaction(lambda tx: self._try(tx, instead_of=holder)) is not None:
            raise LeaseHeld(holder)

    def keep(self, on_lost: Callable[[], None]) -> None:
        """Renew the lease in the background; ``on_lost`` is called once when another process took it."""
        self._renewing = asyncio.get_running_loop().create_task(self._keep(on_lost))

    async def release(self) -> None:
        """Let another process start at once."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
        free = update(process_lease).where(self._mine()).values(owner=None, expires_at=self._clock())
        with contextlib.suppress(SQLAlchemyError, OSError):  # the holder is gone either way, and that is looked at
            await self._db.transaction(lambda tx: tx.session.execute(free))

    async def _try(self, tx: Transaction, instead_of: Holder | None = None) -> Holder | None:
        """None when the lease is ours now, else who holds it."""
        insert = (postgresql if self._db.dialect == "postgresql" else sqlite).insert(process_lease)
        await tx.session.execute(insert.values(name=self.name, renewals=0).on_conflict_do_nothing())
        mine = process_lease.c.name == self.name
        row = (await tx.session.execute(select(process_lease).where(mine).with_for_update())).one()
        holder = _holder(row)
        if holder is not None and holder.owner != self._owner and holder != instead_of and not holder.certainly_gone():
            return holder
        await tx.session.execute(update(process_lease).where(mine).values(**self._ours()))
        return None

    async def _keep(self, on_lost: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(self._seconds * RENEW_SECONDS / LEASE_SECONDS)
            try:
                held = await self._db.transaction(self._renew)
            except (DBAPIError, OSError) as error:
                # Nobody else can take the lease while the database does not answer.
                log.warning("the lease could not be renewed: %s", type(error).__name__)
                continue
            if not held:
                on_lost()
                return

    async def _renew(self, tx: Transaction) -> bool:
        renewed = (
            update(process_lease)
            .where(self._mine())
            .values(renewals=process_lease.c.renewals + 1, expires_at=self._until())
            .returning(process_lease.c.renewals)
        )
        return (await tx.session.execute(renewed)).one_or_none() is not None

    def _mine(self) -> ColumnElement[bool]:
        return (process_lease.c.name == self.name) & (process_lease.c.owner == self._owner)

    def _until(self) -> datetime:
        return self._clock() + timedelta(seconds=self._seconds)

    def _ours(self) -> dict[str, object]:
        return {
            "owner": self._owner,
            "host": socket.gethostname(),
            "place": this_place(),
            "pid": os.getpid(),
            "process_started": psutil.Process().create_time(),
            "renewals": 0,
            "expires_at": self._until(),
        }


async def create_lease_table(db: Database) -> None:
    """Create the table of leases where it is missing; safe to do by several processes at once."""
    async with db.read() as session:
        connection = await session.connection()
        if await connection.run_sync(lambda sync: inspect(sync).has_table(LEASE_TABLE)):
            return
    with contextlib.suppress(DBAPIError):  # another process was faster; if it was not, using the table says why
        await db.transaction(lambda tx: _create(tx))


async def _create(tx: Transaction) -> None:
    connection = await tx.session.connection()
    await connection.run_sync(process_lease.create, checkfirst=True)


async def living_holders(db: Database) -> list[Holder]:
    """Who holds a lease on this database and is not certainly gone."""
    async with db.read() as session:
        connection = await session.connection()
        if not await connection.run_sync(lambda sync: inspect(sync).has_table(LEASE_TABLE)):
            return []
        holders = [_holder(row) for row in await session.execute(select(process_lease))]
    return [holder for holder in holders if holder is not None and not holder.certainly_gone()]


@cache
def this_place() -> str:
    """Where process numbers mean the same as here: this boot and this PID namespace (a container has its own)."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return "here"


def _holder(row: Row[Any]) -> Holder | None:
    if row.owner is None:
        return None
    return Holder(row.owner, row.host, row.place, row.pid, row.process_started, row.renewals)
