"""Points, the ladder and states on plain values."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.cases import SANCTIONS, CaseKind
from bot.contracts.conduct import Severity
from cogs.conduct.cases.rules import (
    LONGEST_TIMEOUT,
    State,
    Step,
    Weighed,
    points_at,
    proposed,
    state_at,
    timeout_to_set,
)
from cogs.conduct.settings import ConductSettings
from tests.conftest import NOW

LADDER = ConductSettings().rungs()
DAY = timedelta(days=1)
instants = st.integers(-200, 200).map(lambda days: NOW + days * DAY)
cases = st.builds(
    Weighed,
    kind=st.sampled_from(CaseKind),
    points=st.sampled_from([20, 40, 80]),
    delivered_at=st.none() | instants,
    expires_at=st.none() | instants,
    ended=st.booleans(),
)


def warned(points, *, days_ago=1, lasts=90, delivered=True, ended=False):
    at = NOW - days_ago * DAY
    return Weighed(CaseKind.WARN, points, at if delivered else None, at + lasts * DAY, ended)


def test_the_ladder_proposes_what_its_points_say():
    first = proposed([], Severity.LOW, LADDER, NOW)
    assert first == Step(CaseKind.WARN, None, 20)
    assert proposed([warned(40)], Severity.LOW, LADDER, NOW) == Step(CaseKind.TIMEOUT, timedelta(hours=2), 60)
    assert proposed([], Severity.HIGH, LADDER, NOW) == Step(CaseKind.TIMEOUT, timedelta(hours=24), 80)
    assert proposed([warned(40), warned(40)], Severity.LOW, LADDER, NOW) == Step(CaseKind.BAN, timedelta(days=7), 100)
    assert proposed([warned(80)], Severity.HIGH, (), NOW) == Step(CaseKind.WARN, None, 160), "a server without a ladder"


def test_what_was_not_delivered_has_expired_or_was_undone_counts_for_nothing():
    assert points_at([warned(40)], NOW) == 40
    assert points_at([warned(40, delivered=False)], NOW) == 0
    assert points_at([warned(40, days_ago=90)], NOW) == 0, "at that very instant it has expired"
    assert points_at([warned(40, days_ago=89)], NOW) == 40
    assert points_at([warned(40, ended=True)], NOW) == 0


@given(st.lists(cases, max_size=8), instants)
def test_points_are_those_of_delivered_sanctions_that_stand(found, at):
    plain = 0
    for case in found:
        alive = case.expires_at is None or at < case.expires_at
        told = case.delivered_at is not None and case.delivered_at <= at
        if case.kind in SANCTIONS and alive and told and not case.ended:
            plain += case.points
    assert points_at(found, at) == plain


@given(st.lists(cases, max_size=8), cases, instants, st.sampled_from(Severity))
def test_one_more_case_never_makes_the_proposal_milder(found, one_more, at, severity):
    before, after = proposed(found, severity, LADDER, at), proposed([*found, one_more], severity, LADDER, at)
    assert after.points >= before.points
    rungs = [rung.points for rung in LADDER]
    assert sum(after.points >= one for one in rungs) >= sum(before.points >= one for one in rungs)


def test_a_case_expires_by_itself_unless_it_was_appealed_or_undone():
    assert state_at(State.ACTIVE, NOW + DAY, NOW) is State.ACTIVE
    assert state_at(State.ACTIVE, NOW, NOW) is State.EXPIRED
    assert state_at(State.ACTIVE, None, NOW) is State.ACTIVE
    for state in (State.APPEALED, State.OVERTURNED, State.VOID):
        assert state_at(state, NOW - DAY, NOW) is state


@given(st.integers(1, 400).map(lambda hours: timedelta(hours=hours * 5)))
def test_a_timeout_of_any_length_is_told_within_discords_limit_and_without_a_gap(length):
    at, until, told = NOW, NOW + length, NOW
    for _ in range(100):
        told, again = timeout_to_set(until, at)
        assert told - at <= LONGEST_TIMEOUT
        assert told <= until
        if again is None:
            break
        assert at < again < told, "it is told again before Discord ends it"
        at = again
    assert told == until
