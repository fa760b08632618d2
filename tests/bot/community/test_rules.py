"""Which local day an instant belongs to, and how a stay in voice is split."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.community.rules import Calendar, ZoneChange, instant_of, ms_of, snowflake_at, to_ms, voice_days

ZONES = ["UTC", "Europe/Paris", "America/Montreal", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago"]
instants = st.integers(0, 3 * 365 * 86_400).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
calendars = st.lists(st.tuples(instants, st.sampled_from(ZONES)), max_size=4).map(
    lambda decided: build(sorted(decided, key=lambda change: change[0]))
)


def build(decided: list[tuple[datetime, str]]) -> Calendar:
    calendar = Calendar()
    for now, zone in decided:
        calendar = calendar.with_change(calendar.change(now, zone))
    return calendar


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(instants)
def test_an_instant_survives_being_a_discord_id(instant):
    whole = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    assert instant_of(ms_of(snowflake_at(whole))) == whole


def test_a_new_time_zone_takes_effect_at_the_next_local_midnight():
    calendar = Calendar([ZoneChange(at("1970-01-01"), "Europe/Paris")])
    change = calendar.change(at("2026-03-02T12:00"), "America/Montreal")
    assert change.at == at("2026-03-02T23:00")
    changed = calendar.with_change(change)
    assert changed.day(at("2026-03-02T22:59")) == date(2026, 3, 2)
    assert changed.local(at("2026-03-02T23:01")).utcoffset() == timedelta(hours=-5)


def test_a_zone_changed_back_before_midnight_changes_nothing():
    calendar = Calendar([ZoneChange(at("1970-01-01"), "Europe/Paris")])
    now = at("2026-03-02T12:00")
    there = calendar.with_change(calendar.change(now, "Asia/Tokyo"))
    back = there.with_change(there.change(now + timedelta(hours=1), "Europe/Paris"))
    assert back.day(at("2026-03-03T20:00")) == calendar.day(at("2026-03-03T20:00"))


@pytest.mark.parametrize("zone", ["America/Santiago", "Africa/Cairo", "Asia/Beirut"])
def test_midnight_is_found_where_the_clocks_change_at_midnight(zone):
    calendar = Calendar([ZoneChange(at("1970-01-01"), zone)])
    for day in range(365):
        now = at("2026-01-01T12:00") + timedelta(days=day)
        change = calendar.change(now, "UTC")
        assert calendar.day(change.at - timedelta(seconds=1)) == calendar.day(now)
        assert calendar.day(change.at) == calendar.day(now) + timedelta(days=1)


@given(calendars, instants, st.sampled_from(ZONES), instants)
def test_a_day_once_counted_never_changes(calendar, now, zone, instant):
    changed = calendar.with_change(calendar.change(now, zone))
    if instant <= now:
        assert changed.day(instant) == calendar.day(instant)


@given(calendars, instants, st.integers(0, 10**8))
def test_days_never_go_back(calendar, instant, later):
    assert calendar.day(instant) <= calendar.day(instant + timedelta(seconds=later))


@given(calendars, instants)
def test_a_quarter_of_an_hour_of_utc_has_one_day_and_one_hour(calendar, instant):
    start = to_ms(instant) - to_ms(instant) % 900_000
    assert calendar.slot(start) == calendar.slot(start + 899_999)


@given(calendars, st.dates(date(2025, 1, 2), date(2027, 12, 30)))
def test_noon_of_a_day_lies_on_that_day_when_the_zone_rests(calendar, day):
    if all(abs((change.at.date() - day).days) > 1 for change in calendar.changes):
        assert calendar.day(calendar.noon(day)) == day


@given(calendars, instants, st.integers(0, 100_000))
def test_voice_minutes_are_whole_and_none_is_lost(calendar, since, seconds):
    start, end = to_ms(since), to_ms(since) + seconds * 1000
    days, rest = voice_days(start, end, calendar)
    assert sum(day.minutes for day in days) == seconds // 60
    assert end - rest < 60_000
    # The day on which a server moves to another zone lasts until midnight there: up to 26 hours more (UTC+14 to -12).
    assert all(day.minutes <= (24 + 26) * 60 for day in days)


@given(calendars, instants, st.lists(st.integers(1, 5000), min_size=1, max_size=6))
def test_a_stay_counted_in_parts_gives_the_same_minutes(calendar, since, parts):
    start, at_once, in_parts = to_ms(since), {}, {}
    for day in voice_days(start, start + sum(parts) * 1000, calendar)[0]:
        at_once[day.day] = day.minutes
    position, until = start, start
    for seconds in parts:
        until += seconds * 1000
        days, position = voice_days(position, until, calendar)
        for day in days:
            in_parts[day.day] = in_parts.get(day.day, 0) + day.minutes
    assert in_parts == at_once


def test_a_stay_across_midnight_is_split_over_two_days_with_their_hours():
    calendar = Calendar([ZoneChange(at("1970-01-01"), "Europe/Paris")])
    since, until = at("2026-03-02T22:50"), at("2026-03-02T23:20")
    days, _ = voice_days(to_ms(since), to_ms(until), calendar)
    assert [(d.day, d.minutes, d.hours) for d in days] == [
        (date(2026, 3, 2), 10, 1 << 23),
        (date(2026, 3, 3), 20, 1 << 0),
    ]


def test_the_local_day_follows_the_summer_clock():
    calendar = Calendar([ZoneChange(at("1970-01-01"), "Europe/Paris")])
    instant = at("2026-07-01T22:30")
    assert calendar.day(instant) == instant.astimezone(ZoneInfo("Europe/Paris")).date() == date(2026, 7, 2)
