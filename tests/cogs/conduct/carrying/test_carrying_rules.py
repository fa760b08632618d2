"""When a notice is given up, and what Discord is told of a timeout."""

from datetime import UTC, datetime, timedelta

import pytest

from cogs.conduct.carrying.rules import LEAST_TRIES, patience, timeout_change, tried_again

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(("passed", "left"), [(0, 45), (30, 15), (44, 10), (3600, 10)])
def test_a_notice_holds_up_a_ban_for_less_than_a_minute_whatever_was_restarted(passed, left):
    assert patience(AT, AT + timedelta(seconds=passed)) == timedelta(seconds=left)


def test_a_letter_is_tried_for_a_day_from_its_own_promise_and_a_few_times_however_late_the_bot_is():
    assert tried_again(AT, 30, AT + DAY - timedelta(seconds=1))
    assert not tried_again(AT, 30, AT + DAY)
    assert [tried_again(AT, failures, AT + 5 * DAY) for failures in (0, LEAST_TRIES - 1, LEAST_TRIES)] == [
        True,
        True,
        False,
    ]


def test_a_timeout_is_set_once_and_looked_at_again_at_its_end():
    until = AT + timedelta(hours=2)
    assert timeout_change(until, None, AT) == (until, until)
    assert timeout_change(until, until, AT) == (None, until)
    assert timeout_change(until, AT - DAY, AT) == (until, until)
    assert timeout_change(until, until + DAY, AT) == (until, until)


@pytest.mark.parametrize("until", [None, AT + 40 * DAY])
def test_a_timeout_beyond_discords_limit_is_set_below_it_and_renewed_a_day_before(until):
    furthest = AT + 28 * DAY
    told, again = timeout_change(until, None, AT)
    assert furthest - timedelta(minutes=2) < told < furthest
    assert again == furthest - DAY
    # set anew only once it has less than a day left
    assert timeout_change(until, told, AT + DAY)[0] is None
    assert timeout_change(until, told, AT + 11 * DAY)[0] is None
    renewed, _ = timeout_change(until, told, AT + 27 * DAY)
    assert renewed == (until or renewed)
    assert renewed > told
