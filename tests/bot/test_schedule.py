"""What happens daily or weekly happens once per local date, whatever the clocks do (promise 25)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.timers import Daily, Weekly
from bot.timers.schedule import instant_of

START = datetime(2000, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
QUARTERS = [time(n // 4, n % 4 * 15) for n in range(96)]
TRANSITIONS = [
    ("Europe/Paris", date(2026, 3, 29)),
    ("Europe/Paris", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Santiago", date(2026, 9, 6)),  # midnight does not exist
    ("America/Santiago", date(2026, 4, 4)),  # the last hour of the day comes twice
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("Asia/Kathmandu", date(2026, 3, 29)),  # never changes, a quarter-hour offset
    ("Pacific/Apia", date(2011, 12, 30)),  # a date that does not exist
    ("America/Toronto", date(1919, 3, 30)),  # a gap across midnight
]


def local_quarters(zone, around):
    """What a clock on the wall shows at every quarter of an hour of nine days: (local, instant), in order of time."""
    start = datetime.combine(around - timedelta(days=4), time.min, UTC)
    instants = [start + n * QUARTER for n in range(9 * 96)]
    return [(instant.astimezone(zone).replace(tzinfo=None), instant) for instant in instants]


@pytest.mark.parametrize(("name", "around"), TRANSITIONS)
def test_every_quarter_of_an_hour_happens_once_per_local_date(name, around):
    """The oracle is a wall clock: the first quarter of an hour at which it shows the time, or one later that day."""
    zone = ZoneInfo(name)
    wall = local_quarters(zone, around)
    days = [around + timedelta(days=n) for n in range(-2, 3)]
    for at in QUARTERS:
        expected = []
        for day in days:
            if any(local.date() == day for local, _ in wall):
                due = datetime.combine(day, at)
                expected.append(next(instant for local, instant in wall if local >= due))
        found, moment = [], instant_of(days[0], time.min, zone) - timedelta(seconds=1)
        while len(found) < len(expected):
            moment = Daily(at).next(moment, zone)
            found.append(moment)
        assert found == expected, (name, at)


@pytest.mark.parametrize(("name", "around"), TRANSITIONS)
def test_every_quarter_of_an_hour_happens_once_a_week(name, around):
    zone = ZoneInfo(name)
    for at in QUARTERS:
        weekly = Weekly(around.weekday(), at)
        moment = datetime.combine(around - timedelta(days=18), time.min, UTC)
        days = []
        for _ in range(5):
            moment = weekly.next(moment, zone)
            days.append((moment.astimezone(zone).date() - around).days)
        skipped = date(2011, 12, 30) if name == "Pacific/Apia" else None
        late = 1 if around == skipped or (name == "America/Toronto" and at >= time(23, 30)) else 0
        assert days == [-14, -7, late, 7, 14], (name, at)


@given(
    st.integers(0, 37 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)),
    st.sampled_from(sorted({name for name, _ in TRANSITIONS})),
    st.times(),
    st.integers(0, 6),
)
def test_the_next_time_is_after_now_within_the_week_and_shows_on_the_wall(now, name, at, weekday):
    zone = ZoneInfo(name)
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    coming = Weekly(weekday, at).next(now, zone)
    assert timedelta(0) < coming - now <= timedelta(days=7, hours=25)
    wall = coming.astimezone(zone)
    assert wall.weekday() == weekday or wall.date() == date(2011, 12, 31)
    assert Weekly(weekday, at).next(coming, zone) - coming > timedelta(days=5)


def test_monday_at_nine_in_paris_moves_with_the_clocks():
    paris = ZoneInfo("Europe/Paris")
    monday = Weekly(0, time(9))
    winter = monday.next(datetime(2026, 3, 20, tzinfo=UTC), paris)
    summer = monday.next(winter, paris)
    assert (winter, summer) == (datetime(2026, 3, 23, 8, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC))
