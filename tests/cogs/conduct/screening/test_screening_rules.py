"""When arming a filter asks first, and when a filter has been wrong too often: pure rules."""

import pytest

from cogs.conduct.screening.rules import Doing, Outcome, asks, decides, too_often
from cogs.conduct.screening.trying import MESSAGES, BackTest


@pytest.mark.parametrize(
    ("hits", "looked_at", "asked"),
    [(0, 0, False), (0, 1_000, False), (50, 1_000, False), (51, 1_000, True), (1, 20, False), (1, 19, True)],
)
def test_what_would_hit_more_than_five_percent_of_the_last_thousand_messages_is_asked_about(hits, looked_at, asked):
    assert MESSAGES == 1_000
    assert asks(hits, looked_at) is asked
    assert BackTest(looked_at, hits, 0, (), 0, 0).asks is asked
    assert BackTest(looked_at, hits, 0, (), 0, 0, wrong_in_shadow=3).asks, "and what was wrong too often in shadow"


def test_three_wrong_ones_of_the_newest_ten_are_too_many():
    assert too_often([True, False, True, False, True])
    assert not too_often([True, True])
    assert not too_often([False] * 9 + [True] * 5), "older ones say nothing any more"
    assert too_often([False] * 7 + [True] * 3)


def test_a_guess_and_what_only_watched_are_no_decisions():
    for doing in Doing:
        assert {Outcome.WATCHED, Outcome.JOINED}.isdisjoint(decides(doing))
        assert (Outcome.LOOKED_AT in decides(doing)) is (doing is Doing.REPORT)
        assert {Outcome.ACTED, Outcome.HELD} <= decides(doing)
