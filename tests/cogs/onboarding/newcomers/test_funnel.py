"""The funnel against a count by hand, over whatever newcomers may do."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.newcomers import Milestone, Share
from cogs.onboarding.rules.funnel import Life, Seen, cohort, weeks
from tests.conftest import NOW

FIRST, TODAY = date(2026, 3, 2), date(2026, 5, 4)
PARIS = ZoneInfo("Europe/Paris")
HOURS = timedelta(hours=36)
SEEN = Seen(TODAY, datetime(2026, 3, 20, tzinfo=PARIS), HOURS)
"""The present is in the middle of what happens, so that some wait and some have waited too long."""
LATER = [one for one in Milestone if one not in (Milestone.JOINED, Milestone.RETURNED)]


@st.composite
def lives(draw):
    came = NOW + timedelta(minutes=draw(st.integers(0, 50 * 24 * 60)))
    # A moment before joining: Discord's clock and ours differ.
    after = st.integers(-1, 40 * 24 * 60).map(lambda minutes: came + timedelta(minutes=minutes))
    reached = {Milestone.JOINED: came, **draw(st.dictionaries(st.sampled_from(LATER), after))}
    day = came.astimezone(PARIS).date()
    words = [reached[one] for one in (Milestone.FIRST_MESSAGE, Milestone.INTRODUCED) if one in reached]
    reply = reached.get(Milestone.FIRST_REPLY)
    active = frozenset(day + timedelta(days=n) for n in draw(st.sets(st.integers(0, 45))))
    return Life(
        day=day,
        reached=reached,
        spoke_day=min(words).astimezone(PARIS).date() if words else None,
        answered_day=reply.astimezone(PARIS).date() if reply else None,
        active=active,
    )


def middle(spans):
    """The median as one would do it on paper."""
    if not spans:
        return None
    ordered = sorted(max(span, timedelta()) for span in spans)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def is_close(one, other):
    return one == other or abs(one - other) < timedelta(milliseconds=1)


@given(
    st.lists(lives(), max_size=12), st.sets(st.sampled_from(list(Milestone))), st.integers(0, 50), st.integers(0, 20)
)
def test_the_funnel_is_what_one_counts_by_hand(people, shown, start, length):
    first = FIRST + timedelta(days=start)
    last = first + timedelta(days=length)
    found = cohort(first, last, people, list(shown), SEEN)
    mine = []
    for life in people:
        if life.day >= first and life.day <= last:
            mine.append(life)
    assert found.joined == len(mine)
    assert [step.milestone for step in found.funnel] == [one for one in Milestone if one in shown]
    for step in found.funnel:
        if step.milestone is Milestone.RETURNED:
            over = [life for life in mine if life.day + timedelta(days=14) <= TODAY]
            back = [life for life in over if life.active & {life.day + timedelta(days=n) for n in range(7, 14)}]
            assert (step.share, step.median) == (Share(len(back), len(over)), None)
            continue
        took = []
        for life in mine:
            if step.milestone in life.reached:
                took.append(life.reached[step.milestone] - life.reached[Milestone.JOINED])
        assert step.share == Share(len(took), len(mine))
        assert is_close(step.median, middle(took))


@given(st.lists(lives(), max_size=12))
def test_answers_and_returns_are_what_one_counts_by_hand(people):
    found = cohort(FIRST, TODAY, people, [], SEEN)
    spoke = [life for life in people if life.spoke_at is not None]
    answered = [life for life in spoke if Milestone.FIRST_REPLY in life.reached]
    assert found.replies.answered == Share(len(answered), len(spoke))
    took = [life.reached[Milestone.FIRST_REPLY] - life.spoke_at for life in answered]
    assert is_close(found.replies.median, middle(took))
    quick = [life for life in answered if life.reached[Milestone.FIRST_REPLY] <= life.spoke_at + HOURS]
    late = [life for life in spoke if life not in answered and life.spoke_at + HOURS < SEEN.at]
    assert (found.replies.within, found.replies.in_time) == (HOURS, Share(len(quick), len(answered) + len(late)))
    for one in found.returns:
        groups = {"everyone": [], "answered": [], "unanswered": []}
        for life in people:
            starts = life.day + timedelta(days=one.days)
            if starts + timedelta(days=7) > TODAY:
                continue
            groups["everyone"].append(life)
            if life.spoke_day is not None and life.spoke_day < starts:
                in_time = life.answered_day is not None and life.answered_day < starts
                groups["answered" if in_time else "unanswered"].append(life)
        for name, group in groups.items():
            back = 0
            for life in group:
                window = [life.day + timedelta(days=one.days + n) for n in range(7)]
                back += any(day in life.active for day in window)
            assert getattr(one, name) == Share(back, len(group)), (one.days, name)


@given(st.lists(lives(), max_size=12), st.integers(0, 40))
def test_every_newcomer_is_in_exactly_one_week_and_no_week_is_left_out(people, start):
    since = FIRST + timedelta(days=start)
    found = weeks(since, people, [Milestone.JOINED], SEEN)
    mondays = list(found)
    assert mondays[0] <= since < mondays[0] + timedelta(days=7)
    assert mondays[-1] <= TODAY < mondays[-1] + timedelta(days=7)
    assert all(b - a == timedelta(days=7) for a, b in pairwise(mondays))
    assert sum(one.joined for one in found.values()) == sum(life.day >= mondays[0] for life in people)


def test_who_answers_too_late_did_not_answer_in_time_for_the_return():
    came = datetime(2026, 3, 2, 12, tzinfo=PARIS)
    reached = {Milestone.JOINED: came, Milestone.FIRST_MESSAGE: came, Milestone.FIRST_REPLY: came + timedelta(days=9)}
    life = Life(came.date(), reached, came.date(), (came + timedelta(days=9)).date(), frozenset({date(2026, 3, 10)}))
    one, seven, thirty = cohort(came.date(), came.date(), [life], [], SEEN).returns
    assert (one.answered, one.unanswered) == (Share(0, 0), Share(0, 1)), "day 8 is past the seven days from day 1"
    assert (seven.answered, seven.unanswered) == (Share(0, 0), Share(1, 1))
    assert (thirty.answered, thirty.unanswered) == (Share(0, 1), Share(0, 0))


def test_nobody_has_no_share_and_no_median():
    found = cohort(FIRST, TODAY, [], list(Milestone), SEEN)
    assert {(step.share.value, step.median) for step in found.funnel} == {(None, None)}
    assert (found.replies.answered.value, found.replies.median) == (None, None)
