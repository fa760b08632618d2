"""Quiet hours and holidays are local to the person, also across midnight and changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbox.rules import ALWAYS, Availability, Holiday, Presence, QuietHours

PARIS = ZoneInfo("Europe/Paris")
NIGHT = QuietHours(time(22), time(7))
NOON = QuietHours(time(12), time(14))


def local(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("quiet", "at", "expected"),
    [
        (NIGHT, time(21, 59), False),
        (NIGHT, time(22), True),
        (NIGHT, time(0), True),
        (NIGHT, time(6, 59), True),
        (NIGHT, time(7), False),
        (NOON, time(11, 59), False),
        (NOON, time(12), True),
        (NOON, time(14), False),
    ],
)
def test_quiet_hours_begin_with_their_first_minute_and_end_before_their_last(quiet, at, expected):
    assert quiet.cover(at) is expected


@given(st.times(), st.times(), st.times())
def test_quiet_hours_and_their_reverse_share_the_day_between_them(start, end, at):
    if start != end:
        assert QuietHours(start, end).cover(at) is not QuietHours(end, start).cover(at)


def test_hours_follow_the_server_s_zone_unless_the_person_has_one():
    at = local("Europe/Paris", 2026, 3, 2, 23)
    assert Availability(NIGHT).presence(at, "Europe/Paris") is Presence.QUIET
    assert Availability(NIGHT).presence(at, "America/Montreal") is Presence.FREE
    assert Availability(NIGHT, zone="Europe/Paris").presence(at, "America/Montreal") is Presence.QUIET


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)])
def test_quiet_hours_mean_what_the_clock_on_the_wall_says_when_clocks_change(day):
    for minute in range(0, 24 * 60, 15):
        at = datetime.combine(day, time(12), UTC) + timedelta(minutes=minute)
        wall = at.astimezone(PARIS).hour
        assert (Availability(NIGHT).presence(at, "Europe/Paris") is Presence.QUIET) is (wall >= 22 or wall < 7)


def test_a_holiday_lasts_from_its_first_local_midnight_to_the_end_of_its_last_day():
    holiday = Holiday(date(2026, 7, 1), date(2026, 7, 14))
    away = Availability(holiday=holiday)
    states = {
        local("Europe/Paris", 2026, 6, 30, 23, 59): Presence.FREE,
        local("Europe/Paris", 2026, 7, 1, 0, 0): Presence.AWAY,
        local("Europe/Paris", 2026, 7, 14, 23, 59): Presence.AWAY,
        local("Europe/Paris", 2026, 7, 15, 0, 0): Presence.FREE,
    }
    assert {at: away.presence(at, "Europe/Paris") for at in states} == states
    assert holiday.starts(PARIS) == local("Europe/Paris", 2026, 7, 1)
    assert holiday.ends(PARIS) == local("Europe/Paris", 2026, 7, 15)


def test_a_holiday_weighs_more_than_quiet_hours():
    both = Availability(NIGHT, Holiday(date(2026, 3, 2), date(2026, 3, 2)))
    assert both.presence(local("Europe/Paris", 2026, 3, 2, 23), "Europe/Paris") is Presence.AWAY


def test_who_chose_nothing_is_always_free():
    assert ALWAYS.presence(datetime(2026, 3, 2, tzinfo=UTC), "Europe/Paris") is Presence.FREE
