"""The story of the weeks before the visitor, as it is planned: pure, so it is held against the data files."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from bot.durations import parse_duration
from cogs.conduct.deciding.proportion import ENOUGH
from demo.acts import Act, Arrive, Contest, Decide, EnterVoice, LeaveVoice, React, Say
from demo.community import LANGUAGES, Community, load_community
from demo.plan import plan_weeks

WEEKS = 4
MESSAGE_LIMIT = 2000
"""Discord's limit of a message."""


@pytest.fixture(scope="module")
def community() -> Community:
    return load_community()


@pytest.fixture(scope="module")
def story(community: Community) -> list[Act]:
    return plan_weeks(community, seed=1, weeks=WEEKS)


def test_the_same_seed_plans_the_same_story_and_another_seed_another(community: Community, story: list[Act]) -> None:
    assert plan_weeks(community, seed=1, weeks=WEEKS) == story
    assert plan_weeks(community, seed=2, weeks=WEEKS) != story


def test_about_forty_people_have_names_and_words_of_their_own(community: Community) -> None:
    members = [person for person in community.people.values() if person.way not in {"visitor", "unanswered"}]
    assert len(members) == 40
    assert len({person.name for person in members}) == 40
    lines = [line for person in members for line in person.lines]
    assert len(lines) == len(set(lines)) >= 60
    assert all(person.introduction for person in members if person.way == "whole")
    assert {person.language for person in members} == set(LANGUAGES)


def test_both_languages_fill_the_same_exchanges(community: Community) -> None:
    english, french = community.words["en"], community.words["fr"]
    assert [len(draws) for draws in english.values()] == [len(draws) for draws in french.values()]
    for exchanges in community.exchanges.values():
        for exchange in exchanges:
            assert len(exchange.replies["en"]) == len(exchange.replies["fr"])
            for language in LANGUAGES:
                for text in (exchange.open[language], *exchange.replies[language]):
                    assert set(re.findall(r"\{(\w+)\}", text)) <= community.words[language].keys(), text


def test_everything_happens_in_order_within_the_weeks(community: Community, story: list[Act]) -> None:
    assert [act.at for act in story] == sorted(act.at for act in story)
    assert community.arrival - timedelta(weeks=WEEKS) < story[0].at
    assert story[-1].at < community.arrival


def test_nobody_acts_before_they_arrive(community: Community, story: list[Act]) -> None:
    arrived = {key for key, person in community.people.items() if person.joined is None}
    for act in story:
        if isinstance(act, Arrive):
            arrived.add(act.who)
        assert act.who in arrived, act


def test_people_react_to_and_answer_what_was_said_before_and_seldom_twice_the_same(story: list[Act]) -> None:
    said: dict[int, Say] = {}
    for act in story:
        if isinstance(act, Say):
            assert act.answers is None or act.answers in said
            assert 0 < len(act.text) <= MESSAGE_LIMIT
            assert "{" not in act.text
            said[act.number] = act
        elif isinstance(act, React):
            assert said[act.number].who != act.who
    assert 3000 < len(said) < 6000
    openings = Counter(act.text for act in said.values() if len(act.text) > 60)
    assert max(openings.values()) <= 20


def test_stays_in_voice_do_not_overlap(story: list[Act]) -> None:
    inside: set[str] = set()
    for act in story:
        if isinstance(act, EnterVoice):
            assert act.who not in inside, act
            inside.add(act.who)
        elif isinstance(act, LeaveVoice):
            inside.remove(act.who)
    assert inside == set()


def test_whoever_is_timed_out_says_nothing_and_the_cases_are_enough_to_compare_with(
    community: Community, story: list[Act]
) -> None:
    decided = [act for act in story if isinstance(act, Decide)]
    for act in decided:
        if act.duration is not None:
            over = act.at + parse_duration(act.duration)
            assert not [one for one in story if one.who == act.member and act.at <= one.at <= over]
    assert Counter(act.article for act in decided).most_common(1)[0][1] > ENOUGH
    assert all(community.people[act.who].role != "member" for act in decided)
    for contest in (act for act in story if isinstance(act, Contest)):
        assert any(one.member == contest.who and one.at < contest.at for one in decided)


@pytest.mark.parametrize("weeks", [1, 2, 9])
def test_a_story_of_any_length_holds_together(community: Community, weeks: int) -> None:
    story = plan_weeks(community, seed=3, weeks=weeks)
    numbers = {act.number for act in story if isinstance(act, Say)}
    assert {act.number for act in story if isinstance(act, React)} <= numbers
