"""What is named of a month: nothing small, and nothing from which something small can be computed."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.community.rules import ALWAYS, Calendar, ZoneChange
from bot.contracts.moderation import ENOUGH
from cogs.conduct.transparency.months import Month, beginning, latest
from cogs.conduct.transparency.rules import overturned, part, told

counts = st.integers(0, 12)
tables = st.lists(counts, min_size=1, max_size=4).map(lambda cells: dict(enumerate(cells)))
FEW = range(ENOUGH)


@given(tables)
@settings(max_examples=25)
@example({0: 9, 1: 4, 2: 4})
@example({0: 9, 1: 0})
def test_whoever_knows_everything_that_is_named_cannot_tell_what_a_hidden_cell_holds(table):
    said = told(table)
    assert said.total in (None, sum(table.values()))
    assert said.named == {key: count for key, count in table.items() if count >= ENOUGH}
    hidden = len(table) - len(said.named)
    rest = None if said.total is None else said.total - sum(said.named.values())
    possible = [one for one in product(FEW, repeat=hidden) if rest is None or sum(one) == rest]
    for place in range(hidden):
        assert len({one[place] for one in possible}) > 1, "this cell is the same in every case"


def test_a_total_is_told_where_it_gives_nothing_away():
    assert told({"warn": 9, "ban": 6}).total == 15
    assert told({"warn": 9, "ban": 3, "kick": 3}).total == 15
    assert told({"warn": 13, "ban": 2}).total is None
    assert told({"warn": 7, "ban": 4, "kick": 4}).total is None, "eight between two can only be four and four"
    assert told({"warn": 7, "ban": 0}).total is None, "that there was none is small too"


@pytest.mark.parametrize(
    ("of", "count", "said"), [(20, 5, 5), (20, 4, None), (20, 15, 15), (20, 16, None), (9, 9, None)]
)
def test_a_part_is_named_when_neither_it_nor_the_rest_is_small(of, count, said):
    assert part(of, count) == said


@given(st.dictionaries(st.sampled_from([None, 1, 2, 3]), st.tuples(counts, counts)))
@settings(max_examples=25)
def test_an_article_is_named_only_where_the_others_together_are_not_small_either(answers):
    named = overturned(answers)
    for one in named:
        assert (one.decided - one.overturned, one.overturned) == answers[one.article]
        assert min(answers[one.article]) >= ENOUGH
    others = [pair for article, pair in answers.items() if article not in {one.article for one in named}]
    if named and others:
        assert all(sum(pair[side] for pair in others) >= ENOUGH for side in (0, 1))


def test_an_overturn_rate_is_a_share_of_what_was_decided():
    (one,) = overturned({3: (6, 6)})
    assert (one.decided, one.overturned, one.rate) == (12, 6, 0.5)
    assert overturned({3: (6, 6), 4: (1, 0)}) == (), "one appeal elsewhere would be the difference to the total"


def test_months_are_written_read_and_counted_back():
    assert [str(one) for one in latest(date(2026, 2, 28), 3)] == ["2026-02", "2026-01", "2025-12"]
    assert (Month(2026, 2).last, Month(2025, 12).next) == (date(2026, 2, 28), Month(2026, 1))
    assert Month.parse(" 2026-3 ") == Month(2026, 3)
    assert [Month.parse(one) for one in ("2026-13", "2026", "2026-03-01", "0001-01", "March")] == [None] * 5


@given(
    st.sampled_from(["UTC", "Europe/Paris", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"]),
    st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo", "Pacific/Apia"]),
    st.dates(date(2024, 1, 1), date(2027, 1, 1)),
    st.integers(-3, 3),
)
@settings(max_examples=25)
def test_a_day_begins_at_its_first_instant_whatever_the_zone_becomes(zone, later, day, shift):
    calendar = Calendar([ZoneChange(ALWAYS, zone)])
    changed = calendar.with_change(calendar.change(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), later))
    wanted = day + timedelta(days=shift)
    begun = beginning(changed, wanted)
    assert changed.day(begun) >= wanted > changed.day(begun - timedelta(minutes=15))
