"""A flood is told once, with its messages; memory stays bounded; no text is kept."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.conduct.filters.spam import MOST_SAMPLES, Flood, Limit, Sample, SpamCounters, SpamLimits

LIMITS = SpamLimits()


def sample(number: int, at: float, *, text: int = 0, **rest) -> Sample:
    given = {"channel_id": 20, "mentions": 0, "links": 0, "characters": 10, **rest}
    return Sample(at=at, message_id=number, fingerprint=text or -number, **given)


def told(samples: list[Sample], limits: SpamLimits = LIMITS) -> list:
    counters = SpamCounters()
    return [burst for one in samples if (burst := counters.add(1, 7, one, limits))]


def test_seven_messages_in_ten_seconds_are_one_flood_however_many_follow():
    bursts = told([sample(n, n * 1.0) for n in range(1, 21)])
    assert [(one.flood, one.count) for one in bursts] == [(Flood.MESSAGES, 7)]
    assert bursts[0].messages == tuple((20, n) for n in range(1, 8))


def test_six_messages_in_ten_seconds_are_none():
    assert told([sample(n, n * 1.7) for n in range(1, 40)]) == []


@pytest.mark.parametrize(
    ("flood", "rest", "enough"),
    [
        (Flood.MENTIONS, {"mentions": 1}, 5),
        (Flood.MENTIONS, {"mentions": 5}, 1),
        (Flood.LINKS, {"links": 4}, 3),
        (Flood.CHARACTERS, {"characters": 2_100}, 2),
        (Flood.DUPLICATES, {"text": 5}, 3),
    ],
)
def test_each_rule_has_its_limit(flood, rest, enough):
    assert [one.flood for one in told([sample(n, n * 1.0, **rest) for n in range(1, enough + 1)])] == [flood]
    assert told([sample(n, n * 1.0, **rest) for n in range(1, enough)]) == []


def test_duplicates_count_across_channels_and_only_they_are_told():
    texts = [(1, 5, 20), (2, 6, 20), (3, 5, 21), (4, 5, 22)]
    bursts = told([sample(n, n * 1.0, text=text, channel_id=channel) for n, text, channel in texts])
    assert [one.messages for one in bursts] == [((20, 1), (21, 3), (22, 4))]


def test_characters_count_for_five_seconds_only():
    assert told([sample(1, 0.0, characters=4_000), sample(2, 6.0, characters=4_000)]) == []


def test_after_the_quiet_time_a_new_flood_is_told():
    first = [sample(n, n * 0.1) for n in range(1, 8)]
    second = [sample(100 + n, 60 + n * 0.1) for n in range(1, 8)]
    assert len(told(first + second)) == 2


def test_a_message_told_twice_counts_once():
    assert told([sample(n, n * 1.0) for n in range(1, 7)] * 3) == []


def test_a_rule_with_a_count_of_zero_is_off():
    off = Limit(0, 10)
    assert told([sample(n, n * 0.1, text=5) for n in range(1, 30)], SpamLimits(messages=off, duplicates=off)) == []


def test_members_do_not_count_for_each_other_and_can_be_forgotten():
    counters = SpamCounters()
    assert [counters.add(1, n, sample(n, 1.0), LIMITS) for n in range(1, 10)] == [None] * 9
    counters.forget(1, 3)
    assert len(counters) == 8
    counters.forget(1)
    assert len(counters) == 0


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.sampled_from([0.0, 0.3, 1.0, 2.5, 9.9, 10.0, 10.1, 31.0]),
            st.integers(1, 3),
            st.sampled_from([0, 0, 0, 2]),
            st.sampled_from([10, 10, 2_500]),
        ),
        max_size=40,
    )
)
def test_counting_with_a_short_memory_finds_what_counting_all_messages_anew_finds(steps):
    counters, known, quiet, at = SpamCounters(), defaultdict(list), {}, 0.0
    for number, (member, pause, text, mentions, characters) in enumerate(steps, 1):
        at += pause
        one = sample(number, at, text=text, mentions=mentions, characters=characters)
        burst = counters.add(1, member, one, LIMITS)
        expected = None
        if at >= quiet.get(member, 0.0):
            known[member].append(one)
            expected = brute_force(known[member], one)
        assert (burst and (burst.flood, burst.count)) == expected
        if expected:
            known[member].clear()
            quiet[member] = at + LIMITS.quiet_seconds


def brute_force(samples, latest):
    """The first rule that is broken, and how much there is of it."""
    rules = {
        Flood.DUPLICATES: (LIMITS.duplicates, lambda one: one.fingerprint == latest.fingerprint),
        Flood.MENTIONS: (LIMITS.mentions, lambda one: one.mentions),
        Flood.MESSAGES: (LIMITS.messages, lambda one: 1),
        Flood.CHARACTERS: (LIMITS.characters, lambda one: one.characters),
    }
    for flood, (limit, amount) in rules.items():
        total = sum(amount(one) for one in samples if one.at > latest.at - limit.seconds)
        if total >= limit.count:
            return flood, total
    return None


def test_whoever_is_silent_for_long_is_forgotten_and_whoever_counts_is_not():
    counters = SpamCounters()
    for second in range(100):
        counters.add(1, 1000 + second, sample(second + 1, float(second)), LIMITS)
        assert len(counters) <= 2 * LIMITS.longest + 2
    found = [counters.add(1, 7, sample(200 + n, 100.0 + n * 1.6), LIMITS) for n in range(7)]
    assert [one and one.count for one in found] == [None] * 6 + [7], "nobody is forgotten within the span of a rule"


def test_after_a_verdict_there_is_quiet_though_the_member_was_silent_meanwhile():
    counters = SpamCounters()
    assert any(counters.add(1, 7, sample(n, n * 0.1), LIMITS) for n in range(1, 8))
    for second in range(2, 29):
        counters.add(1, 1000 + second, sample(100 + second, float(second)), LIMITS)
    assert not any(counters.add(1, 7, sample(200 + n, 29.0 + n * 0.01), LIMITS) for n in range(7))
    assert any(counters.add(1, 7, sample(300 + n, 31.0 + n * 0.01), LIMITS) for n in range(7))


def test_memory_is_bounded_in_members_and_in_messages():
    counters = SpamCounters(most_members=50)
    for number in range(1, 500):
        counters.add(1, number, sample(number, 1.0), LIMITS)
        assert len(counters) == number if number <= 25 else 25 <= len(counters) <= 50
    never = SpamLimits(messages=Limit(10_000, 3600))
    for number in range(1, 500):
        counters.add(2, 7, sample(number, 1.0), never)
    assert len(counters._servers[2].lately[7].samples) == MOST_SAMPLES
