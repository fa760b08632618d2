"""Which messages a cleaning takes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cogs.conduct.cleaning.rules import Picked, Seen, authors_of, take

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ages = st.sampled_from([timedelta(), timedelta(days=13), timedelta(days=13, hours=23), timedelta(days=20)])
messages = st.lists(st.tuples(st.integers(1, 4), ages, st.booleans(), st.booleans(), st.booleans()), max_size=40)


@given(messages, st.integers(1, 10))
def test_the_newest_that_fit_are_taken_and_pinned_ones_seniors_and_old_ones_never(found, count):
    picked, looked_at = Picked(), []
    for number, (author, age, wanted, pinned, senior) in enumerate(found):
        one = Seen(1000 - number, author, NOW - age, wanted, pinned, senior)
        looked_at.append(one)
        if not take(picked, one, count, NOW):
            break
    free = [one for one in looked_at if one.wanted and not one.pinned and not one.senior]
    young = [one for one in free if NOW - one.at < timedelta(days=13, hours=22)]
    assert picked.messages == young
    assert len(picked.messages) <= count
    spared = sum(one.wanted for one in looked_at) - len(young)
    assert picked.pinned + picked.seniors + picked.old == spared
    assert sum(picked.authors.values()) == len(young)


def test_whose_messages_are_counted_the_most_first():
    assert list(authors_of([(1, 7), (2, 8), (3, 8)]).items()) == [(8, 2), (7, 1)]
