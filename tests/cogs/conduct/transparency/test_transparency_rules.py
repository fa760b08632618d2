"""What is named of a month: nothing small, and nothing from which something small can be computed."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.community.rules import ALWAYS, Calendar, ZoneChange
from bot.contracts.moderation import ENOUGH
from cogs.conduct.transparency.months import Month, beginning, latest
from cogs.conduct.transparency.rules import overturned, part, told

counts = st.integers(0, 12)
tables = st.integers(1, 4).flatmap(lambda size: st.lists(counts, min_size=size, max_size=size))
FEW = range(ENOUGH)


@st.composite
def divided(draw):
    """One total, divided in two ways."""
    first = draw(tables)
    cells, rest = [], sum(first)
    for _ in range(draw(st.integers(0, 2))):
        cells.append(draw(st.integers(0, rest)))
        rest -= cells[-1]
    return [dict(enumerate(first)), dict(enumerate([*cells, rest]))]


def fillings(size, total):
    """Every way in which hidden cells can have a sum; every way at all where it is not known."""
    return [one for one in product(FEW, repeat=size) if total is None or sum(one) == total]


@given(divided())
@settings(max_examples=25)
def test_whoever_knows_everything_that_is_named_cannot_tell_what_a_hidden_cell_holds(made):
    said = told(made)
    assert said.total in (None, sum(made[0].values()))
    assert said.at_least == sum(said.tables[0].values())
    for table, shown in zip(made, said.tables, strict=True):
        assert shown in ({}, {key: count for key, count in table.items() if count >= ENOUGH})
        if not shown and any(count >= ENOUGH for count in table.values()):
            continue  # the table is withheld: nothing is known of its cells
        hidden = [key for key in table if key not in shown]
        rest = None if said.total is None else said.total - sum(shown.values())
        possible = fillings(len(hidden), rest)
        for place in range(len(hidden)):
            assert len({one[place] for one in possible}) > 1, "this cell is the same in every case"


def test_a_second_table_does_not_give_away_what_the_first_withholds():
    people = {"people": 9, "filters": 6}
    assert told([{"warn": 13, "ban": 2}, people]).tables == ({"warn": 13}, {})
    assert told([{"warn": 9, "ban": 6}, people]).tables == ({"warn": 9, "ban": 6}, people)
    spread = told([{"warn": 9, "ban": 3, "kick": 3}, people])
    assert (spread.total, spread.at_least, spread.tables) == (15, 9, ({"warn": 9}, people))
    assert told([{"warn": 7, "ban": 4, "kick": 4}]).total is None, "eight between two can only be four and four"
    assert told([{"warn": 7, "ban": 0}]).total is None, "that there was none is small too"


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
