import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.guilds.problems import OUR_WORDS, InvalidValue, Refusal
from bot.guilds.sections import CommunitySettings
from bot.guilds.shape import shapes
from bot.i18n.localizer import I18n
from tests.rich_section import RichSettings

SECTIONS = [CommunitySettings, RichSettings]
ZOO = [
    *(
        None,
        True,
        2,
        3,
        -1,
        0,
        10**30,
        1.5,
        float("inf"),
        float("nan"),
        "",
        "x",
        "xyz",
        "on",
        "12",
        "1.5",
        "½",
        "z" * 6000,
    ),
    *("\ud800", b"\xff", b"ok", [], [1], ["a"] * 30, [""], [{}], [None], {}, {"a": 1}, [{"name": ""}], [{"name": 3}]),
    *([{"name": "n", "extra": 1}], [{"role": "r"}], [{"role": 1, "points": 0}], [{"role": 1, "points": "many"}], (1,)),
    *(timedelta(0), timedelta(days=900), -5.0, "P1D", "PT", object(), {1}, range(3), "2" * 5000),
]


def refusals(section, name, value):
    try:
        section.model_validate({name: value})
    except ValidationError as error:
        yield from error.errors(include_url=False, include_input=False)


def all_fields():
    return [(section, name) for section in SECTIONS for name in shapes(section)]


@pytest.mark.parametrize(("section", "name"), all_fields())
def test_every_refusal_of_every_field_is_in_our_own_words(section, name):
    found = [problem for value in ZOO for problem in refusals(section, name, value)]
    unknown = {
        problem["type"]
        for problem in found
        if problem["type"] not in OUR_WORDS and not isinstance(problem.get("ctx", {}).get("error"), Refusal)
    }
    assert found, "nothing is refused"
    assert unknown == set()


@given(
    st.sampled_from(all_fields()),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.binary() | st.integers(), st.lists, max_leaves=3
    ),
)
def test_random_values_are_refused_in_our_own_words_too(field, value):
    for problem in refusals(*field, value):
        assert problem["type"] in OUR_WORDS or isinstance(problem["ctx"]["error"], Refusal)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("section", "name"), all_fields())
def test_every_refusal_reads_well_in_both_languages(section, name, language):
    t = I18n().for_language(language)
    for value in ZOO:
        try:
            section.model_validate({name: value})
        except ValidationError as error:
            refusal = InvalidValue(error)
            said = t(refusal.message, **refusal.params)
            assert said
            assert not any(placeholder for _, placeholder, _, _ in string.Formatter().parse(said))
            if language == "fr":
                assert said != refusal.message, refusal.message


def test_limits_of_time_are_written_out():
    with pytest.raises(ValidationError) as caught:
        RichSettings(patience=timedelta(minutes=1))
    refusal = InvalidValue(caught.value)
    assert I18n().for_language("en")(refusal.message, **refusal.params) == "This must be at least 5 minutes."
    assert I18n().for_language("fr")(refusal.message, **refusal.params) == "Il faut au moins 5 minutes."


def test_what_a_sections_own_rule_says_reaches_the_person():
    with pytest.raises(ValidationError) as caught:
        CommunitySettings(time_zone="Paris")
    assert "Europe/Paris" in InvalidValue(caught.value).message
