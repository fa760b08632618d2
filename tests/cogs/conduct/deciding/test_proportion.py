"""What similar cases received, counted fairly."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.cases import CaseKind
from cogs.conduct.deciding.proportion import COMPARED, Precedent, compared, whole
from cogs.conduct.deciding.sanctions import Sanction

WARN = Sanction(CaseKind.WARN)
TWO_HOURS = Sanction(CaseKind.TIMEOUT, timedelta(hours=2))
DAY = Sanction(CaseKind.TIMEOUT, timedelta(days=1))
BAN = Sanction(CaseKind.BAN)
STEPS = [WARN, TWO_HOURS, DAY, Sanction(CaseKind.KICK), BAN, Sanction(CaseKind.BAN, timedelta(days=7))]

steps = st.sampled_from(STEPS)
precedents = st.builds(
    Precedent, st.integers(1, 3), steps, st.one_of(st.none(), steps), st.sampled_from([False, False, False, True])
)


def test_cases_at_another_step_are_not_compared_and_those_decided_otherwise_are_counted():
    cases = [
        Precedent(1, TWO_HOURS),
        Precedent(2, WARN, proposed=TWO_HOURS),
        Precedent(3, TWO_HOURS),
        Precedent(4, TWO_HOURS, proposed=WARN),
        Precedent(5, WARN),
    ]
    found = compared(cases, TWO_HOURS)
    assert found.outcomes == ((TWO_HOURS, 2), (WARN, 1))
    assert (found.cases, found.departures, found.is_enough) == (3, 1, False)
    assert compared(cases, None).cases == 5, "where nothing is proposed, every step is compared"


def test_only_the_last_twenty_at_this_step_are_looked_at():
    newest = [Precedent(n, WARN) for n in range(15)] + [Precedent(99, DAY)]
    older = [Precedent(n, BAN, proposed=WARN) for n in range(100, 120)]
    found = compared(newest + older, WARN)
    assert found.outcomes == ((WARN, 15), (BAN, 5))
    assert found.is_enough


def test_a_warning_whose_next_step_was_taken_counts_once_as_that_step():
    step = Precedent(1, TWO_HOURS, continues=True)
    cases = [Precedent(2, WARN), step, Precedent(2, WARN), Precedent(1, WARN), Precedent(1, WARN)]
    assert whole(cases) == [cases[0], step, cases[2], cases[4]]


@given(steps)
def test_a_step_is_read_as_it_was_written(step):
    assert Sanction.parse(str(step)) == step


@settings(max_examples=100)
@given(st.lists(precedents, max_size=60), st.one_of(st.none(), steps))
def test_counts_add_up_and_are_never_of_another_step(cases, step):
    found = compared(cases, step)
    fitting = [one for one in whole(cases) if step is None or one.step == step]
    assert found.cases == min(COMPARED, len(fitting))
    assert 0 <= found.departures <= found.cases
    counts = [count for _received, count in found.outcomes]
    assert counts == sorted(counts, reverse=True)
    assert len({received for received, _count in found.outcomes}) == len(counts)
    assert {received for received, _count in found.outcomes} <= {one.received for one in fitting}


@settings(max_examples=100)
@given(st.lists(precedents, max_size=40), st.lists(precedents, max_size=40))
def test_older_cases_never_change_what_the_newer_ones_count(newer, older):
    if sum(one.continues for one in newer):
        return  # a step may belong to an older warning
    assert whole([*newer, *older])[: len(newer)] == newer
