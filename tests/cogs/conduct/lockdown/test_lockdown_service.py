"""What is kept of a lockdown, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.timers import Timers
from bot.timers.models import Timer
from cogs.conduct.lockdown.models import StepState, Target
from cogs.conduct.lockdown.plans import Plan, Step
from cogs.conduct.lockdown.refusals import NoLockdown, StillUndoing
from cogs.conduct.lockdown.service import Lockdowns

GUILD, MINA, EVERYONE = 100, 300, 100
HALF = timedelta(minutes=30)


@pytest.fixture
def lockdowns(db, clock):
    return Lockdowns(db, Timers(db, clock), clock)


def a_plan():
    big = 1 << 46
    steps = [
        Step(11, Target.ROLE, EVERYONE, [0, 1], [0, big | 1], mask=big, existed=True),
        Step(0, Target.LEVEL, 0, [1], [4]),
    ]
    return Plan(closes=True, steps=steps, skipped={12: ["manage_roles"]}, pauses=True)


async def due(db):
    async with db.read() as session:
        return await session.scalar(select(Timer.due_at))


async def test_everything_is_written_down_before_and_a_second_start_prolongs(lockdowns, db, clock):
    made = await asyncio.gather(
        *(lockdowns.start(GUILD, MINA + n, clock() + HALF, a_plan(), clock() + HALF) for n in range(4))
    )
    assert sorted(begun for _one, begun in made) == [False, False, False, True]
    one = made[0][0]
    assert len({view.id for view, _begun in made}) == 1
    steps = await lockdowns.steps(one.id)
    assert [(step.channel_id, step.before, step.after) for step in steps] == [
        (11, [0, 1], [0, 1 << 46 | 1]),
        (0, [1], [4]),
    ]
    assert {step.state for step in steps} == {StepState.WANTED}
    longer, begun = await lockdowns.start(GUILD, MINA, clock() + 2 * HALF, Plan(closes=False), None)
    assert not begun
    assert longer.until == clock() + 2 * HALF
    assert (longer.closes, longer.pause_before) == (True, clock() + HALF), "it stays what it was"
    shorter, _begun = await lockdowns.start(GUILD, MINA, clock() + HALF / 2, a_plan(), None)
    assert shorter.until == longer.until
    assert len(await lockdowns.steps(one.id)) == 2


async def test_it_ends_once_and_another_begins_when_all_is_back(lockdowns, db, clock):
    one, _begun = await lockdowns.start(GUILD, MINA, clock() + HALF, a_plan(), None)
    clock.advance(minutes=29)
    assert (await lockdowns.expire(one.id)).ended_at is None
    await lockdowns.again(one.id, clock() + HALF, ending=False)
    assert await due(db) == clock() + HALF
    clock.advance(minutes=1)
    assert (await lockdowns.expire(one.id)).ended_by is None
    with pytest.raises(NoLockdown):
        await lockdowns.end(GUILD, MINA)
    await lockdowns.again(one.id, clock() + HALF, ending=False)
    assert await due(db) == clock(), "it was ended while somebody looked at it"
    with pytest.raises(StillUndoing):
        await lockdowns.start(GUILD, MINA, clock() + HALF, a_plan(), None)
    await lockdowns.finish(one.id)
    assert await lockdowns.present(GUILD) is None
    other, begun = await lockdowns.start(GUILD, MINA, clock() + HALF, a_plan(), None)
    assert begun
    with pytest.raises(NoLockdown):
        await lockdowns.end(GUILD, MINA, one.id)
    ended = await lockdowns.end(GUILD, MINA, other.id)
    assert ended.ended_by == MINA
