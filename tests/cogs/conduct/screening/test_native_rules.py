"""What of the word lists goes into Discord's AutoMod: pure planning."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.conduct.filters.model import FilterKind
from cogs.conduct.screening.native_rules import (
    ALLOWED,
    KEYWORD,
    KEYWORDS,
    RULES,
    Why,
    Wish,
    allowed_for,
    entries_of,
    is_ours,
    keyword,
    planned,
)
from cogs.conduct.screening.rules import Doing, Watch
from cogs.conduct.screening.soundness import of_kind

ENTRY = st.text(st.sampled_from("ab é*\n\u200b."), max_size=80)
MANY = st.integers(0, 2_300).map(lambda count: [f"word{number}" for number in range(count)])


def armed(number, *entries, **changes):
    new = replace(of_kind(1, FilterKind.WORDS, "Slurs", tuple(entries)), id=number, number=number, revision=1)
    return replace(new, watch=Watch.ARMED, doing=Doing.DELETE, **changes)


@given(st.lists(st.one_of(st.lists(ENTRY, max_size=6), MANY), max_size=9), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_discords_limits_hold_and_each_entry_is_native_or_told_as_our_own(lists, others):
    wishes = [Wish(armed(number, *entries)) for number, entries in enumerate(lists, 1)]
    plan = planned(wishes, others)
    assert len(plan.parts) + others <= max(RULES, others)
    assert len({part.name for part in plan.parts}) == len(plan.parts)
    for part in plan.parts:
        assert 1 <= len(part.keywords) <= KEYWORDS
        assert all(1 <= len(one) <= KEYWORD for one in part.keywords)
        assert is_ours(part.name)
        assert len(part.name) <= 100
    for wish in wishes:
        placed = plan.placed[wish.kept.id]
        assert sorted([*placed.native, *placed.own]) == sorted(entries_of(wish.kept))
        there = {word for part in plan.parts if part.filter_id == wish.kept.id for word in part.keywords}
        assert there == {keyword(entry) for entry in placed.native}
        assert (placed.why is None) == bool(there)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("word", "word"),
        ("  two   words ", "two words"),
        ("word*", "word*"),
        ("**word*", "*word*"),
        ("*", None),
        ("in*side", None),
        ("a" * 60, "a" * 60),
        ("a" * 60 + "*", None),
        ("hid\u200bden", None),
        ("two\nlines", None),
    ],
)
def test_stars_are_discords_stars_and_what_does_not_fit_is_no_keyword(entry, found):
    assert keyword(entry) == found


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": FilterKind.PATTERNS}, Why.NOT_WORDS),
        ({"watch": Watch.SHADOW}, Why.NOT_ARMED),
        ({"doing": Doing.REPORT}, Why.NOT_DELETE),
        ({"doing": Doing.WARN}, Why.NOT_DELETE),
        ({"entries": ("x" * 61,)}, Why.NONE_FIT),
    ],
)
def test_only_an_armed_word_list_that_deletes_goes_there(changes, why):
    assert planned([Wish(replace(armed(1, "badword"), **changes))], 0).placed[1].why is why


def test_a_filter_that_does_not_fit_leaves_its_room_to_the_next_and_a_removed_one_takes_none():
    big, small = armed(1, *(f"w{number}" for number in range(1_001))), armed(2, "badword")
    plan = planned([Wish(big), Wish(small)], RULES - 1)
    assert (plan.placed[1].why, plan.placed[2].why) == (Why.NO_ROOM, None)
    plan = planned([Wish(small), Wish(armed(3, "other"))], RULES - 1, frozenset({2}))
    assert (plan.placed[2].why, plan.placed[3].why) == (Why.REMOVED, None)


def test_whoever_is_to_be_spared_is_spared_or_the_rule_is_not_made():
    kept = armed(1, "bad")
    assert planned([Wish(kept, roles=tuple(range(21)))], 0).placed[1].why is Why.TOO_MANY_EXEMPT
    assert planned([Wish(kept, channels=tuple(range(51)))], 0).placed[1].why is Why.TOO_MANY_EXEMPT
    assert planned([Wish(kept, roles=tuple(range(20)), channels=tuple(range(50)))], 0).placed[1].why is None


def test_welcome_words_pass_and_those_that_no_entry_could_hit_take_no_room():
    assert allowed_for(["*boss*"], ["bosser", "hello"], ()) == ("bosser",)
    assert allowed_for(["*assic*"], ["clas*"], ()) == ("clas*",)
    assert allowed_for(["*boss*"], [f"boss{number}" for number in range(ALLOWED)], ()) is not None
    assert allowed_for(["*boss*"], [f"boss{number}" for number in range(ALLOWED + 1)], ()) is None
    assert allowed_for(["*boss*"], [f"x{number}" for number in range(ALLOWED + 1)], ()) == ()


def test_the_lists_that_come_with_the_bot_fit_with_their_welcome_words():
    plan = planned([Wish(armed(1, shipped=("en", "fr")))], 5)
    assert plan.placed[1].why is None
    assert plan.placed[1].own == ()
