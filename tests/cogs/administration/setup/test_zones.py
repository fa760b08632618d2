"""Time zones are found as people look for them."""

from datetime import UTC, datetime

import pytest

from bot.guilds.time_zones import is_time_zone
from cogs.administration.setup.zones import ALSO, COMMON, HOMES, OFFERED, common, guess, search, zone


@pytest.mark.parametrize(
    ("typed", "language", "first"),
    [
        ("paris", "en", "Europe/Paris"),
        ("Londres", "en", "Europe/London"),
        ("london", "fr", "Europe/London"),
        ("suisse", "fr", "Europe/Zurich"),
        ("switzerland", "fr", "Europe/Zurich"),
        ("Reunion", "fr", "Indian/Reunion"),
        ("new york", "fr", "America/New_York"),
        ("Europe/Brussels", "en", "Europe/Brussels"),
        ("utc", "fr", "UTC"),
        ("montreal", "en", "America/Toronto"),
        ("Genève", "fr", "Europe/Zurich"),
        ("lyon", "fr", "Europe/Paris"),
    ],
)
def test_a_city_or_country_in_either_language_finds_its_zone(typed, language, first):
    assert search(typed, language)[0].name == first


def test_nonsense_finds_nothing_and_a_letter_finds_no_more_than_a_menu_holds():
    assert search("xyzzy", "en") == search("  ", "fr") == []
    assert len(search("a", "en")) == OFFERED


def test_what_is_offered_and_guessed_exists():
    assert [name for name in (*COMMON, *HOMES.values(), *ALSO) if not is_time_zone(name)] == []
    assert guess("fr") == "Europe/Paris"
    assert guess("en-US") is None
    assert common("fr", ("Asia/Tokyo",))[0].name == "Asia/Tokyo"
    assert len(common("en", ())) <= OFFERED


def test_a_zone_says_its_offset_as_it_is_at_that_time():
    winter, summer = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    assert zone("Europe/Paris", "fr").label(winter) == "Paris, UTC+1"
    assert zone("Europe/Paris", "fr").label(summer) == "Paris, UTC+2"
    assert zone("Asia/Kolkata", "en").label(winter).endswith("UTC+5:30")
    assert zone("America/New_York", "en").label(winter) == "New York, UTC−5"
