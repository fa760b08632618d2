"""What is a raid, how long it lasts and whom a ban spares, on plain values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.onboarding.raids.rules import (
    DISMISSED_FOR,
    PAUSE,
    QUIET,
    RENEWED_BEFORE,
    Join,
    Limits,
    Pausing,
    Spared,
    Suspect,
    Window,
    goes_on,
    may_alert,
    paused_until,
    pausing,
    spared,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIMITS = Limits(10, timedelta(minutes=5), timedelta(days=7))

joins = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=60)
limits = st.builds(Limits, st.integers(1, 6), st.integers(1, 12).map(lambda n: n * SECOND), st.just(timedelta(days=7)))


@given(joins, limits)
def test_in_order_the_window_tells_a_raid_exactly_when_more_accounts_than_the_limit_came_within_it(came, limit):
    window, seen = Window(), []
    for second, user_id in sorted(came):
        at = NOW + second * SECOND
        seen.append((at, user_id))
        within = {who for when, who in seen if when > at - limit.within}
        assert window.add(Join(at, user_id), limit) is (len(within) > limit.joins)
        assert {one.user_id for one in window.joins()} == within


@given(joins, limits, st.randoms(use_true_random=False))
def test_whatever_the_order_and_however_often_told_the_window_ends_with_the_same_joins(came, limit, chance):
    in_order, shuffled = Window(), Window()
    told = [Join(NOW + second * SECOND, user_id) for second, user_id in came]
    for one in sorted(told):
        in_order.add(one, limit)
    again = told * 2
    chance.shuffle(again)
    for one in again:
        shuffled.add(one, limit)
    newest = max((one.at for one in told), default=NOW)
    latest = {one.user_id: one for one in sorted(told) if one.at > newest - limit.within}
    assert set(shuffled.joins()) == set(in_order.joins()) == set(latest.values())
    assert list(shuffled.joins()) == sorted(shuffled.joins())


def test_ten_in_five_minutes_are_no_raid_and_the_eleventh_is_one():
    window = Window()
    told = [window.add(Join(NOW + n * 29 * SECOND, n), LIMITS) for n in range(11)]
    assert told == [False] * 10 + [True]


@pytest.mark.parametrize(("age", "young"), [(6.9, True), (7, False), (400, False)])
def test_an_account_is_young_by_its_age_when_it_came(age, young):
    assert LIMITS.is_young(NOW - timedelta(days=age), NOW) is young


def test_a_raid_lasts_half_an_hour_after_its_last_join_and_while_the_brake_is_on():
    later = NOW + QUIET + SECOND
    assert goes_on(NOW, None, NOW + QUIET, braked=False)
    assert not goes_on(NOW, None, later, braked=False)
    assert not goes_on(NOW, NOW, NOW + SECOND, braked=False), "it was dismissed"
    assert goes_on(NOW, None, NOW + timedelta(days=9), braked=True)
    assert may_alert(NOW, None, later)
    assert not may_alert(NOW, None, NOW + QUIET)


def test_a_dismissed_alert_keeps_the_next_one_away_for_an_hour():
    assert not may_alert(NOW, NOW, NOW + DISMISSED_FOR)
    assert may_alert(NOW, NOW, NOW + DISMISSED_FOR + SECOND)


def test_a_pause_never_exceeds_what_discord_takes_and_is_renewed_before_it_ends():
    until = paused_until(NOW)
    assert NOW + timedelta(hours=23) < until < NOW + PAUSE
    assert pausing(None, None, NOW) is Pausing.RENEW
    assert pausing(until, until, NOW + timedelta(hours=12)) is Pausing.WAIT
    assert pausing(until, until, until - RENEWED_BEFORE) is Pausing.RENEW
    assert pausing(until, None, until + SECOND) is Pausing.RENEW, "it ran out while we were away"
    assert pausing(until, None, NOW + timedelta(hours=12)) is Pausing.ENDED, "somebody ended it on Discord"


def test_a_ban_spares_whoever_is_old_on_the_team_answered_or_too_high_each_for_the_first_reason():
    cases = {
        None: Suspect(False, True),
        Spared.BANNED: Suspect(True, False),
        Spared.OLD: Suspect(False, False, staff=True),
        Spared.STAFF: Suspect(False, True, staff=True, answered=True),
        Spared.ANSWERED: Suspect(False, True, answered=True, below_actor=False),
        Spared.YOUR_RANK: Suspect(False, True, below_actor=False, below_bot=False),
        Spared.MY_RANK: Suspect(False, True, below_bot=False),
    }
    assert {reason: spared(one) for reason, one in cases.items()} == {reason: reason for reason in cases}
