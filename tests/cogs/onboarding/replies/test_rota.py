"""The rota on plain values: fair turns, hours on the greeter's own clock, and what counts as an answer."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.onboarding.replies.nearby import Nearby
from cogs.onboarding.replies.rules import (
    EVERY_DAY,
    NEARBY,
    Heard,
    Hours,
    How,
    Move,
    OnCall,
    Words,
    answer_to,
    next_greeter,
    next_move,
)

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=400)
ALL_DAY = Hours(start=time(0), end=time(0))


def person(user_id, **more):
    return OnCall(user_id, LATER, **{"hours": ALL_DAY, **more})


def local(day, hour, minute=0):
    return datetime(2026, day[0], day[1], hour, minute, tzinfo=PARIS).astimezone(UTC)


def choose(people, at, may=lambda _user_id: True, without=()):
    found = next_greeter(people.values(), at, zone_of=lambda _one: PARIS, may=may, without=without)
    if found is not None:
        people[found.user_id] = OnCall(
            found.user_id, found.until, found.hours, found.paused_until, found.zone, asked_at=at
        )
    return found and found.user_id


@given(st.integers(1, 6), st.integers(1, 40))
def test_turns_are_fair_where_everybody_is_there(people, calls):
    rota = {one: person(one) for one in range(people)}
    asked = Counter(choose(rota, NOON + timedelta(minutes=n)) for n in range(calls))
    counts = [asked[one] for one in range(people)]
    assert max(counts) - min(counts) <= 1
    assert sum(counts) == calls


@given(st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=30))
def test_whoever_is_asked_is_there_and_no_one_there_was_asked_longer_ago(absences):
    rota = {one: person(one) for one in range(5)}
    for n, absent in enumerate(absences):
        before = dict(rota)
        chosen = choose(rota, NOON + timedelta(minutes=n), may=lambda user_id, gone=absent: user_id not in gone)
        there = [one for one in before.values() if one.user_id not in absent]
        if not there:
            assert chosen is None
            continue
        assert chosen not in absent
        never = datetime.min.replace(tzinfo=UTC)
        assert min(one.asked_at or never for one in there) == (before[chosen].asked_at or never)


def test_who_is_paused_whose_duty_is_over_or_who_was_asked_for_this_newcomer_is_passed_over():
    rota = {
        1: person(1, paused_until=NOON + timedelta(minutes=1)),
        2: OnCall(2, NOON, ALL_DAY),
        3: person(3),
        4: person(4, asked_at=NOON - timedelta(days=1)),
    }
    assert choose(rota, NOON) == 3
    assert choose(rota, NOON, without={3, 4}) is None
    assert choose(rota, NOON + timedelta(minutes=1), without={3, 4}) == 1, "a pause ends by itself"


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        (Hours(), local((3, 2), 7, 59), False),
        (Hours(), local((3, 2), 8), True),
        (Hours(), local((3, 2), 21, 59), True),
        (Hours(), local((3, 2), 22), False),
        (Hours(frozenset({0}), time(22), time(2)), local((3, 2), 23, 59), True),
        (Hours(frozenset({0}), time(22), time(2)), local((3, 3), 0), True),
        (Hours(frozenset({0}), time(22), time(2)), local((3, 3), 1, 59), True),
        (Hours(frozenset({0}), time(22), time(2)), local((3, 3), 2), False),
        (Hours(frozenset({0}), time(22), time(2)), local((3, 2), 1), False),
        (Hours(frozenset({6}), time(22), time(2)), local((3, 2), 1), True),
        (Hours(frozenset({0}), time(0), time(0)), local((3, 2), 0), True),
        (Hours(frozenset({0}), time(0), time(0)), local((3, 3), 0), False),
        # 29 March 2026: at 02:00 it is 03:00.
        (Hours(EVERY_DAY, time(2), time(3)), datetime(2026, 3, 29, 0, 59, tzinfo=UTC), False),
        (Hours(EVERY_DAY, time(2), time(3)), datetime(2026, 3, 29, 1, 0, tzinfo=UTC), False),
        (Hours(EVERY_DAY, time(2), time(4)), datetime(2026, 3, 29, 1, 0, tzinfo=UTC), True),
        # 25 October 2026: 02:30 comes twice, and both count.
        (Hours(EVERY_DAY, time(2), time(3)), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        (Hours(EVERY_DAY, time(2), time(3)), datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),
        (Hours(EVERY_DAY, time(2), time(3)), datetime(2026, 10, 25, 2, 0, tzinfo=UTC), False),
    ],
)
def test_hours_hold_on_the_greeters_own_clock_over_midnight_and_when_the_clocks_change(hours, at, expected):
    assert hours.cover(at, PARIS) is expected


@given(
    st.sets(st.integers(0, 6)).map(frozenset),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(0, 7 * 24 * 60 - 1),
)
def test_of_two_shifts_that_make_a_day_exactly_one_covers_each_minute_of_a_day_that_is_chosen(days, start, end, minute):
    if start == end:
        return
    at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minute)
    utc = ZoneInfo("UTC")
    both = [Hours(EVERY_DAY, start, end).cover(at, utc), Hours(EVERY_DAY, end, start).cover(at, utc)]
    assert both.count(True) == 1
    one = Hours(days, start, end).cover(at, utc)
    begins = at if at.time() >= start or start < end else at - timedelta(days=1)
    assert one is (both[0] and begins.weekday() in days)


def test_half_the_time_is_chances_half_is_the_greeters_and_then_the_team_has_it():
    hour = timedelta(hours=1)

    def move(minutes, *, asked):
        return next_move(NOON, NOON + timedelta(minutes=minutes), hour, asked=asked)

    assert move(29.9, asked=False) == (Move.WAIT, NOON + hour / 2)
    assert move(30, asked=False)[0] is Move.ASK
    assert move(30, asked=True) == (Move.WAIT, NOON + hour)
    assert move(60, asked=True)[0] is Move.ESCALATE
    assert move(60, asked=False)[0] is Move.ESCALATE


MINUTE_IDS = 60_000 << 22
WORDS = Words(user_id=1, channel_id=50, message_id=1000 * MINUTE_IDS)


def heard(author=2, channel=50, minutes=1.0, **more):
    return Heard(author, channel, WORDS.message_id + int(minutes * MINUTE_IDS), **more)


@pytest.mark.parametrize(
    ("message", "how"),
    [
        (heard(), How.NEXT),
        (heard(author=1), None),
        (heard(channel=51), None),
        (heard(minutes=-1), None),
        (heard(channel=WORDS.message_id), How.NEXT),
        (heard(minutes=NEARBY / timedelta(minutes=1) + 1), None),
        (heard(mentions=frozenset({3})), None),
        (heard(mentions=frozenset({3, 1})), How.MENTION),
        (heard(replied_to=7, replied_author=3), None),
        (heard(replied_to=WORDS.message_id, replied_author=99), How.REPLY),
        (heard(replied_to=7, replied_author=1, channel=51), How.REPLY),
        (heard(channel=51, mentions=frozenset({1})), How.MENTION),
    ],
)
def test_a_reply_a_mention_and_the_next_message_answer_unless_it_is_said_to_somebody_else(message, how):
    assert answer_to(WORDS, message) == how


def test_who_waits_no_longer_leaves_nothing_behind_and_first_words_stay_the_first():
    nearby = Nearby()
    nearby.note(9, 1, 50, WORDS.message_id)
    nearby.note(9, 1, 50, WORDS.message_id + 5 * MINUTE_IDS)
    nearby.note(9, 4, 50, WORDS.message_id + MINUTE_IDS)
    assert nearby.answered(heard()) == {1: How.NEXT}
    assert nearby.answered(heard(minutes=2)) == {1: How.NEXT, 4: How.NEXT}
    nearby.forget(9, 1)
    nearby.forget(9, 4)
    assert nearby.answered(heard(minutes=2)) == {}
    assert not nearby._places
    assert not nearby._words
