"""Promise 12: no write is lost, nobody meets "locked", and the pool is healthy whatever was cancelled."""

import asyncio
import random
import sqlite3
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.contracts.events import SettingsChanged
from bot.database import Database, engines
from bot.events import EventBus
from bot.lease import RuntimeFact

WRITERS = 100


@pytest.fixture
async def counter(db):
    """A row that holds a number as text, to be read, changed and written back."""
    await put(db, "counter", 0)
    return "counter"


async def put(db, key, value):
    async def work(tx):
        await tx.ensure(RuntimeFact, key=key, value=str(value))

    await db.transaction(work)


async def value(db, key):
    async with db.read() as session:
        return int((await session.get_one(RuntimeFact, key)).value)


def increment(key, *, pause=0.0):
    async def work(tx):
        fact = await tx.session.get_one(RuntimeFact, key, with_for_update=True)
        present = int(fact.value)
        await asyncio.sleep(pause)
        fact.value = str(present + 1)
        return present + 1

    return work


def connections_in_use(db):
    return db.writer.pool.checkedout() + db.reader.pool.checkedout()


async def healthy(db, key):
    """Writes and reads still work, all at once, and every connection was given back."""
    before = await value(db, key)
    await asyncio.gather(*(db.transaction(increment(key)) for _ in range(30)), *(value(db, key) for _ in range(30)))
    assert await value(db, key) == before + 30
    assert connections_in_use(db) == 0


async def test_a_hundred_tasks_that_read_change_and_write_lose_nothing(db, counter):
    seen = await asyncio.gather(*(db.transaction(increment(counter)) for _ in range(WRITERS)))
    assert sorted(seen) == list(range(1, WRITERS + 1))
    assert await value(db, counter) == WRITERS
    assert connections_in_use(db) == 0


async def test_writers_of_two_processes_lose_nothing(db, database_url, counter):
    other = Database(database_url, EventBus())
    work = [bot.transaction(increment(counter, pause=0.001)) for bot in (db, other) for _ in range(50)]
    await asyncio.gather(*work)
    assert await value(other, counter) == 100
    await other.close()


async def test_readers_do_not_wait_for_a_writer(db, counter):
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(tx):
        (await tx.session.get_one(RuntimeFact, counter, with_for_update=True)).value = "7"
        await tx.session.flush()
        entered.set()
        await leave.wait()

    writing = asyncio.create_task(db.transaction(slow))
    await entered.wait()
    assert await asyncio.wait_for(value(db, counter), 2) == 0
    leave.set()
    await writing
    assert await value(db, counter) == 7


@pytest.fixture
async def impatient(database_url, monkeypatch):
    """A database object that SQLite makes wait for 50 ms only, so that its patience is our own."""
    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 50)
    database = Database(database_url, EventBus())
    yield database
    await database.close()


async def test_a_lock_held_by_another_program_is_waited_for(impatient, database_url, hold_lock):
    await put(impatient, "counter", 0)
    with hold_lock("counter", seconds=1.5):
        await asyncio.gather(*(impatient.transaction(increment("counter")) for _ in range(5)))
    assert await value(impatient, "counter") == 5
    await healthy(impatient, "counter")


@pytest.fixture
def hold_lock(database_url):
    """`with hold_lock(key, seconds)`: another connection holds what writing that row needs, for so long."""

    class Held:
        def __init__(self, key, seconds):
            self.key, self.seconds = key, seconds
            self.taken = threading.Event()

        def __enter__(self):
            self.thread = threading.Thread(target=self.hold)
            self.thread.start()
            assert self.taken.wait(10)

        def __exit__(self, *_):
            self.thread.join()

        def hold(self):
            if database_url.startswith("sqlite"):
                connection = sqlite3.connect(make_url(database_url).database, isolation_level=None)
                connection.execute("BEGIN IMMEDIATE")
                self.taken.set()
                threading.Event().wait(self.seconds)
                connection.execute("ROLLBACK")
                connection.close()
            else:
                asyncio.run(self.hold_row())

        async def hold_row(self):
            engine = create_async_engine(database_url)
            async with engine.begin() as connection:
                query = sa.select(RuntimeFact.key).where(RuntimeFact.key == self.key).with_for_update()
                await connection.execute(query)
                self.taken.set()
                await asyncio.sleep(self.seconds)
            await engine.dispose()

    return Held


async def test_a_cancelled_transaction_changes_nothing_and_gives_its_connection_back(db, counter):
    entered = asyncio.Event()

    async def never_ends(tx):
        (await tx.session.get_one(RuntimeFact, counter, with_for_update=True)).value = "999"
        await tx.session.flush()
        entered.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(db.transaction(never_ends))
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await value(db, counter) == 0
    await healthy(db, counter)


@pytest.mark.parametrize("seed", range(3))
async def test_of_cancelled_writers_each_counts_once_or_not_at_all(db, counter, seed):
    chance = random.Random(seed)
    acknowledged = 0

    async def write():
        nonlocal acknowledged
        await db.transaction(increment(counter, pause=chance.choice((0, 0, 0.001))))
        acknowledged += 1

    tasks = [asyncio.create_task(write()) for _ in range(WRITERS)]
    for task in chance.sample(tasks, WRITERS // 2):
        await asyncio.sleep(chance.random() * 0.006)
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    cancelled = sum(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
    assert all(outcome is None or isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
    assert acknowledged + cancelled == WRITERS
    assert cancelled > 0
    assert acknowledged <= await value(db, counter) <= WRITERS
    await healthy(db, counter)


async def test_a_commit_under_way_is_finished_and_announced_when_its_caller_is_cancelled(db, counter, monkeypatch):
    announced = []

    async def note(event):
        announced.append(event)

    db.bus.after(SettingsChanged, note)
    committing = asyncio.Event()
    real = sa.ext.asyncio.AsyncSession.commit

    async def slow_commit(session):
        committing.set()
        await asyncio.sleep(0.05)
        await real(session)

    monkeypatch.setattr(sa.ext.asyncio.AsyncSession, "commit", slow_commit)

    async def work(tx):
        await increment(counter)(tx)
        await tx.emit(SettingsChanged(1, "community", None))

    task = asyncio.create_task(db.transaction(work))
    await committing.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await db.bus.drain(5)
    assert await value(db, counter) == 1
    assert len(announced) == 1


async def test_transactions_that_lock_each_other_out_are_tried_again(db):
    for key in ("a", "b"):
        await put(db, key, 0)

    def both(first, second):
        async def work(tx):
            for key in (first, second):
                await increment(key, pause=0.02)(tx)

        return work

    await asyncio.gather(*(db.transaction(both(*pair)) for pair in [("a", "b"), ("b", "a")] * 3))
    assert (await value(db, "a"), await value(db, "b")) == (6, 6)
    assert connections_in_use(db) == 0


async def test_an_error_in_the_work_changes_nothing_and_is_raised_as_it_is(db, counter):
    class Refused(Exception):
        pass

    async def work(tx):
        await increment(counter)(tx)
        raise Refused

    with pytest.raises(Refused):
        await db.transaction(work)
    assert await value(db, counter) == 0
    await healthy(db, counter)
