"""The rules of the welcome, on plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.onboarding import rules
from cogs.onboarding.rules import (
    AnswerMissing,
    EmptyIntroduction,
    IntroductionTooLong,
    Offer,
    Planned,
    Progress,
    Prompt,
    State,
    Step,
)

EVERYTHING = Offer(code_major=1, groups=True, introductions=True)
ALL = tuple(Planned(step, required=True) for step in Step)
progresses = st.builds(
    Progress,
    screened=st.booleans(),
    accepted_major=st.integers(0, 3),
    groups=st.booleans(),
    introduced=st.booleans(),
    first_message=st.booleans(),
    first_reply=st.booleans(),
)
wanted = st.lists(st.builds(Planned, st.sampled_from(Step), st.booleans()), max_size=8)
offers = st.builds(Offer, st.integers(1, 3), st.booleans(), st.booleans(), st.booleans())


def steps(plan):
    return [planned.step for planned in plan.steps]


def test_steps_that_lead_nowhere_are_hidden():
    bare = Offer(code_major=1, groups=False, introductions=False, screening=False)
    assert steps(rules.plan(ALL, bare)) == [Step.CODE, Step.FIRST_MESSAGE, Step.FIRST_REPLY]


def test_a_step_named_twice_stands_once_where_it_stood_first():
    twice = [Planned(Step.GROUPS, False), Planned(Step.CODE, True), Planned(Step.GROUPS, True)]
    assert rules.plan(twice, EVERYTHING).steps == (Planned(Step.GROUPS, False), Planned(Step.CODE, True))


def test_the_next_step_is_the_first_one_the_newcomer_can_do():
    order = [Planned(step, False) for step in (Step.FIRST_REPLY, Step.INTRODUCTION, Step.GROUPS)]
    way = rules.checklist(rules.plan(order, EVERYTHING), Progress(screened=True))
    assert way.next is Step.INTRODUCTION
    assert [line.state for line in way.lines] == [State.WAITING, State.NEXT, State.OPEN]


def test_an_answer_to_wait_for_is_not_something_to_press():
    way = rules.checklist(rules.plan([Planned(Step.FIRST_REPLY, True)], EVERYTHING), Progress(screened=True))
    assert (way.next, way.ready, way.complete) == (None, False, False)


def test_a_new_major_version_of_the_code_opens_its_step_again_and_a_minor_one_does_not():
    plan = rules.plan([Planned(Step.CODE, True)], Offer(code_major=2, groups=False, introductions=False))
    assert not rules.is_ready(plan, Progress(screened=True, accepted_major=1))
    assert rules.is_ready(plan, Progress(screened=True, accepted_major=2))


def test_nobody_is_ready_while_discords_screening_is_open_even_where_it_is_no_step():
    assert not rules.is_ready(rules.plan([], EVERYTHING), Progress(screened=False))
    assert rules.is_ready(rules.plan([], EVERYTHING), Progress(screened=True))


@given(wanted, offers, progresses)
def test_ready_means_every_visible_required_step_is_done_and_complete_means_all_are(entries, offer, progress):
    way = rules.checklist(rules.plan(entries, offer), progress)
    required = [line for line in way.lines if line.required]
    assert way.ready is (progress.screened and all(line.state is State.DONE for line in required))
    assert way.complete is all(line.state is State.DONE for line in way.lines)
    assert way.done == [line.state for line in way.lines].count(State.DONE)
    standing_out = [line.step for line in way.lines if line.state is State.NEXT]
    assert standing_out == ([] if way.next is None else [way.next])
    assert not set(standing_out) & rules.NOT_OURS


@given(wanted, offers, progresses, st.sampled_from(["groups", "introduced", "first_message", "first_reply"]))
def test_doing_one_more_step_never_undoes_another(entries, offer, progress, done):
    from dataclasses import replace

    plan = rules.plan(entries, offer)
    before, after = rules.checklist(plan, progress), rules.checklist(plan, replace(progress, **{done: True}))
    assert after.done >= before.done
    assert after.ready or not before.ready


@pytest.mark.parametrize(
    ("newcomer", "greeter", "bot", "counts"), [(1, 2, False, True), (1, 1, False, False), (1, 2, True, False)]
)
def test_only_another_human_greets(newcomer, greeter, bot, counts):
    assert rules.may_greet(newcomer, greeter, greeter_is_bot=bot) is counts


# Introductions

ONE = [Prompt("Who?", required=True)]
TWO = [*ONE, Prompt("What?", required=False)]


@pytest.mark.parametrize(
    "nothing", ["", "   \n ", "\u200b\u200d\ufeff", "\u3164\u2800", "\u0301\u0301", "\u202e\u2066", "\x00\x07"]
)
def test_an_introduction_that_shows_nothing_is_refused(nothing):
    with pytest.raises(EmptyIntroduction):
        rules.answers(ONE, [nothing])


@pytest.mark.parametrize("something", ["a", "👋", "1", "e\u0301", "你", "👩\u200d🚀", " . "])
def test_whatever_shows_something_is_an_introduction(something):
    assert rules.answers(ONE, [something]) == (something.strip(),)


def test_a_required_answer_is_named_when_it_is_missing():
    with pytest.raises(AnswerMissing) as refusal:
        rules.answers(TWO, ["  ", "I make lamps."])
    assert refusal.value.params == {"prompt": "Who?"}
    assert rules.answers(TWO, ["Ada", " "]) == ("Ada", "")


@pytest.mark.parametrize("prompts", [1, 2, 3])
def test_an_answer_over_its_limit_is_refused_with_both_numbers(prompts):
    questions = [Prompt(str(n), required=False) for n in range(prompts)]
    limit = rules.answer_limit(prompts)
    assert rules.answers(questions, ["x" * limit] * prompts)
    with pytest.raises(IntroductionTooLong) as refusal:
        rules.answers(questions, ["x" * 4000, *[""] * (prompts - 1)])
    assert refusal.value.params == {"length": 4000, "limit": limit}


@given(st.text(max_size=300))
def test_tidying_twice_changes_nothing_more_and_leaves_no_control_characters(text):
    tidy = rules.tidied(text)
    assert rules.tidied(tidy) == tidy
    assert "\x00" not in tidy
    assert "\n\n\n" not in tidy
    assert len(tidy) <= len(text)


# Emoji


@pytest.mark.parametrize("emoji", ["🌱", "👩‍🚀", "☕", "👍🏽", "🧑🏿‍🍳"])
def test_standard_emoji_fit_into_a_menu(emoji):
    assert rules.is_plain_emoji(emoji)


@pytest.mark.parametrize("other", ["", "abc", "☙", "〒", "<:x:1>", "é", "🌱!"])
def test_what_may_be_refused_by_discord_does_not_go_into_a_menu(other):
    assert not rules.is_plain_emoji(other)


def test_a_servers_own_emoji_is_known_by_its_id():
    assert rules.custom_emoji_id("<a:wave:123456789012345678>") == 123456789012345678
    assert rules.custom_emoji_id("🌱") is None
