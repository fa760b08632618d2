"""Whatever is promised, taken back, failed, paused and crashed in whatever order: the table does what a model does."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.database import Database
from bot.events import EventBus
from bot.timers import Share, Timers
from bot.timers.claims import LEASE, Claims
from bot.timers.models import Timer
from bot.timers.rules import pause_after
from tests.conftest import NOW, SetClock
from tests.examples import examples

GUILDS = (7 << 22, 8 << 22)
keys = st.sampled_from("abcd")
minutes = st.integers(0, 180)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("promise"), keys, minutes, st.sampled_from(GUILDS)),
        st.tuples(st.just("cancel"), keys),
        st.tuples(st.just("fails"), keys),
        st.tuples(st.just("works"), keys),
        st.tuples(st.just("pause"), st.sampled_from(GUILDS)),
        st.tuples(st.just("resume"), st.sampled_from(GUILDS)),
        st.tuples(st.just("crash")),
        st.tuples(st.just("wait"), minutes),
    ),
    max_size=25,
)


@dataclass
class Promise:
    guild: int
    next_at: datetime
    attempts: int = 0
    paused: bool = False


class Model:
    """A dictionary of promises, and which keys were handled how often."""

    def __init__(self, clock):
        self.clock = clock
        self.promises = {}
        self.failing = set()
        self.handled = []

    def promise(self, key, after, guild):
        rests = key in self.promises and self.promises[key].paused
        self.promises[key] = Promise(guild, self.clock() + timedelta(minutes=after), paused=rests)

    def cancel(self, key):
        self.promises.pop(key, None)

    def fails(self, key):
        self.failing.add(key)

    def works(self, key):
        self.failing.discard(key)

    def pause(self, guild, paused=True):
        for promise in self.promises.values():
            promise.paused = paused if promise.guild == guild else promise.paused

    def resume(self, guild):
        self.pause(guild, paused=False)

    def due(self):
        open_ = {k: p for k, p in self.promises.items() if not p.paused and p.next_at <= self.clock()}
        return sorted(open_)

    def crash(self):
        for key in self.due():
            self.promises[key].next_at = self.clock() + LEASE

    def wait(self, amount):
        self.clock.advance(minutes=amount)

    def run(self):
        for key in self.due():
            self.handled.append(key)
            promise = self.promises[key]
            if key in self.failing:
                promise.attempts += 1
                promise.next_at = self.clock() + pause_after(promise.attempts)
            else:
                del self.promises[key]


class Real:
    """The same with the table."""

    def __init__(self, db, clock, model):
        self.db = db
        self.clock = clock
        self.handled = []
        self.timers = Timers(db, clock)

        async def handler(timer):
            self.handled.append(timer.key)
            if timer.key in model.failing:
                raise ConnectionError

        self.timers.handle("kind", handler)

    async def promise(self, key, after, guild):
        due_at = self.clock() + timedelta(minutes=after)
        await self.db.transaction(
            lambda tx: self.timers.schedule(tx, kind="kind", key=key, due_at=due_at, guild_id=guild, payload={})
        )

    async def cancel(self, key):
        await self.db.transaction(lambda tx: self.timers.cancel(tx, key))

    async def pause(self, guild):
        await self.db.transaction(lambda tx: self.timers.pause(tx, guild))

    async def resume(self, guild):
        await self.db.transaction(lambda tx: self.timers.resume(tx, guild))

    async def crash(self):
        await Claims(self.db, self.clock, Share()).turn([], 100, ["kind"], [])


async def play(url, script):
    db, clock = Database(url, EventBus()), SetClock(NOW)
    model = Model(clock)
    real = Real(db, clock, model)

    async def empty(tx):
        await tx.session.execute(delete(Timer))

    try:
        await db.transaction(empty)
        for name, *arguments in [*script, ("wait", 600), ("wait", 600)]:
            if hasattr(real, name):
                await getattr(real, name)(*arguments)
            getattr(model, name)(*arguments)
            await real.timers.run_due()
            model.run()
            assert sorted(real.handled) == sorted(model.handled), (name, arguments)
    finally:
        await db.close()


@given(script=steps)
@settings(
    max_examples=examples(one_in=4),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_table_does_what_the_model_does(database_url, script):
    asyncio.run(play(database_url, script))
