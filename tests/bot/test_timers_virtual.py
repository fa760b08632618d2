"""In the simulated Discord, timers of the real bot follow its virtual time."""

from datetime import timedelta

import pytest

KIND = "test"


@pytest.fixture
def bot_options():
    return {"features": ()}


@pytest.fixture
def kept(env):
    keys = []

    async def handler(timer):
        keys.append(timer.key)

    env.bot.timers.handle(KIND, handler)
    return keys


async def promise(env, key, **later):
    timers, due_at = env.bot.timers, env.now() + timedelta(**later)
    await env.bot.db.transaction(
        lambda tx: timers.schedule(tx, kind=KIND, key=key, due_at=due_at, guild_id=None, payload={})
    )
    await env.settle()


async def test_a_promise_is_kept_when_virtual_time_reaches_it(env, kept):
    await promise(env, "in three days", days=3)
    await promise(env, "in an hour", hours=1)
    await env.pass_time(minutes=59)
    assert kept == []
    await env.pass_time(minutes=2)
    assert kept == ["in an hour"]
    await env.pass_time(days=3)
    assert kept == ["in an hour", "in three days"]


async def test_a_promise_survives_a_crash_of_the_bot(env, kept, make_bot):
    await promise(env, "a", hours=1)
    successor = make_bot()

    async def handler(timer):
        kept.append("again " + timer.key)

    successor.timers.handle(KIND, handler)
    await env.restart(successor, crash=True)
    await env.pass_time(hours=2)
    assert kept == ["again a"]


async def test_housekeeping_takes_its_turns_beside_a_promise(env, kept):
    await promise(env, "a", days=6)
    turns = []

    async def chore():
        turns.append(env.now())

    env.bot.timers.every("daily chore", 86400, chore)
    await env.pass_time(days=7, minutes=1)
    assert kept == ["a"]
    assert len(turns) == 7
