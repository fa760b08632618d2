from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.durations import LONGEST, NotADuration, parse_duration, parts, written

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90m", 90 * MINUTE),
        ("90 minutes", 90 * MINUTE),
        ("1h30", 90 * MINUTE),
        ("1 h 30", 90 * MINUTE),
        ("1h30m", 90 * MINUTE),
        ("1:30", 90 * MINUTE),
        ("2 jours", 2 * DAY),
        ("2 days", 2 * DAY),
        ("2j12", 2 * DAY + 12 * HOUR),
        ("1 jour et 4 heures", DAY + 4 * HOUR),
        ("1 day, 4 hours and 5 min", DAY + 4 * HOUR + 5 * MINUTE),
        ("1 semaine", 7 * DAY),
        ("1,5 h", 90 * MINUTE),
        ("1.5 h", 90 * MINUTE),
        ("45 s", timedelta(seconds=45)),
        ("  3 HEURES ", 3 * HOUR),
        ("2\u202fheures", 2 * HOUR),
        ("0m", timedelta(0)),
    ],
)
def test_what_people_write_in_either_language_is_understood(text, span):
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "30",
        "h",
        "1 mois",
        "2 months",
        "1 an",
        "-1 h",
        "1h 2h",
        "30m 2h",
        "1h 30 40",
        "1d 30 m 5",
        "soon",
        "1:75",
        "9999999999 d",
        "100000 semaines",
        "1e9 h",
        "inf h",
        "١٢٣ h 1",
    ],
)
def test_what_is_no_length_of_time_is_refused_rather_than_guessed(text):
    with pytest.raises(NotADuration):
        parse_duration(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=LONGEST))
def test_what_the_bot_writes_it_reads_again(span):
    whole = timedelta(seconds=int(span.total_seconds()))
    assert parse_duration(written(span)) == whole
    seconds = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
    assert sum(count * seconds[unit] for count, unit in parts(span)) == whole.total_seconds()


@given(st.text(alphabet="0123456789hmdjsw ,.:etandjours-", max_size=30) | st.text(max_size=60))
def test_any_text_is_either_a_length_of_time_or_refused(text):
    try:
        span = parse_duration(text)
    except NotADuration:
        return
    assert timedelta(0) <= span <= LONGEST


@given(days=st.integers(0, 30), hours=st.integers(0, 23), minutes=st.integers(0, 59))
def test_both_languages_say_the_same(days, hours, minutes):
    english = f"{days} days {hours} hours {minutes} minutes"
    french = f"{days} jours {hours} heures {minutes} minutes"
    assert parse_duration(english) == parse_duration(french) == timedelta(days=days, hours=hours, minutes=minutes)
