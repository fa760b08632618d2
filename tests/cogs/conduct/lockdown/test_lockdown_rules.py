"""What a lockdown sets and gives back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.conduct.lockdown.rules import (
    NOTHING,
    PAUSE,
    Bits,
    Verdict,
    closed,
    next_look,
    opened,
    pause_to_set,
    restoring,
    setting,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALL, MASK = 0b1111, 0b0011
"""Four permissions, of which a lockdown is about two."""
HOUR = timedelta(hours=1)


@st.composite
def overwrites(draw):
    """Nothing, or what is allowed and denied; never both."""
    if draw(st.booleans()):
        return None
    allow = draw(st.integers(0, ALL))
    return Bits(allow, draw(st.integers(0, ALL)) & ~allow)


class Channel:
    """An overwrite on Discord, and the row that is kept about it."""

    def __init__(self, before, shut):
        self.before = self.found = before
        self.after = (closed if shut else opened)(before, MASK)
        self.outside = (before or NOTHING).within(ALL & ~MASK)
        self.theirs = None

    def bring(self, decide):
        judged, wanted = decide(self.before, self.after, self.found, MASK)
        if judged is Verdict.WRITE:
            self.found = wanted
        return judged

    def by_hand(self, overwrite):
        self.found = overwrite
        self.outside = (overwrite or NOTHING).within(ALL & ~MASK)
        self.theirs = (overwrite or NOTHING).within(MASK)


@given(
    overwrites(),
    st.booleans(),
    st.lists(st.one_of(st.just("set"), st.tuples(st.just("hand"), overwrites())), max_size=4),
    st.lists(st.one_of(st.just("restore"), st.tuples(st.just("hand"), overwrites())), max_size=4),
)
def test_after_any_changes_by_hand_and_any_crashes_all_is_as_before_or_as_the_human_set_it(before, shut, first, then):
    channel = Channel(before, shut)
    ours, original = channel.after.within(MASK), (before or NOTHING).within(MASK)
    if ours == original:
        return  # no step is planned
    for decide, acts in ((setting, ["set", *first]), (restoring, [*then, "restore", "restore"])):
        for act in acts:
            if act in ("set", "restore"):
                channel.bring(decide)
            else:
                channel.by_hand(act[1])
    present = (channel.found or NOTHING).within(MASK)
    assert (channel.found or NOTHING).within(ALL & ~MASK) == channel.outside, "what it is not about stays as it is"
    if channel.theirs in (None, ours, original):
        assert present == original
    else:
        assert present in (channel.theirs, original)
    if channel.theirs is None:
        assert channel.found == before, "exactly, down to an overwrite that did not exist"


@given(overwrites(), st.booleans(), overwrites())
def test_what_a_human_chose_last_about_writing_is_left_as_it_is(before, shut, chosen):
    channel = Channel(before, shut)
    ours, original = channel.after.within(MASK), (before or NOTHING).within(MASK)
    channel.bring(setting)
    channel.by_hand(chosen)
    judged = channel.bring(restoring)
    if channel.theirs not in (ours, original) and ours != original:
        assert judged is Verdict.THEIRS
        assert channel.found == chosen


def test_what_is_closed_denies_and_allows_nothing_of_what_it_is_about_and_the_rest_stays():
    assert closed(Bits(0b0101, 0b1000), MASK) == Bits(0b0100, 0b1011)
    assert opened(Bits(0b0100, 0b1010), MASK) == Bits(0b0111, 0b1000)
    assert closed(None, MASK) == Bits(0, MASK)


def pause(until, noted, seen, present=NOW):
    def at(hours):
        return None if hours is None else NOW + hours * HOUR

    return pause_to_set(at(until), at(noted), at(seen), present)


@pytest.mark.parametrize(
    ("until", "noted", "seen", "wanted"),
    [
        (2, None, None, NOW + 2 * HOUR),
        (48, None, None, NOW + PAUSE),
        (2, None, 5, None),
        (2, 2, 2, None),
        (48, 5, 5, None),
        (48, 0.5, 0.5, NOW + PAUSE),
        (5, 2, 2, NOW + 5 * HOUR),
        (5, 2, None, None),
        (5, -1, None, NOW + 5 * HOUR),
    ],
    ids=["short", "a day at most", "longer already", "done", "not yet", "renewed", "prolonged", "by hand", "lapsed"],
)
def test_invites_are_paused_to_the_end_a_day_at_a_time_unless_somebody_ended_that(until, noted, seen, wanted):
    assert pause(until, noted, seen) == wanted


def test_a_lockdown_is_looked_at_before_its_pause_runs_out_and_at_its_end():
    assert next_look(NOW + 5 * HOUR, NOW + 5 * HOUR, NOW) == NOW + 5 * HOUR
    assert next_look(NOW + 48 * HOUR, NOW + 24 * HOUR, NOW) == NOW + 23 * HOUR
    assert next_look(NOW + HOUR / 2, None, NOW) == NOW + HOUR / 2
