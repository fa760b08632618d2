"""The short way of a message finds exactly what the long one finds: over both corpora, innocent or not."""

import random
from itertools import count
from types import SimpleNamespace

import discord
import pytest

from cogs.conduct.filters import adapter
from cogs.conduct.filters.model import FilterKind
from cogs.conduct.filters.quick import screen_message, screen_messages
from cogs.conduct.filters.screening import GuildScreen, Postponed, Screening
from cogs.conduct.filters.spam import Flood
from tests.cogs.conduct.filters.conftest import FILTERS, GUILD, armed, lines_of

BOB = object.__new__(discord.Member)
BOB._user = SimpleNamespace(id=7, bot=False)
BOB._roles = discord.utils.SnowflakeList(())
BOB.guild = SimpleNamespace(id=GUILD, get_role=lambda role: None)
numbers = count(1)
LISTS = ("message_snapshots", "embeds", "attachments", "stickers", "mentions", "role_mentions")


def message(content, *, seconds=60.0, **rest):
    """A message of Bob's, so many seconds after the one before."""
    given = {name: [] for name in LISTS} | {"poll": None, "mention_everyone": False, "webhook_id": None}
    number = next(numbers)
    return SimpleNamespace(
        id=int(number * seconds * 1000) << 22 | number,
        guild=SimpleNamespace(id=GUILD),
        author=BOB,
        channel=SimpleNamespace(id=20, category_id=None),
        content=content,
        type=discord.MessageType.default,
        **given | rest,
    )


def texts():
    lines = [line for language in ("en", "fr") for line in lines_of(f"innocent_{language}.txt")]
    evil = [line.split("\t") for language in ("en", "fr") for line in lines_of(f"evasions_{language}.txt")]
    return [*lines, *(text for _, part, text in evil if part == "content")]


def finished(verdict):
    return verdict.finish() if isinstance(verdict, Postponed) else verdict


@pytest.fixture
def ways(compiled):
    """The same message on both ways, each with counters of its own."""
    quick, whole = Screening(), Screening()
    for one in (quick, whole):
        one.use(GUILD, GuildScreen(compiled))

    def compare(told):
        long = adapter.seen(told, lambda member: False)
        return finished(screen_message(quick, told, lambda member: False)), finished(whole.screen(long))

    return compare


def test_both_ways_find_the_same_in_every_text_of_the_corpora(ways, compiled):
    differing = [text for text in texts() if (found := ways(message(text)))[0] != found[1]]
    assert differing == []
    short = [text for text in texts() if compiled.passes(text) is not None]
    assert len(short) > 100, "the short way is the usual one"


PIECES = (
    *("evil.com", "bad-site.net", "b\u00fccher.example", "evil", "com", "site.net", "badword", "gros", "mot", "nitro"),
    *("discord.gg/abcdef", "discord", "gg", "invite", "https://", "ftp:/", "%65", "xn--bcher-kva.example", "free", "f"),
    *(
        "\u20ac",
        "\u00d7",
        "\u00a2",
        "\u00bd",
        "\u2122",
        "*",
        "**",
        "||",
        "|",
        "__",
        "_",
        "~~",
        "\\",
        "`",
        "[",
        "](",
        ")",
    ),
    *("\u00ad", "\u200b", "\u202f", "\u0153", "\u2026", "\u2019", "\u0430", "\u3002", "\ud800", "\x1c", "\x00", "\n"),
    *(" ", " ", " ", " ", ".", ".", ".", ",", "@", "/", "-", "'", "3", "aaa", "\u00e9", "E", "\U0001f600"),
)


def test_nothing_is_found_in_what_the_short_way_lets_pass_however_its_parts_meet(compiled):
    chance = random.Random(12)
    passed = wrong = 0
    for _ in range(6_000):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 7)))
        if (fingerprint := compiled.passes(text)) is not None:
            passed += 1
            look = compiled.look(text)
            wrong += bool(look.hits or look.rest or look.fingerprint != fingerprint)
    assert (wrong, passed > 1_000) == (0, True)


def at_once(screening, told, **rest):
    looked = screen_messages(screening, told, lambda member: False, **rest)
    return [(one.id, finished(verdict)) for one, verdict in looked.found], [one.id for one in looked.left]


@pytest.fixture
def flooding(compiled):
    """The filters of the corpora, a rule against floods among them; made anew each time."""

    def make():
        from cogs.conduct.filters.compiled import compile_filters

        screening = Screening()
        screening.use(GUILD, GuildScreen(compile_filters([armed(9, FilterKind.SPAM), *FILTERS])))
        return screening

    return make


def test_messages_that_come_together_are_found_as_if_each_came_alone(flooding):
    chance = random.Random(3)
    lines = texts()
    embed = discord.Embed(title="join discord.gg/abcdef")
    storm = [
        message(chance.choice(lines), seconds=0.7, **({"embeds": [embed]} if chance.random() < 0.1 else {}))
        for _ in range(400)
    ]
    each = flooding()
    alone = [(one.id, finished(screen_message(each, one, lambda member: False))) for one in storm]
    together = flooding()
    found = [pair for start in range(0, 400, 50) for pair in at_once(together, storm[start : start + 50])[0]]
    assert found == [pair for pair in alone if pair[1] is not None]
    assert {verdict.burst is None for _, verdict in found} == {True, False}, "floods and texts"


def test_when_time_is_up_the_rest_is_left_and_nothing_is_counted_twice(flooding):
    screening = flooding()
    storm = [message("badword" if number % 3 else f"plain {number}", seconds=0.5) for number in range(30)]
    found, left, turns = [], storm, 0
    while left:
        more, numbers_left = at_once(screening, left, until=0.0)
        assert len(numbers_left) == len(left) - 1, "one is looked at in any case"
        found, left, turns = found + more, left[1:], turns + 1
    assert turns == 30
    assert found == at_once(flooding(), storm)[0]


def test_a_message_that_cannot_be_looked_at_stops_no_other(flooding, caplog):
    for strange in (message("badword", embeds=[object()]), message("badword", mentions=5)):
        found, left = at_once(flooding(), [message("badword"), strange, message("badword")])
        assert (len(found), left) == (2, [])
        assert f"message {strange.id} could not be looked at" in caplog.text


def test_a_message_with_more_than_plain_words_takes_the_long_way(ways):
    embed = discord.Embed(title="join discord.gg/abcdef")
    for told in (
        message("look", embeds=[embed]),
        message("look", attachments=[SimpleNamespace(filename="badword.png", description=None)]),
    ):
        quick, whole = ways(told)
        assert quick is not None
        assert quick == whole


def test_a_flood_of_plain_words_is_told_once_with_its_messages():
    from cogs.conduct.filters.compiled import compile_filters

    screening = Screening()
    screening.use(GUILD, GuildScreen(compile_filters([armed(9, FilterKind.SPAM), *FILTERS[:1]])))
    sent = [message(f"plain words number {word}", seconds=1.0) for word in "abcdefghij"]
    verdicts = [one for told in sent if (one := screen_message(screening, told, lambda member: False))]
    (verdict,) = verdicts
    assert verdict.burst.flood is Flood.MESSAGES
    assert verdict.burst.messages == tuple((20, one.id) for one in sent[:7])
    assert screen_message(screening, message("plain"), lambda member: True) is None
