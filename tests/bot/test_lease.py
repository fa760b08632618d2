"""One process works on a database, another takes over at once when it died, and a process that lost it knows."""

import asyncio
import subprocess
import sys

import pytest
from sqlalchemy import select, update

from bot import holders as holders_module
from bot.holders import Fate, Holder, holders, process_lease, this_process
from bot.lease import Lease, LeaseHeld, held, refuse_while_running

SECONDS = 0.6


async def rows(db):
    async with db.read() as session:
        return {row.name: row for row in await session.execute(select(process_lease))}


async def pretend(db, **columns):
    """The holder's row says something else than the truth."""
    await db.transaction(lambda tx: tx.session.execute(update(process_lease).values(**columns)))


def dead_process():
    """Who a process was that has ended."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started = holders_module.psutil.Process(process.pid).create_time()
    process.communicate()
    return {**this_process(), "pid": process.pid, "process_started": started}


async def taken(db, name="cluster 0", **columns):
    """A lease that somebody holds and does not renew."""
    lease = Lease(db, name, seconds=SECONDS)
    await lease.acquire()
    if columns:
        await pretend(db, **columns)
    return lease


async def test_a_second_process_on_this_machine_is_refused_at_once_by_number_and_machine(db):
    await taken(db)
    began = asyncio.get_running_loop().time()
    with pytest.raises(LeaseHeld) as refused:
        await Lease(db, "cluster 0", seconds=30).acquire()
    assert asyncio.get_running_loop().time() - began < 10
    assert refused.value.exit_code == 1
    assert refused.value.params == {"pid": this_process()["pid"], "host": this_process()["host"]}


async def test_a_released_lease_is_free_at_once(db):
    async with held(Lease(db, "cluster 0")):
        assert (await rows(db))["cluster 0"].owner is not None
    assert (await rows(db))["cluster 0"].owner is None
    await Lease(db, "cluster 0", seconds=30).acquire()


async def test_a_holder_that_died_here_is_replaced_at_once(db):
    await taken(db, **dead_process())
    await asyncio.wait_for(Lease(db, "cluster 0", seconds=60).acquire(), 10)
    assert (await rows(db))["cluster 0"].pid == this_process()["pid"]


async def test_a_holder_whose_number_belongs_to_another_process_now_is_replaced_at_once(db):
    await taken(db, process_started=this_process()["process_started"] - 1000)
    await asyncio.wait_for(Lease(db, "cluster 0", seconds=60).acquire(), 10)


@pytest.mark.parametrize("elsewhere", [{"host": "another-machine"}, {"place": "another container"}])
async def test_a_silent_holder_elsewhere_is_replaced_after_one_lease(db, elsewhere):
    await taken(db, **elsewhere)
    began = asyncio.get_running_loop().time()
    await Lease(db, "cluster 0", seconds=SECONDS).acquire()
    assert asyncio.get_running_loop().time() - began >= SECONDS


async def test_a_holder_elsewhere_that_renews_is_left_alone(db):
    lease = await taken(db, host="another-machine")
    lease.keep(lambda: None)
    with pytest.raises(LeaseHeld) as refused:
        await Lease(db, "cluster 0", seconds=5).acquire()
    assert refused.value.params["host"] == "another-machine"
    await lease.release()


async def test_a_holder_elsewhere_that_leaves_while_it_is_watched_is_replaced(db):
    lease = await taken(db, host="another-machine")
    waiting = asyncio.create_task(Lease(db, "cluster 0", seconds=30).acquire())
    await asyncio.sleep(0.2)
    await lease.release()
    await asyncio.wait_for(waiting, 15)


async def test_of_many_that_want_a_dead_holders_lease_exactly_one_gets_it(db):
    await taken(db, **dead_process())
    outcomes = await asyncio.gather(
        *(Lease(db, "cluster 0", seconds=SECONDS).acquire() for _ in range(10)), return_exceptions=True
    )
    assert sorted(map(type, outcomes), key=str) == sorted([type(None)] + [LeaseHeld] * 9, key=str)


async def test_of_many_that_watch_a_silent_holder_elsewhere_exactly_one_gets_it(db):
    await taken(db, host="another-machine")
    outcomes = await asyncio.gather(
        *(Lease(db, "cluster 0", seconds=SECONDS).acquire() for _ in range(5)), return_exceptions=True
    )
    assert sorted(map(type, outcomes), key=str) == sorted([type(None)] + [LeaseHeld] * 4, key=str)


async def test_each_cluster_has_a_lease_of_its_own(db):
    await taken(db, "cluster 0")
    await taken(db, "cluster 1")
    assert set(await rows(db)) == {"cluster 0", "cluster 1"}


async def test_a_process_that_lost_its_lease_is_told_once(db):
    lost = asyncio.Event()
    lease = await taken(db)
    lease.keep(lost.set)
    await asyncio.sleep(SECONDS / 2)
    assert not lost.is_set()
    assert await lease.is_held()
    await pretend(db, owner="somebody else")
    await asyncio.wait_for(lost.wait(), 10)
    await asyncio.sleep(0)
    assert not await lease.is_held()
    await lease.release()
    assert (await rows(db))["cluster 0"].owner == "somebody else"


async def test_a_database_that_does_not_answer_for_a_while_loses_no_lease(db, monkeypatch):
    lost = asyncio.Event()
    lease = await taken(db)
    lease.keep(lost.set)
    real = db.transaction
    failures = 0

    async def unreachable(work):
        nonlocal failures
        failures += 1
        raise OSError("no route to host")

    monkeypatch.setattr(db, "transaction", unreachable)
    while failures < 3:
        await asyncio.sleep(0.01)
    monkeypatch.setattr(db, "transaction", real)
    renewals = (await rows(db))["cluster 0"].renewals
    while (await rows(db))["cluster 0"].renewals == renewals:
        await asyncio.sleep(0.01)
    assert not lost.is_set()
    await lease.release()


async def test_work_that_needs_the_database_alone_is_refused_while_any_cluster_runs(db):
    await refuse_while_running(db)
    await taken(db, "cluster 3")
    with pytest.raises(LeaseHeld):
        await refuse_while_running(db)
    await pretend(db, **dead_process())
    await refuse_while_running(db)
    async with db.read() as session:
        assert await holders(session) == []


async def test_where_we_may_not_look_a_process_counts_as_alive(db, monkeypatch):
    await taken(db)

    def forbidden(_pid):
        raise holders_module.psutil.AccessDenied

    monkeypatch.setattr(holders_module.psutil, "Process", forbidden)
    holder = Holder.of((await rows(db))["cluster 0"])
    assert holder is not None
    assert holder.fate() is Fate.ALIVE
