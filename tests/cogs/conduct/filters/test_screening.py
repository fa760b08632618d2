"""Screening: exemptions, the most severe hit first, shadow and review do not act, one verdict for a flood."""

import pytest

from bot.contracts.conduct import Severity
from cogs.conduct.filters.compiled import compile_filters
from cogs.conduct.filters.lists import LANGUAGES, shipped, shipped_allowed
from cogs.conduct.filters.model import Action, Filter, FilterKind, Mode, Where
from cogs.conduct.filters.refusals import BadDomain, EmptyWord
from cogs.conduct.filters.screening import GuildScreen, Postponed, Screening
from tests.cogs.conduct.filters.conftest import GUILD, armed, seen

BAD = Filter(1, FilterKind.WORDS, ("bad",), action=Action.WARN, mode=Mode.ARMED)


def screening(*filters, allow=(), **rest) -> Screening:
    made = Screening()
    made.use(GUILD, GuildScreen(compile_filters(filters, allow), **rest))
    return made


@pytest.mark.parametrize(
    "message",
    [
        {"automatic": True},
        {"is_staff": lambda: True},
        {"guild_id": 2},
        {"places": (20, 30)},
    ],
)
def test_bots_staff_other_servers_and_exempt_channels_are_left_alone(message):
    screen = screening(BAD, exempt_channels=(30,))
    assert screen.screen(seen("bad")) is not None
    assert screen.screen(seen("bad", **message)) is None


def test_a_filter_exempts_its_own_roles_and_channels():
    screen = screening(
        Filter(1, FilterKind.WORDS, ("bad",), exempt_roles=frozenset({5})),
        Filter(2, FilterKind.WORDS, ("bad",), exempt_channels=frozenset({30})),
    )
    found = screen.screen(seen("bad", has_role={5}.__contains__))
    assert [hit.filter.id for hit in found.hits] == [2]
    assert [hit.filter.id for hit in screen.screen(seen("bad", places=(20, 30))).hits] == [1]
    assert screen.screen_name(GUILD, "bad", Where.NICKNAME, roles=[5])[0].filter.id == 2


def test_the_most_severe_hit_is_first_and_what_acts_goes_before_what_does_not():
    screen = screening(
        Filter(1, FilterKind.WORDS, ("bad",), severity=Severity.HIGH, action=Action.BAN, mode=Mode.SHADOW),
        armed(2, FilterKind.WORDS, "bad", severity=Severity.LOW),
        Filter(3, FilterKind.WORDS, ("bad",), action=Action.TIMEOUT, mode=Mode.ARMED),
    )
    verdict = screen.screen(seen("so bad"))
    assert [hit.filter.id for hit in verdict.hits] == [3, 2, 1]
    assert verdict.acts


def test_shadow_and_guesses_do_not_act():
    assert not screening(Filter(1, FilterKind.WORDS, ("bad",))).screen(seen("bad")).acts
    guess = screening(BAD).screen(seen("b4d"))
    assert guess.worst.review
    assert not guess.acts


def test_the_allow_list_prevails():
    screen = screening(
        armed(1, FilterKind.WORDS, "boss*", "*ass*"), armed(2, FilterKind.PATTERNS, "bos+"), allow=["bosser", "ass*"]
    )
    assert screen.screen(seen("Je vais BOSSER, assez !")) is None
    assert [hit.what for hit in screen.screen(seen("bosser, boss")).hits] == ["boss*", "bos+"]


def test_mentions_beyond_the_limit_are_a_hit():
    screen = screening(armed(1, FilterKind.MENTIONS, limit=3))
    assert screen.screen(seen("hi", mentions=3)) is None
    assert screen.screen(seen("hi", mentions=4)).worst.what == "4"


def test_an_allow_list_of_domains_lets_only_those_through():
    screen = screening(armed(1, FilterKind.ALLOWED_DOMAINS, "good.com"))
    for text in ("https://good.com/a", "https://www.good.com", "see notes.txt and other.org", "no link"):
        assert screen.screen(seen(text)) is None, text
    for text in (
        "https://other.org",
        "https://good.com@other.org",
        "https://g\u043e\u043ed.com",
        "https://2130706433/",
    ):
        assert screen.screen(seen(text)) is not None, text


def test_a_flood_gives_one_verdict_with_its_messages_and_edits_do_not_count():
    screen = screening(armed(1, FilterKind.SPAM))
    assert [screen.screen(seen("same", edited=True)) for _ in range(9)] == [None] * 9
    messages = [seen("s\u0430me" if n % 2 else "same") for n in range(12)]
    verdicts = [verdict for one in messages if (verdict := screen.screen(one))]
    assert [verdict.burst.count for verdict in verdicts] == [3]
    assert verdicts[0].burst.messages == tuple((20, one.message_id) for one in messages[:3])


def test_what_is_put_off_gives_the_verdict_later():
    screen = screening(armed(2, FilterKind.PATTERNS, r"(a|b){200}c"), BAD)
    found = screen.screen(seen("bad " + "ab" * 1900 + "c"))
    assert isinstance(found, Postponed)
    assert [hit.filter.id for hit in found.finish().hits] == [1, 2]


def test_a_word_without_letters_and_a_domain_with_a_path_are_refused():
    with pytest.raises(EmptyWord):
        compile_filters([armed(4, FilterKind.WORDS, "*!*")])
    with pytest.raises(BadDomain) as refusal:
        compile_filters([armed(4, FilterKind.DENIED_DOMAINS, "evil.com/path")])
    assert refusal.value.filter_id == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_that_come_along_are_small_and_have_severities_and_no_double(language):
    words = [one.text for one in shipped(language)]
    assert 60 <= len(words) <= 150
    assert len(set(words)) == len(words)
    assert {one.severity for one in shipped(language)} == set(Severity)
    assert shipped_allowed([language])


def test_no_message_text_is_kept():
    screen = screening(armed(1, FilterKind.SPAM), BAD)
    for _ in range(2):
        screen.screen(seen("canary text that is long enough"))
        kept = [getattr(one, "samples", one) for one in screen.counters._servers[GUILD].lately.values()]
        assert kept
        assert "canary" not in repr([vars(screen), kept])
