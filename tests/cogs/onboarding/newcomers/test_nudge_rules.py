"""When a newcomer may be reminded: by day, in the first 14 days, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.onboarding.rules import Plan, Planned, Progress, Step
from cogs.onboarding.rules.nudges import END, expires_at, next_morning, present_step, remind_at

PARIS = "Europe/Paris"
ZONES = (PARIS, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca")
"""Changes of the clocks at 1, 2, 3 and 24 o'clock, by one hour and by half of one; and odd offsets."""
instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.integers(0, 20 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


def is_night(at, zone):
    local = at.astimezone(ZoneInfo(zone))
    return local.hour >= 22 or local.hour < 8


@given(instants, spans, spans, st.sampled_from(ZONES))
def test_a_reminder_is_never_due_nor_valid_at_night_nor_after_14_days(joined, stuck_for, passed, zone):
    present = joined + passed
    at = remind_at(joined + stuck_for, joined, present, zone)
    if at is None:
        waits = max(joined + stuck_for, present)
        assert waits + timedelta(hours=11) > joined + END, "a night is at most 11 hours long"
        return
    assert not is_night(at, zone)
    assert at >= present
    assert joined + stuck_for <= at < joined + END
    minute = max(joined + stuck_for, present)
    assert at == minute or is_night(at - timedelta(seconds=1), zone), "not later than need be"
    until = expires_at(at, joined, zone)
    assert at < until <= joined + END
    minute = at
    while minute < until:
        assert not is_night(minute, zone)
        minute += timedelta(minutes=15)
    assert not is_night(next_morning(at, zone), zone)


@pytest.mark.parametrize(
    ("present", "due"),
    [
        ("2026-03-29T00:30", "2026-03-29T06:00"),  # the night of the change to summer time: 08:00 is 06:00 UTC
        ("2026-03-28T21:00", "2026-03-29T06:00"),
        ("2026-03-28T20:59", "2026-03-28T20:59"),
        ("2026-10-25T00:30", "2026-10-25T07:00"),  # the night that is an hour longer
        ("2026-10-24T20:00", "2026-10-25T07:00"),
    ],
)
def test_the_night_ends_at_eight_on_the_wall_when_the_clocks_change(present, due):
    at, wanted = datetime.fromisoformat(present + "Z"), datetime.fromisoformat(due + "Z")
    assert remind_at(at - END / 2, at - END / 2, at, PARIS) == wanted


def test_the_last_day_ends_with_the_14_days():
    joined = datetime(2026, 3, 2, 9, tzinfo=UTC)
    last = joined + END - timedelta(minutes=1)
    assert remind_at(joined, joined, last, "UTC") == last
    assert expires_at(last, joined, "UTC") == joined + END
    assert remind_at(joined, joined, joined + END, "UTC") is None
    assert expires_at(joined, joined, "UTC").date() == date(2026, 3, 2)


PLAN = Plan(tuple(Planned(step, step is Step.CODE) for step in Step), 2)


@pytest.mark.parametrize(
    ("progress", "step"),
    [
        (Progress(), Step.SCREENING),
        (Progress(accepted_major=2, groups=True), Step.SCREENING),
        (Progress(screened=True), Step.CODE),
        (Progress(screened=True, accepted_major=1), Step.CODE),
        (Progress(screened=True, accepted_major=2, introduced=True), Step.GROUPS),
        (Progress(True, 2, groups=True, introduced=True, first_message=True), Step.FIRST_REPLY),
        (Progress(True, 2, groups=True, introduced=True, first_message=True, first_reply=True), None),
    ],
)
def test_the_step_somebody_is_at_is_the_first_they_can_do(progress, step):
    found = present_step(PLAN, progress)
    assert (found.step if found else None) is step


def test_nobody_waits_for_an_answer_to_words_they_have_not_said():
    only = Plan((Planned(Step.FIRST_REPLY, True),), 1)
    assert present_step(only, Progress(screened=True)) is None
    found = present_step(only, Progress(screened=True, first_message=True))
    assert found is not None
    assert found.step is Step.FIRST_REPLY
