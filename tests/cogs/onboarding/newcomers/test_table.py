"""The funnel as a table, in both languages, fits the width of a phone."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.contracts.newcomers import Cohort, FunnelStep, Milestone, Replies, Share
from bot.i18n.localizer import I18n
from cogs.onboarding.newcomers import table as catalogue
from cogs.onboarding.newcomers.table import WIDTH, answers, notes, table

HOUR = timedelta(hours=1)
DAY = date(2026, 3, 2)


@pytest.fixture(params=["en", "fr"])
def t(request):
    i18n = I18n()
    i18n.add_catalogues(Path(catalogue.__file__).parents[1] / "locales")
    return i18n.for_language(request.param)


def cohort(joined, back=0, known=0, answered=0, median=None):
    every = [FunnelStep(one, Share(joined, joined), timedelta(minutes=59)) for one in Milestone]
    every[-1] = FunnelStep(Milestone.RETURNED, Share(back, known), None)
    return Cohort(
        DAY, DAY, joined, tuple(every), Replies(Share(answered, joined), median, HOUR, Share(answered // 2, joined)), ()
    )


@pytest.mark.parametrize("joined", [0, 1, 12, 999])
def test_no_line_is_wider_than_a_phone_and_the_columns_stand_below_each_other(t, joined):
    lines = table(t, cohort(joined, joined // 2, joined)).splitlines()[1:-1]
    assert len(lines) == len(Milestone)
    assert max(map(len, lines)) <= WIDTH
    ends = [re.search(r" (\d+)( |$)", line).end(1) for line in lines[:-1]]
    assert len(set(ends)) == 1


def test_what_is_not_known_yet_is_not_called_zero(t):
    fresh = cohort(3)
    assert "–" in table(t, fresh).splitlines()[-2]
    assert "0" not in notes(t, fresh)
    assert "7" in notes(t, cohort(9, 2, 7))


def test_answers_are_told_with_their_share_and_median_or_that_there_is_none(t):
    assert answers(t, cohort(0)) is None
    assert "4" in answers(t, cohort(4))
    assert "%" not in answers(t, cohort(4))
    told = answers(t, cohort(4, answered=3, median=timedelta(minutes=20)))
    assert "25" in told, "within the hour"
    assert "75" in told
    assert "20" in told
