"""A promise that keeps failing waits for a human until it is kept after all."""

from datetime import timedelta

import pytest

from bot.inbox.stuck import StuckTimers
from bot.timers.rules import STUCK_AFTER
from tests.bot.inbox.conftest import GUILD, MINA


class Failing:
    """A handler that fails while it is told to."""

    def __init__(self, room):
        self.room = room
        self.fails = True
        room.timers.handle("digest", self)

    async def __call__(self, timer):
        if self.fails:
            raise ConnectionError

    async def promise(self, key="digest:1", guild=GUILD, **later):
        due_at = self.room.clock() + timedelta(**later)
        await self.room.db.transaction(
            lambda tx: self.room.timers.schedule(tx, kind="digest", key=key, due_at=due_at, guild_id=guild, payload={})
        )

    async def get_stuck(self):
        for _ in range(STUCK_AFTER):
            await self.room.pass_time(hours=1)
        await self.room.db.bus.drain(1)


@pytest.fixture
def failing(room, logged_errors):
    room.stuck = StuckTimers(room.db, room.inbox, room.timers)
    yield Failing(room)
    logged_errors.clear()


async def waiting(room, guild=GUILD):
    return [item.params["timer"] for item in await room.inbox.open_items(guild)]


async def test_a_promise_that_keeps_failing_waits_and_goes_when_it_is_kept(room, failing):
    await failing.promise()
    await failing.get_stuck()
    assert await waiting(room) == ["digest"]
    failing.fails = False
    await room.pass_time(hours=1)
    await room.db.bus.drain(1)
    assert await waiting(room) == []


async def test_a_promise_that_failed_a_few_times_does_not_wait(room, failing):
    await failing.promise()
    for _ in range(STUCK_AFTER - 1):
        await room.pass_time(hours=1)
    await room.stuck.look()
    assert await waiting(room) == []


async def test_it_waits_in_its_own_server_and_without_a_server_only_in_the_log(room, failing, logged_errors):
    await failing.promise("other", guild=GUILD + 1)
    await failing.promise("none", guild=None)
    await failing.get_stuck()
    assert await waiting(room) == []
    assert await waiting(room, GUILD + 1) == ["digest"]
    assert any("timer none of no server" in line for line in logged_errors)


async def test_what_was_put_aside_by_hand_does_not_come_back_while_it_goes_on_failing(room, failing):
    await failing.promise()
    await failing.get_stuck()
    item = (await room.inbox.open_items(GUILD))[0]
    await room.inbox.settle(GUILD, item.id, MINA)
    await room.pass_time(hours=1)
    await room.stuck.look()
    assert await waiting(room) == []


async def test_a_promise_made_anew_that_fails_again_waits_again(room, failing):
    await failing.promise()
    await failing.get_stuck()
    await failing.promise(days=1)
    await room.stuck.look()
    assert await waiting(room) == []
    await room.pass_time(days=1)
    await failing.get_stuck()
    assert await waiting(room) == ["digest"]


async def test_what_a_crash_lost_is_found_by_the_next_look(room, failing):
    room.db.bus._after.clear()
    await failing.promise()
    await failing.get_stuck()
    assert await waiting(room) == []
    await room.stuck.look()
    assert await waiting(room) == ["digest"]
    failing.fails = False
    await room.pass_time(hours=1)
    await room.stuck.look()
    assert await waiting(room) == []


async def test_the_inbox_does_not_put_its_own_failures_before_the_team(room, failing):
    room.timers.handle("inbox:post", failing)
    await room.db.transaction(
        lambda tx: room.timers.schedule(tx, kind="inbox:post", key="p", due_at=room.clock(), guild_id=GUILD, payload={})
    )
    await failing.get_stuck()
    assert [timer.kind for timer in await room.timers.stuck(GUILD)] == ["inbox:post"]
    assert await waiting(room) == []
