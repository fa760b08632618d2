"""Who comes back, and what is new: on plain values."""

from datetime import date, timedelta

import pytest

from cogs.onboarding.comeback.rules import added, is_news, was_away

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(("days", "away"), [(0, False), (29, False), (30, True), (400, True)])
def test_thirty_days_without_anything_are_away(days, away):
    assert was_away(TODAY - timedelta(days=days), TODAY) is away


def test_who_was_never_active_does_not_come_back():
    assert not was_away(None, TODAY)


def test_a_return_of_more_than_a_week_ago_is_no_news():
    assert is_news(TODAY - timedelta(days=7), TODAY)
    assert not is_news(TODAY - timedelta(days=8), TODAY)


def test_only_groups_that_were_none_before_are_new():
    assert added([{"role": 1}, {"role": 2}], [3, 2, 4]) == [3, 4]
    assert added((), [3]) == [3]
