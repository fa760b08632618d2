import asyncio
from dataclasses import dataclass

import pytest

from bot.contracts.events import Event, MemberEvent
from bot.events import EventBus


@dataclass(frozen=True, slots=True)
class Waved(MemberEvent):
    times: int


@dataclass(frozen=True, slots=True)
class Renamed(Event):
    name: str


async def test_effects_about_one_member_that_still_wait_are_done_once_with_the_newest():
    bus, seen = EventBus(), []

    async def effect(event):
        seen.append((event.user_id, event.times))

    bus.after(Waved, effect)
    bus.publish([Waved(1, 7, n) for n in range(5)] + [Waved(1, 8, 0), Waved(2, 7, 0)])
    await bus.drain(1)
    assert seen == [(7, 4), (8, 0), (7, 0)]


async def test_an_event_during_its_own_effect_is_not_swallowed():
    bus, seen, started, go = EventBus(), [], asyncio.Event(), asyncio.Event()

    async def effect(event):
        seen.append(event.times)
        started.set()
        await go.wait()

    bus.after(Waved, effect)
    bus.publish([Waved(1, 7, 1)])
    await started.wait()
    bus.publish([Waved(1, 7, 2)])
    go.set()
    await bus.drain(1)
    assert seen == [1, 2]


async def test_events_about_no_member_are_never_merged():
    bus, seen = EventBus(), []

    async def effect(event):
        seen.append(event.name)

    bus.after(Renamed, effect)
    bus.publish([Renamed(1, "a"), Renamed(1, "b")])
    await bus.drain(1)
    assert seen == ["a", "b"]


async def test_a_failing_effect_hurts_no_other(caplog):
    bus, seen = EventBus(), []

    async def broken(event):
        raise ZeroDivisionError

    async def effect(event):
        seen.append(event.times)

    bus.after(Waved, broken)
    bus.after(Waved, effect)
    bus.publish([Waved(1, 7, 1)])
    await bus.drain(1)
    assert seen == [1]
    assert "ZeroDivisionError" in caplog.text


async def test_a_stop_waits_a_while_and_then_abandons_effects_to_their_repair():
    bus, never = EventBus(), asyncio.Event()

    async def effect(event):
        await never.wait()

    bus.after(Waved, effect)
    bus.publish([Waved(1, 7, 1)])
    assert await bus.drain(0.01) == 1
    assert await bus.drain(0.01) == 0


async def test_a_failed_transaction_announces_nothing_and_reacts_to_nothing(db):
    reacted, announced = [], []

    async def within(event, tx):
        reacted.append(event.times)

    async def after(event):
        announced.append(event.times)

    db.bus.on(Waved, within)
    db.bus.after(Waved, after)

    async def work(tx):
        await tx.emit(Waved(1, 7, 1))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await db.transaction(work)
    await db.bus.drain(1)
    assert (reacted, announced) == ([1], [])


async def test_a_reaction_that_fails_rolls_its_emitter_back(db):
    from bot.lease import RuntimeFact

    async def within(event, tx):
        raise ZeroDivisionError

    db.bus.on(Waved, within)

    async def work(tx):
        tx.session.add(RuntimeFact(key="written", value="yes"))
        await tx.emit(Waved(1, 7, 1))

    with pytest.raises(ZeroDivisionError):
        await db.transaction(work)
    async with db.read() as session:
        assert await session.get(RuntimeFact, "written") is None
