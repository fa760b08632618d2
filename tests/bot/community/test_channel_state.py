"""One channel's cursor: what is new, what is left to history, and what survives a crash."""

import json
from itertools import pairwise

from bot.community.channel_state import KEPT_LIVE, KEPT_STORED, LATE_SHIFT, ChannelState
from bot.community.models import ChannelCursor

SECOND = 1000 << 22


def new(high: int = 100) -> ChannelState:
    return ChannelState(1, 2, None, high=high, since=high + 1)


def after_a_crash(state: ChannelState) -> ChannelState:
    return ChannelState.loaded(ChannelCursor(**json.loads(json.dumps(state.stored()))))


def test_an_event_that_comes_twice_is_taken_once():
    state = new()
    assert [state.take(i) for i in (101, 102, 101, 102)] == [True, True, False, False]


def test_a_message_that_arrives_a_little_late_is_taken():
    state = new()
    assert [state.take(i) for i in (105, 103, 104, 103)] == [True, True, True, False]
    assert state.high == 105


def test_a_whole_stream_that_comes_again_is_refused_however_long_it_was():
    state = new()
    ids = range(101, 101 + 5 * KEPT_LIVE)
    assert all(state.take(i) for i in ids)
    assert not any(state.take(i) for i in ids)


def test_what_is_remembered_stays_small():
    state = new()
    for i in range(101, 10_000):
        state.take(i)
    assert len(state.recent) == KEPT_LIVE
    assert len(state.stored()["recent"]) == KEPT_STORED


def test_a_message_that_came_late_is_still_found_by_history_after_a_crash():
    state = new(high=LATE_SHIFT)
    first, late, second = (LATE_SHIFT + n * SECOND for n in (1, 2, 3))
    state.take(first)
    state.take(second)  # `late` is on its way when the process is killed
    state = after_a_crash(state)
    gap = state.open_tail()
    later = second + SECOND
    assert gap.after < late
    assert [state.read(gap, i) for i in (first, late, second, later)] == [False, True, False, True]


def test_nothing_is_missed_while_the_last_message_is_not_beyond_the_cursor():
    state = new()
    assert not state.misses(None)
    assert not state.misses(100)
    assert state.misses(101)


def test_the_first_message_of_a_new_thread_is_not_taken_for_a_gap():
    """Discord names it as the thread's last message before it delivers it."""
    state = new(high=100)
    assert not state.misses(101, arriving=101)
    assert state.misses(101, arriving=102)


def test_the_first_live_message_bounds_the_gap_and_leaves_what_is_below_to_history():
    state = new()
    state.open_tail()
    state.close_tail(150)
    assert [(gap.after, gap.before) for gap in state.gaps] == [(100, 150)]
    assert not state.take(149)
    assert state.take(150)


def test_a_second_crash_in_the_middle_of_a_gap_goes_on_where_it_stopped():
    state = new()
    gap = state.open_tail()
    state.close_tail(200)
    state.take(200)
    assert state.read(gap, 120)
    state = after_a_crash(state)
    assert [(gap.after, gap.before) for gap in state.gaps] == [(120, 200)]
    assert not state.take(200)
    tail = state.open_tail()
    assert tail.after >= 199, "the new gap must not cover the old one"


def test_gaps_of_several_outages_never_overlap():
    state = new()
    for first_live in (200, 300, 400):
        state.open_tail()
        state.close_tail(first_live)
        state = after_a_crash(state)
    spans = sorted((gap.after, gap.before or 10**9) for gap in state.gaps)
    assert len(spans) == 3
    assert all(before <= after + 1 for (_, before), (after, _) in pairwise(spans))


def test_a_deleted_last_message_is_not_asked_for_again():
    state = new()
    gap = state.open_tail()
    state.finish(gap, 180)
    assert not state.misses(180)
    assert not after_a_crash(state).misses(180)
