"""Promises are kept: once, in time, however long the bot was away, and never marked done without effect."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.contracts.events import TimersChanged, TimerStuck
from bot.timers import Share, TimerCounts, Timers
from bot.timers.claims import LEASE, Claims
from bot.timers.models import Timer
from tests.loop_lag import LIMIT, loop_lag

GUILD = 900000000000000001


class Refusal(Exception):
    status = 403
    code = 50013


class Recorder:
    """A handler that notes its runs and fails as long as it is told to."""

    def __init__(self):
        self.runs = []
        self.failing = False

    async def __call__(self, timer):
        self.runs.append(timer.key)
        await asyncio.sleep(0)
        if self.failing:
            raise Refusal("what a member wrote")

    @property
    def counts(self):
        return Counter(self.runs)


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def timers(db, clock, recorder):
    return made(db, clock, recorder)


def made(db, clock, recorder, **options):
    timers = Timers(db, clock, **options)
    timers.handle("unban", recorder)
    return timers


async def promise(timers, db, *keys, due_at, guild_id=GUILD, kind="unban"):
    async def work(tx):
        for key in keys:
            await timers.schedule(tx, kind=kind, key=key, due_at=due_at, guild_id=guild_id, payload={"of": key})

    await db.transaction(work)


async def rows(db):
    async with db.read() as session:
        return (await session.scalars(select(Timer).order_by(Timer.key))).all()


async def test_a_promise_is_kept_when_it_is_due_and_not_before(timers, db, clock, recorder):
    await promise(timers, db, "a", due_at=clock() + timedelta(hours=5))
    clock.advance(hours=4, minutes=59)
    assert await timers.run_due() == 0
    clock.advance(minutes=1)
    assert await timers.run_due() == 1
    assert recorder.runs == ["a"]
    assert await rows(db) == []


async def test_its_handler_sees_what_was_promised(db, clock):
    seen = []

    async def handler(timer):
        seen.append(timer)

    timers = made(db, clock, handler)
    due = clock() + timedelta(minutes=1)
    await promise(timers, db, "a", due_at=due)
    clock.advance(days=1)
    await timers.run_due()
    (timer,) = seen
    assert (timer.guild_id, timer.kind, timer.key, timer.due_at) == (GUILD, "unban", "a", due)
    assert (timer.payload, timer.attempts) == ({"of": "a"}, 0)


@pytest.mark.parametrize("away", [timedelta(hours=5), timedelta(days=40)])
async def test_a_promise_that_fell_due_while_the_bot_was_away_is_kept_once(db, clock, recorder, away):
    await promise(made(db, clock, recorder), db, "a", "b", due_at=clock() + timedelta(hours=1))
    clock.advance(seconds=away.total_seconds())
    restarted = made(db, clock, recorder)
    await restarted.run_due()
    await restarted.run_due()
    assert recorder.counts == {"a": 1, "b": 1}


async def test_eight_workers_keep_three_hundred_promises_once_each(db, clock, recorder):
    keys = [f"unban:{n}" for n in range(300)]
    workers = [made(db, clock, recorder) for _ in range(8)]
    await promise(workers[0], db, *keys, due_at=clock())
    await asyncio.gather(*(worker.run_due() for worker in workers))
    assert recorder.counts == dict.fromkeys(keys, 1)
    assert sum(worker.kept for worker in workers) == 300


async def test_two_days_of_refusals_are_answered_with_patience_and_the_promise_is_kept_in_the_end(
    timers, db, clock, recorder, logged_errors
):
    recorder.failing = True
    start = clock()
    await promise(timers, db, "a", due_at=start)
    while clock() < start + timedelta(days=2):
        await timers.run_due()
        (row,) = await rows(db)
        assert timedelta(0) < row.next_at - clock() <= timedelta(hours=1)
        clock.set(row.next_at)
    assert 48 <= len(recorder.runs) <= 56
    assert timers.kept == 0
    recorder.failing = False
    await timers.run_due()
    assert await rows(db) == []
    assert timers.kept == 1
    logged_errors.clear()


async def test_staff_are_told_once_of_a_promise_that_failed_five_times_in_a_row(
    timers, db, clock, recorder, logged_errors
):
    told = []

    async def tell(event):
        told.append(event)

    db.bus.after(TimerStuck, tell)
    recorder.failing = True
    await promise(timers, db, "a", due_at=clock())
    for failures in range(1, 9):
        await timers.run_due()
        await db.bus.drain(1)
        assert len(told) == (failures >= 5)
        assert len(await timers.stuck(GUILD)) == (failures >= 5)
        clock.advance(hours=1)
    (stuck,) = await timers.stuck(GUILD)
    assert (stuck.key, stuck.attempts) == ("a", 8)
    assert stuck.error == "Refusal, status 403, code 50013"
    assert (told[0].guild_id, told[0].kind, told[0].key) == (GUILD, "unban", "a")
    assert await timers.stuck(GUILD + 1) == []
    logged_errors.clear()


async def test_a_failure_between_two_successes_starts_counting_anew(timers, db, clock, recorder, logged_errors):
    recorder.failing = True
    await promise(timers, db, "a", due_at=clock())
    await timers.run_due()
    await promise(timers, db, "a", due_at=clock())
    (row,) = await rows(db)
    assert (row.attempts, row.last_error, row.next_at) == (0, None, clock())
    logged_errors.clear()


async def test_a_promise_whose_process_died_is_kept_after_its_lease(timers, db, clock, recorder):
    await promise(timers, db, "a", due_at=clock())
    await Claims(db, clock, Share()).turn([], 10, ["unban"], [])  # and then the process dies
    await timers.run_due()
    assert recorder.runs == []
    clock.advance(seconds=LEASE.total_seconds())
    await timers.run_due()
    assert recorder.runs == ["a"]


async def test_the_next_process_of_the_cluster_does_not_wait_for_a_lease(timers, db, clock, recorder):
    await promise(timers, db, "a", due_at=clock())
    await Claims(db, clock, Share()).turn([], 10, ["unban"], [])
    await started(timers)
    await until(lambda: recorder.runs)
    await timers.stop()
    assert recorder.runs == ["a"]


async def test_the_effect_comes_before_the_row_goes(timers, db, clock, recorder):
    present = []

    async def handler(timer):
        present.append([row.key for row in await rows(db)])

    timers.handle("unban", handler)
    await promise(timers, db, "a", due_at=clock())
    await timers.run_due()
    assert present == [["a"]]


async def test_a_promise_made_again_replaces_the_earlier_one(timers, db, clock, recorder):
    await promise(timers, db, "a", due_at=clock() + timedelta(hours=1))
    await promise(timers, db, "a", due_at=clock() + timedelta(hours=2))
    clock.advance(hours=1)
    assert await timers.run_due() == 0
    clock.advance(hours=1)
    assert await timers.run_due() == 1


async def test_a_promise_taken_back_is_not_kept(timers, db, clock, recorder):
    await promise(timers, db, "a", due_at=clock())
    assert await db.transaction(lambda tx: timers.cancel(tx, "a")) is True
    assert await db.transaction(lambda tx: timers.cancel(tx, "a")) is False
    assert await timers.run_due() == 0


async def test_a_promise_of_a_transaction_that_failed_does_not_exist(timers, db, clock):
    async def work(tx):
        await timers.schedule(tx, kind="unban", key="a", due_at=clock(), guild_id=GUILD, payload={})
        raise Refusal

    with pytest.raises(Refusal):
        await db.transaction(work)
    assert await rows(db) == []


async def test_a_handler_may_promise_its_own_key_again(db, clock):
    runs = []
    timers = Timers(db, clock)

    async def weekly(timer):
        runs.append(timer.due_at)
        await promise(timers, db, timer.key, due_at=timer.due_at + timedelta(days=7), kind="digest")

    timers.handle("digest", weekly)
    first = clock()
    await promise(timers, db, "digest", due_at=first, kind="digest")
    await timers.run_due()
    clock.advance(days=7)
    await timers.run_due()
    assert runs == [first, first + timedelta(days=7)]
    assert len(await rows(db)) == 1


async def test_two_runs_of_one_key_never_overlap(db, clock):
    timers = Timers(db, clock)
    going, log = asyncio.Event(), []

    async def slow(timer):
        log.append("begin")
        await going.wait()
        log.append("end")

    timers.handle("unban", slow)
    await promise(timers, db, "a", due_at=clock())
    running = asyncio.create_task(timers.run_due())
    await until(lambda: log)
    await promise(timers, db, "a", due_at=clock())
    timers._start_pump()
    await asyncio.sleep(0.05)
    assert log == ["begin"]
    going.set()
    await running
    assert log == ["begin", "end", "begin", "end"]


async def test_promises_of_a_server_that_was_left_rest_and_are_due_on_return(timers, db, clock, recorder):
    await promise(timers, db, "a", due_at=clock() + timedelta(hours=1))
    await promise(timers, db, "b", due_at=clock() + timedelta(hours=1), guild_id=GUILD + 1)
    await db.transaction(lambda tx: timers.pause(tx, GUILD))
    clock.advance(days=3)
    await timers.run_due()
    assert recorder.runs == ["b"]
    assert await timers.counts() == TimerCounts(pending=0, late=0, stuck=0, paused=1)
    await db.transaction(lambda tx: timers.resume(tx, GUILD))
    await timers.run_due()
    assert recorder.runs == ["b", "a"]


async def test_a_promise_of_a_feature_that_is_off_waits_without_counting_failures(timers, db, clock, recorder):
    await promise(timers, db, "a", due_at=clock(), kind="prune")
    clock.advance(days=30)
    assert await timers.run_due() == 0
    (row,) = await rows(db)
    assert (row.attempts, row.next_at) == (0, row.due_at)
    timers.handle("prune", recorder)
    assert await timers.run_due() == 1


async def test_a_handler_that_never_ends_has_failed_before_its_lease_is_over(
    timers, db, clock, monkeypatch, logged_errors
):
    monkeypatch.setattr("bot.timers.service.HANDLER_SECONDS", 0.01)

    async def endless(timer):
        await asyncio.Event().wait()

    timers.handle("unban", endless)
    await promise(timers, db, "a", due_at=clock())
    await timers.run_due()
    (row,) = await rows(db)
    assert (row.attempts, row.last_error, row.claimed_by) == (1, "TimeoutError", None)
    logged_errors.clear()


async def test_a_slow_handler_does_not_hold_up_others(timers, db, clock, recorder):
    going = asyncio.Event()

    async def slow(timer):
        await going.wait()

    timers.handle("slow", slow)
    await promise(timers, db, "s", due_at=clock(), kind="slow")
    running = asyncio.create_task(timers.run_due())
    await until(lambda: timers._running)
    await promise(timers, db, "a", due_at=clock())
    timers._start_pump()
    await until(lambda: recorder.runs)
    going.set()
    await running


async def test_counts_tell_what_waits_what_is_late_and_what_keeps_failing(timers, db, clock):
    await promise(timers, db, "late", due_at=clock() - timedelta(minutes=5))
    await promise(timers, db, "soon", due_at=clock() + timedelta(minutes=5))

    async def fail(tx):
        await tx.session.execute(update(Timer).where(Timer.key == "late").values(attempts=5))

    await db.transaction(fail)
    assert await timers.counts() == TimerCounts(pending=2, late=1, stuck=1, paused=0)


async def test_each_cluster_keeps_the_promises_of_its_own_servers(db, clock):
    shard_0, shard_1 = 4 << 22, 5 << 22
    seen = {}
    for cluster in ("0/2", "1/2"):
        seen[cluster] = Recorder()
        timers = made(db, clock, seen[cluster], share=Share.of_cluster(cluster))
        await promise(timers, db, f"even:{cluster}", due_at=clock(), guild_id=shard_0)
        await promise(timers, db, f"odd:{cluster}", due_at=clock(), guild_id=shard_1)
        await promise(timers, db, f"none:{cluster}", due_at=clock(), guild_id=None)
    for cluster, recorder in seen.items():
        await made(db, clock, recorder, share=Share.of_cluster(cluster)).run_due()
    assert sorted(seen["0/2"].runs) == ["even:0/2", "even:1/2", "none:0/2", "none:1/2"]
    assert sorted(seen["1/2"].runs) == ["odd:0/2", "odd:1/2"]


@pytest.mark.parametrize(("clusters", "shards"), [(1, 1), (2, 2), (2, 5), (3, 16)])
def test_every_server_belongs_to_exactly_one_cluster(clusters, shards):
    shares = [Share.of_cluster(f"{index}/{clusters}", shards) for index in range(clusters)]
    for guild_id in [None, *(n << 22 | 7 for n in range(100))]:
        assert sum(share.owns(guild_id) for share in shares) == 1
    assert shares[0].owns(None)


@pytest.mark.parametrize(("cluster", "shards"), [("2/2", None), ("0/3", 2)])
def test_a_cluster_without_a_shard_is_refused(cluster, shards):
    with pytest.raises(ValueError, match="has none of"):
        Share.of_cluster(cluster, shards)


# The clock that wakes


async def until(condition, seconds=5):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


async def started(timers):
    async def ready():
        pass

    await timers.start(ready)


async def test_nothing_is_kept_before_the_bot_is_ready(db, recorder):
    timers = made(db, lambda: datetime.now(UTC), recorder)
    await promise(timers, db, "a", due_at=datetime.now(UTC))
    ready = asyncio.Event()
    await timers.start(ready.wait)
    await asyncio.sleep(0.05)
    assert recorder.runs == []
    ready.set()
    await until(lambda: recorder.runs)
    await timers.stop()


async def test_a_promise_made_while_running_rings_at_its_instant(db, recorder):
    timers = made(db, lambda: datetime.now(UTC), recorder)
    await started(timers)
    await promise(timers, db, "later", due_at=datetime.now(UTC) + timedelta(hours=1))
    await promise(timers, db, "soon", due_at=datetime.now(UTC) + timedelta(seconds=0.3))
    await until(lambda: recorder.runs)
    assert recorder.runs == ["soon"]
    await until(lambda: timers._alarm.at is not None)
    assert timers._alarm.at > datetime.now(UTC) + timedelta(minutes=59)
    await timers.stop()


async def test_a_thousand_promises_of_one_transaction_wake_the_clock_once(timers, db, clock):
    told = []

    async def tell(event):
        told.append(event)

    db.bus.after(TimersChanged, tell)

    async def work(tx):
        for n in range(1000):
            due_at = clock() + timedelta(minutes=1000 - n)
            await timers.schedule(tx, kind="unban", key=f"{n}", due_at=due_at, guild_id=GUILD, payload={})

    await db.transaction(work)
    await db.bus.drain(1)
    assert told == [TimersChanged(0, clock() + timedelta(minutes=1))]


async def test_a_stop_gives_unfinished_promises_back_at_once(timers, db, clock, monkeypatch, logged_errors):
    monkeypatch.setattr("bot.timers.service.STOP_SECONDS", 0.05)
    begun = []

    async def endless(timer):
        begun.append(timer)
        await asyncio.Event().wait()

    timers.handle("unban", endless)
    await promise(timers, db, "a", due_at=clock())
    await started(timers)
    await until(lambda: begun)
    await timers.stop()
    (row,) = await rows(db)
    assert (row.claimed_by, row.attempts, row.next_at) == (None, 0, clock())


async def test_a_stop_waits_for_a_promise_that_is_about_to_be_kept(timers, db, clock):
    done = []

    async def brief(timer):
        await asyncio.sleep(0.1)
        done.append(timer.key)

    timers.handle("unban", brief)
    await promise(timers, db, "a", due_at=clock())
    await started(timers)
    await until(lambda: timers._running)
    await timers.stop()
    assert done == ["a"]
    assert await rows(db) == []


async def test_housekeeping_goes_on_after_a_failure(timers, logged_errors):
    turns = []

    async def chore():
        turns.append(1)
        raise Refusal

    timers.every("chore", 0.05, chore)
    await started(timers)
    await until(lambda: len(turns) >= 3)
    await timers.stop()
    count = len(turns)
    await asyncio.sleep(0.12)
    assert len(turns) == count
    logged_errors.clear()


async def test_a_database_that_is_away_is_asked_again(db, recorder, monkeypatch, logged_errors):
    timers = made(db, lambda: datetime.now(UTC), recorder)
    await started(timers)

    async def away(*_):
        raise ConnectionError("database gone")

    monkeypatch.setattr(timers._claims, "turn", away)
    timers.wake()
    await until(lambda: timers._alarm.at is not None)
    assert timedelta(seconds=25) < timers._alarm.at - datetime.now(UTC) <= timedelta(seconds=30)
    assert len(logged_errors) == 1
    await timers.stop()
    logged_errors.clear()


async def test_five_thousand_promises_due_at_once_do_not_hold_the_loop_up(timers, db, clock, recorder):
    def row(n):
        due = {"due_at": clock(), "next_at": clock(), "guild_id": GUILD + n % 7}
        return {"kind": "unban", "key": f"{n:04}", "payload": {"of": n}, "attempts": 0, "paused": False, **due}

    async def work(tx):
        await tx.session.execute(insert(Timer), [row(n) for n in range(5000)])

    # Another program can only make a round look worse, so the best of three tells what the code does.
    worst = []
    while len(worst) < 3 and min(worst, default=1) > LIMIT:
        recorder.runs.clear()
        await db.transaction(work)
        async with loop_lag(None) as lag:
            assert await timers.run_due() == 5000
        worst.append(lag.worst)
        assert len(recorder.counts) == len(recorder.runs) == 5000
    assert min(worst) <= LIMIT
