"""Whatever is added, claimed, handed over, settled, expired and restarted: the inbox does what a model does."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.database import Database
from bot.events import EventBus
from bot.inbox.models import InboxEntry, StaffAvailability
from bot.inbox.refusals import InboxRefusal
from bot.inbox.rules import Holiday
from bot.timers.models import Timer
from tests.bot.inbox.conftest import APPEAL, GUILD, MINA, NOOR, OLEG, QUESTION, REPORT, Room
from tests.conftest import NOW, SetClock
from tests.examples import examples

KINDS = {kind.name: kind for kind in (QUESTION, REPORT, APPEAL)}
TEAM = (MINA, NOOR, OLEG)
ITEMS = [(name, "1") for name in KINDS]
items = st.sampled_from(ITEMS)
people = st.sampled_from(TEAM)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.tuples(st.sampled_from(sorted(KINDS)), st.just("2")), people),
        st.tuples(st.just("claim"), items, people),
        st.tuples(st.just("release"), items, people, st.booleans()),
        st.tuples(st.just("hand_over"), items, people, people, st.booleans()),
        st.tuples(st.just("settle"), items, people),
        st.tuples(st.just("done"), items),
        st.tuples(st.just("holiday"), people, st.integers(0, 2)),
        st.tuples(st.just("home"), people),
        st.tuples(st.just("wait"), st.sampled_from([1, 30, 60, 180])),
        st.tuples(st.just("sleep"), st.sampled_from([30, 60, 800])),
        st.tuples(st.just("restart")),
    ),
    min_size=8,
    max_size=20,
)


class Refused(Exception):
    """What the model says to somebody who may not."""


@dataclass
class Thing:
    subject: int | None
    added_at: datetime
    holder: int | None = None
    until: datetime | None = None
    settled: bool = False


class Model:
    """A dictionary of things and one of holidays, in UTC."""

    def __init__(self, clock):
        self.clock = clock
        self.things = {}
        self.holidays = {}

    def waiting(self, key, by):
        thing = self.things.get(key)
        if thing is None or thing.settled or self.concerns(key, by):
            raise Refused
        return thing

    def concerns(self, key, who):
        return KINDS[key[0]].personal and self.things[key].subject == who

    def away(self, who):
        first, last = self.holidays.get(who, (date.max, date.min))
        return first <= self.clock().date() <= last

    def hold(self, key, who):
        self.things[key].holder, self.things[key].until = who, self.clock() + KINDS[key[0]].claim_for

    def add(self, key, subject):
        self.things.setdefault(key, Thing(subject, self.clock()))

    def claim(self, key, by):
        thing = self.waiting(key, by)
        if thing.holder not in (None, by) or self.away(by):
            raise Refused
        self.hold(key, by)

    def release(self, key, by, manages):
        thing = self.waiting(key, by)
        if thing.holder is None or (thing.holder != by and not manages):
            raise Refused
        thing.holder = None

    def hand_over(self, key, by, to, manages):
        thing = self.waiting(key, by)
        if (thing.holder not in (None, by) and not manages) or self.concerns(key, to) or self.away(to):
            raise Refused
        self.hold(key, to)

    def settle(self, key, by):
        thing = self.waiting(key, by)
        if not KINDS[key[0]].by_hand or thing.holder not in (None, by):
            raise Refused
        thing.settled = True

    def done(self, key):
        if key in self.things:
            self.things[key].settled = True

    def holiday(self, who, days):
        self.holidays[who] = (self.clock().date() + timedelta(days=days), self.clock().date() + timedelta(days=days))
        self.time_passed()

    def home(self, who):
        self.holidays.pop(who, None)

    def wait(self, minutes):
        for _ in range(minutes):
            self.clock.advance(minutes=1)
            self.time_passed()

    sleep = wait

    def restart(self):
        pass

    def time_passed(self):
        for thing in self.things.values():
            if thing.holder is not None and (thing.until <= self.clock() or self.away(thing.holder)):
                thing.holder = None

    def seen(self):
        """Keys of what waits, in order, with whoever takes care of it."""
        open_ = [(key, thing) for key, thing in self.things.items() if not thing.settled]
        order = {key: place for place, key in enumerate(self.things)}

        def rank(entry):
            key, thing = entry
            after = KINDS[key[0]].urgent_after
            urgent = after is not None and thing.added_at + after <= self.clock()
            return not urgent, thing.added_at, order[key]

        return [(key, thing.holder) for key, thing in sorted(open_, key=rank)]


class Real:
    """The same with the tables. While it sleeps, no timer rings until it is awake again."""

    def __init__(self, room):
        self.room = room

    async def id_of(self, key):
        async with self.room.db.read() as session:
            query = InboxEntry.__table__.select().with_only_columns(InboxEntry.id)
            found = await session.scalar(query.where(InboxEntry.kind == key[0], InboxEntry.source == key[1]))
        return found or 0

    async def add(self, key, subject):
        await self.room.add(KINDS[key[0]], key[1], subject=subject)

    async def claim(self, key, by):
        await self.room.inbox.claim(GUILD, await self.id_of(key), by)

    async def release(self, key, by, manages):
        await self.room.inbox.release(GUILD, await self.id_of(key), by, manages=manages)

    async def hand_over(self, key, by, to, manages):
        await self.room.inbox.hand_over(GUILD, await self.id_of(key), by, to, manages=manages)

    async def settle(self, key, by):
        await self.room.inbox.settle(GUILD, await self.id_of(key), by)

    async def done(self, key):
        await self.room.done(KINDS[key[0]], key[1])

    async def holiday(self, who, days):
        day = self.room.clock().date() + timedelta(days=days)
        await self.room.inbox.people.set_holiday(GUILD, who, Holiday(day, day))

    async def home(self, who):
        await self.room.inbox.people.set_holiday(GUILD, who, None)

    async def wait(self, minutes):
        """Awake all the while: each timer rings when it is due."""
        end = self.room.clock() + timedelta(minutes=minutes)
        while (due := await self.next_due()) is not None and due <= end:
            self.room.clock.set(max(due, self.room.clock()))
            await self.room.timers.run_due()
        self.room.clock.set(end)

    async def sleep(self, minutes):
        self.room.clock.advance(minutes=minutes)
        await self.room.timers.run_due()

    async def restart(self):
        self.room = await self.room.restarted()

    async def next_due(self):
        async with self.room.db.read() as session:
            return await session.scalar(Timer.__table__.select().with_only_columns(Timer.next_at).order_by("next_at"))

    async def seen(self):
        return [((item.kind.name, item.source), item.holder) for item in await self.room.inbox.open_items(GUILD)]


async def refuses(step):
    try:
        result = step()
        if result is not None:
            await result
    except (Refused, InboxRefusal):
        return True
    return False


async def play(url, script):
    db = Database(url, EventBus())
    model = Model(SetClock(NOW))
    real = Real(Room(db, SetClock(NOW), "UTC"))

    async def empty(tx):
        for table in (InboxEntry, StaffAvailability, Timer):
            await tx.session.execute(delete(table))

    try:
        await db.transaction(empty)
        there = [("add", item, subject) for item, subject in zip(ITEMS, TEAM, strict=True)]
        for name, *arguments in [*there, *script]:
            told = await refuses(lambda: getattr(model, name)(*arguments))  # noqa: B023
            assert await refuses(lambda: getattr(real, name)(*arguments)) == told, (name, arguments)  # noqa: B023
            assert await real.seen() == model.seen(), (name, arguments)
        await real.room.inbox.prune()
        counts = await real.room.timers.counts()
        assert counts.stuck == 0
    finally:
        await db.close()


@given(script=steps)
@settings(
    max_examples=examples(one_in=4),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_inbox_does_what_the_model_does(database_url, script):
    asyncio.run(play(database_url, script))
