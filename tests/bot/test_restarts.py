"""A program that is restarted for ever stays below Discord's thousand identifies a day."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import restarts
from bot.restarts import LONGEST_WAIT, note_start, pace_restarts, patience, restart_wait


@pytest.mark.parametrize(("starts", "wait"), [(1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 300)])
def test_the_fifth_start_within_ten_minutes_waits_and_each_further_one_twice_as_long(starts, wait):
    assert restart_wait(starts) == wait


@given(st.integers(1, 10**6))
def test_no_wait_is_longer_than_five_minutes(starts):
    assert 0 <= restart_wait(starts) <= LONGEST_WAIT


def test_a_day_of_crashing_at_once_identifies_less_than_a_thousand_times():
    at, starts = 0.0, []
    while at < 86_400:
        starts.append(at)
        at += 1 + restart_wait(sum(at - 600 < earlier for earlier in starts) + 1)
    assert len(starts) < 1000


async def test_starts_are_remembered_for_ten_minutes_and_for_each_cluster(db, clock):
    assert [await note_start(db, "0/2", clock) for _ in range(3)] == [1, 2, 3]
    assert await note_start(db, "1/2", clock) == 1
    clock.advance(minutes=9, seconds=59)
    assert await note_start(db, "0/2", clock) == 4
    clock.advance(seconds=1)
    assert await note_start(db, "0/2", clock) == 2


async def test_a_clock_that_was_put_back_is_no_quick_restart(db, clock):
    for _ in range(6):
        await note_start(db, "0/1", clock)
    clock.set(clock.now - timedelta(days=1))
    assert await note_start(db, "0/1", clock) == 1


@pytest.fixture
def waits(monkeypatch):
    """How long was waited, without waiting."""
    seconds = []

    async def sleep(pause):
        seconds.append(pause)

    monkeypatch.setattr(restarts.asyncio, "sleep", sleep)
    return seconds


async def test_a_wait_is_said_in_the_log(db, waits, caplog):
    for _ in range(5):
        await pace_restarts(db, "0/1")
    assert waits == [30]
    assert "start 5 within ten minutes: waiting 30 s" in caplog.text


async def test_a_network_that_is_down_is_tried_again_ever_more_seldom(waits):
    tries = 0
    async for _ in patience():
        tries += 1
        if tries == 13:
            break
    for number, pause in enumerate(waits):
        assert min(300, 2**number) / 2 <= pause <= min(300, 2**number)
    assert len(waits) == 12


async def test_a_wait_ends_when_the_program_is_stopped(db):
    for _ in range(5):
        await note_start(db, "0/1")
    waiting = asyncio.create_task(pace_restarts(db, "0/1"))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
