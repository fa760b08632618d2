"""One process per cluster, and what the runtime remembers about itself."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import ColumnElement, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import Clock, now
from bot.database import Base, Database, NoMemberData, Transaction
from bot.database.registry import LEASE_TABLE
from bot.errors import StartupError
from bot.holders import Fate, Holder, holders, process_lease, this_process
from bot.i18n.marks import N_

log = logging.getLogger(__name__)

RELEASE_SECONDS = 3.0
"""How long the goodbye may wait for a database that is busy."""
LEASE_SECONDS = 20.0
"""A holder elsewhere that did not renew for this long is gone."""
RENEWALS_A_LEASE = 4


class RuntimeFact(Base):
    """Small things the runtime must remember across restarts, such as when it started lately."""

    __tablename__ = "runtime_fact"
    __member_data__ = NoMemberData("about the program")

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


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

    Clocks of different machines are never compared: a holder elsewhere is gone when its row did not change while it
    was watched for a whole lease.
    """

    def __init__(self, db: Database, name: str, *, seconds: float = LEASE_SECONDS, clock: Clock = now) -> None:
        self._db = db
        self._name = name
        self._seconds = seconds
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._renewing: asyncio.Task[None] | None = None

    async def acquire(self) -> None:
        """Take the lease, after watching a holder elsewhere for at most one lease; raises LeaseHeld."""
        await _create_table(self._db)
        holder = await self._db.transaction(self._take)
        if holder is None:
            return
        await _watch(self._db, holder, self._seconds)
        if held_by := await self._db.transaction(lambda tx: self._take(tx, instead_of=holder)):
            raise LeaseHeld(held_by)

    def keep(self, on_lost: Callable[[], None]) -> None:
        """Renew the lease in the background; ``on_lost`` is called once when another process took it."""
        self._renewing = asyncio.get_running_loop().create_task(self._keep(on_lost))

    async def is_held(self) -> bool:
        """Whether it is being renewed: true from ``keep`` until it is lost or released."""
        return self._renewing is not None and not self._renewing.done()

    async def release(self) -> None:
        """Let another process start at once."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
        free = update(process_lease).where(self._is_mine()).values(owner=None, expires_at=self._clock())
        # Without the row, the next process looks whether we live: that is no reason to hold up the end of this one.
        with contextlib.suppress(SQLAlchemyError, OSError, TimeoutError):
            async with asyncio.timeout(RELEASE_SECONDS):
                await self._db.transaction(lambda tx: tx.session.execute(free))

    async def _take(self, tx: Transaction, instead_of: Holder | None = None) -> Holder | None:
        """None when the lease is ours now, else who holds it. A silent holder elsewhere may be named to be replaced."""
        insert = (postgresql if self._db.dialect == "postgresql" else sqlite).insert(process_lease)
        await tx.session.execute(insert.values(name=self._name, renewals=0).on_conflict_do_nothing())
        this = process_lease.c.name == self._name
        holder = Holder.of((await tx.session.execute(select(process_lease).where(this).with_for_update())).one())
        if holder is not None and holder.owner != self._owner and holder != instead_of:
            if holder.fate() is not Fate.GONE:
                return holder
            log.warning("process %d left without a goodbye; its lease is taken over", holder.pid)
        taken = {"owner": self._owner, "renewals": 0, "expires_at": self._clock() + timedelta(seconds=self._seconds)}
        await tx.session.execute(update(process_lease).where(this).values(**taken, **this_process()))
        return None

    async def _keep(self, on_lost: Callable[[], None]) -> None:
        held = True
        while held:
            await asyncio.sleep(self._seconds / RENEWALS_A_LEASE)
            try:
                held = await self._db.transaction(self._renew)
            except (DBAPIError, OSError) as error:
                # Nobody else can take the lease while the database does not answer.
                log.warning("the lease could not be renewed: %s", type(error).__name__)
        on_lost()

    async def _renew(self, tx: Transaction) -> bool:
        renewed = (
            update(process_lease)
            .where(self._is_mine())
            .values(renewals=process_lease.c.renewals + 1, expires_at=self._clock() + timedelta(seconds=self._seconds))
            .returning(process_lease.c.renewals)
        )
        return (await tx.session.execute(renewed)).one_or_none() is not None

    def _is_mine(self) -> ColumnElement[bool]:
        return (process_lease.c.name == self._name) & (process_lease.c.owner == self._owner)


@asynccontextmanager
async def held(lease: Lease, on_lost: Callable[[], None] = lambda: None) -> AsyncIterator[None]:
    """Hold the lease for the block; raises LeaseHeld."""
    await lease.acquire()
    lease.keep(on_lost)
    try:
        yield
    finally:
        await lease.release()


async def refuse_while_running(db: Database, seconds: float = LEASE_SECONDS) -> None:
    """Raises LeaseHeld when any process, of whatever cluster, is at work on this database."""
    async with db.read() as session:
        found = await holders(session)
    for holder in found:
        await _watch(db, holder, seconds)


async def _watch(db: Database, holder: Holder, seconds: float) -> None:
    """Return once the holder has left, or was silent for ``seconds``; raises LeaseHeld as soon as it shows life."""
    if holder.fate() is Fate.ALIVE:
        raise LeaseHeld(holder)
    log.info("process %d on %s holds the lease; watching whether it renews it", holder.pid, holder.host)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while loop.time() < deadline:
        await asyncio.sleep(min(1.0, seconds / 10))
        async with db.read() as session:
            seen = {now.name: now for now in await holders(session)}.get(holder.name)
        if seen is None:
            return
        if seen != holder:
            raise LeaseHeld(seen)


async def _create_table(db: Database) -> None:
    async with db.read() as session:
        connection = await session.connection()
        if await connection.run_sync(lambda sync: inspect(sync).has_table(LEASE_TABLE)):
            return

    async def work(tx: Transaction) -> None:
        connection = await tx.session.connection()
        await connection.run_sync(process_lease.create, checkfirst=True)

    with contextlib.suppress(DBAPIError):  # another process was faster; if it was not, using the table says why
        await db.transaction(work)
