"""Who becomes whose buddy: on plain values, against everything hypothesis thinks of."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cogs.onboarding.buddies.rules import (
    CHECKS,
    DUTY,
    Offer,
    Person,
    best,
    common_hours,
    looks_next,
    questions_due,
    second_week,
)
from tests.conftest import NOW

NEW = 99
EVENING, MORNING = 0b11 << 19, 0b11 << 8

people = st.builds(
    Person,
    user_id=st.integers(1, 6),
    groups=st.frozensets(st.integers(1, 5), max_size=4),
    language=st.sampled_from([None, "en", "fr"]),
    hours=st.integers(0, 2**24 - 1),
)
offers = st.lists(
    st.builds(Offer, person=people, capacity=st.integers(1, 5), busy=st.integers(0, 6)),
    unique_by=lambda one: one.person.user_id,
)


@given(newcomer=people, offers=offers, before=st.none() | st.integers(1, 6))
def test_nobody_is_over_capacity_their_own_buddy_or_the_same_one_again_and_a_free_one_is_always_found(
    newcomer, offers, before
):
    found = best(newcomer, offers, before)
    fitting = [
        one for one in offers if one.busy < one.capacity and one.person.user_id not in (newcomer.user_id, before)
    ]
    assert (found in fitting) if fitting else found is None


@given(
    capacities=st.lists(st.integers(1, 5), min_size=1, max_size=6),
    newcomers=st.lists(people, max_size=25),
    same=people,
)
def test_a_stream_of_newcomers_fills_equal_buddies_evenly_and_never_beyond(capacities, newcomers, same):
    buddies = [Offer(replace(same, user_id=100 + n), capacity) for n, capacity in enumerate(capacities)]
    given_to = Counter()
    for n, newcomer in enumerate(newcomers):
        found = best(newcomer, buddies)
        if found is None:
            assert all(one.busy == one.capacity for one in buddies)
            continue
        assert found.busy / found.capacity == min(one.busy / one.capacity for one in buddies if one.free)
        place = buddies.index(found)
        buddies[place] = replace(found, busy=found.busy + 1, last_at=NOW + timedelta(hours=n))
        given_to[found.person.user_id] += 1
    assert all(given_to[one.person.user_id] == one.busy <= one.capacity for one in buddies)
    if len(set(capacities)) == 1 and newcomers:
        loads = [one.busy for one in buddies]
        assert max(loads) - min(loads) <= 1


def test_the_only_free_buddy_is_not_given_again_to_whoever_had_them_last_nor_to_themselves():
    only = Offer(Person(1), 5)
    assert best(Person(NEW), [only]) is only
    assert best(Person(NEW), [only], before=1) is None
    assert best(Person(1), [only]) is None


def test_who_has_waited_longest_goes_first_among_those_with_as_much_room():
    tired = [Offer(Person(n), 2, 0, NOW - timedelta(days=n)) for n in (1, 3, 2)]
    assert best(Person(NEW), tired).person.user_id == 3
    assert best(Person(NEW), [*tired, Offer(Person(9), 2)]).person.user_id == 9


def test_language_comes_before_groups_and_groups_before_hours_and_hours_before_room():
    newcomer = Person(NEW, frozenset({1, 2}), "fr", EVENING)
    speaks = Offer(Person(1, language="fr"), 5, 4)
    shares = Offer(Person(2, frozenset({1, 2}), "en", EVENING), 5)
    unknown = Offer(Person(3, frozenset({1}), None), 5, 4)
    awake = Offer(Person(4, frozenset({1}), None, EVENING), 5, 4)
    roomy = Offer(Person(5, frozenset({1}), None, MORNING), 5)
    ranked, left = [], [shares, roomy, unknown, awake, speaks]
    while left:
        ranked.append(best(newcomer, left))
        left.remove(ranked[-1])
    assert ranked[0] is speaks
    assert ranked[1] is awake
    assert ranked[2] is roomy, "room decides among those with no hour in common"
    assert ranked[4] is shares, "a buddy who speaks another language is better than none, and comes last"


def test_hours_count_by_the_share_of_the_newcomers_and_a_newcomer_without_any_prefers_nobody():
    assert common_hours(0, 2**24 - 1) == 0
    assert common_hours(EVENING, 2**24 - 1) == 4
    assert common_hours(EVENING | MORNING, EVENING) == 2


def test_questions_are_asked_after_three_and_seven_days_once_each_and_the_duty_ends_after_fourteen():
    assert questions_due(NOW, 0, NOW + timedelta(days=3, seconds=-1)) == []
    assert questions_due(NOW, 0, NOW + CHECKS[0]) == [0]
    assert questions_due(NOW, 1, NOW + CHECKS[0]) == []
    assert questions_due(NOW, 0, NOW + timedelta(days=8)) == [0, 1], "after an outage both are due"
    assert [looks_next(NOW, n) - NOW for n in range(3)] == [timedelta(days=3), timedelta(days=7), DUTY]
    assert second_week(date(2026, 3, 2)) == (date(2026, 3, 9), date(2026, 3, 15))
