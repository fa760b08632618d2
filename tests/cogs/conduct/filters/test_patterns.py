"""No pattern and no text holds the loop up, and RE2's refusals are shown (promise 20)."""

import random
import time

import pytest

from bot.errors import UserError
from cogs.conduct.filters.compiled import compile_filters
from cogs.conduct.filters.model import Filter, FilterKind
from cogs.conduct.filters.patterns import LARGEST
from cogs.conduct.filters.refusals import BadPattern, PatternMatchesNothing, PatternTooLarge
from tests.cogs.conduct.filters.conftest import FILTERS, armed

LIMIT = 0.005
"""Seconds of processor time for one look at one message."""
EVIL = (
    r"(a+)+$!",
    r"(a|a)*b!",
    r"(a|aa)+c",
    r"(x+x+)+y",
    r"(.*a){12}z",
    r"(a|b)*a(a|b){12}c",
    r"(a|b)*a(a|b){60}c",
    r"([a-z]+)*\d!",
    r"(?:a?){100}z",
    r"((a{0,12}){0,12})x!",
    r"a.{0,60}b.{0,30}c",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
)


def texts() -> list[str]:
    chance = random.Random(20)
    kinds = ("a", "ab", "abx ", "aé", "a1b2", "[](https://a.b%20", "a.b/c@d:", "ass fuck b!tch 4 ", "а漢🙂a")
    return [kind * (4000 // len(kind)) for kind in kinds] + ["".join(chance.choices(kind, k=4000)) for kind in kinds]


def worst(look, text: str) -> float:
    """The best of three: another program on the machine slows one, a backtracking engine all."""
    spent = []
    for _ in range(3):
        started = time.thread_time()
        look(text)
        spent.append(time.thread_time() - started)
    return min(spent)


def slow(filters) -> list[tuple[str, float]]:
    compiled = compile_filters(filters)
    return [(text[:20], spent) for text in texts() if (spent := worst(compiled.look, text)) > LIMIT]


def test_evil_patterns_on_the_longest_messages_take_no_five_milliseconds_of_the_loop():
    assert slow([Filter(1, FilterKind.PATTERNS, EVIL)]) == []
    assert [pattern for pattern in EVIL if slow([Filter(1, FilterKind.PATTERNS, (pattern,))])] == []


def test_all_filters_together_on_the_longest_messages_take_no_five_milliseconds():
    assert slow(FILTERS) == []


def test_patterns_that_are_put_off_are_tried_in_the_end():
    compiled = compile_filters([Filter(1, FilterKind.PATTERNS, (r"(a|b){200}c",))])
    look = compiled.look("ab" * 1900 + "c")
    assert look.hits == []
    assert [hit.what for hit in look.rest()] == [r"(a|b){200}c"]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [("(", "missing )"), ("a(?=b)", "(?="), (r"(a)\1", r"\1"), ("x{1001}", "{1001}"), ("[z-a]", "z-a")],
)
def test_a_pattern_that_re2_refuses_is_refused_with_its_reason(pattern, reason):
    with pytest.raises(BadPattern) as refusal:
        compile_filters([armed(9, FilterKind.PATTERNS, pattern)])
    assert reason in refusal.value.params["reason"]
    assert refusal.value.filter_id == 9


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [("(.{0,90}a){10}z", PatternTooLarge), ("a" * 300, PatternTooLarge), ("a*", PatternMatchesNothing)],
)
def test_a_pattern_that_is_too_large_or_fits_everything_is_refused(pattern, kind):
    with pytest.raises(kind):
        compile_filters([armed(9, FilterKind.PATTERNS, pattern)])


def test_random_patterns_are_refused_or_quick():
    chance = random.Random(5)
    parts = ["a", "b", ".", r"\w", r"\d", "(a|b)", "[a-f]", "é"]
    ends = ["", "+", "*", "?", "{0,9}", "{2,5}", "{30}"]
    for _ in range(25):
        pattern = "".join(chance.choice(parts) + chance.choice(ends) for _ in range(chance.randint(2, 9)))
        try:
            compiled = compile_filters([Filter(1, FilterKind.PATTERNS, (pattern,))])
        except UserError:
            continue
        text = "".join(chance.choices("abcé1 ", k=4000))
        assert worst(compiled.look, text) < LIMIT, pattern
    assert LARGEST == 2_000
