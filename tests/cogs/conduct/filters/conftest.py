"""The filters that the corpora are looked at with, and how a line of a corpus is read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from cogs.conduct.filters.compiled import Compiled, compile_filters
from cogs.conduct.filters.model import Action, Filter, FilterKind, Hit, Mode, Where
from cogs.conduct.filters.screening import GuildScreen, Postponed, Screening
from cogs.conduct.filters.seen import Seen

CORPORA = Path(__file__).parent / "corpora"
GUILD = 1
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\n")
_ids = count(1)


def armed(number: int, kind: FilterKind, *words: str, **rest) -> Filter:
    return Filter(number, kind, words, action=Action.DELETE, mode=Mode.ARMED, **rest)


FILTERS = (
    armed(1, FilterKind.WORDS, shipped=("en", "fr")),
    armed(2, FilterKind.WORDS, "*badword*", "gros mot*", "grosmot*"),
    armed(3, FilterKind.INVITES, "parvis"),
    armed(4, FilterKind.DENIED_DOMAINS, "evil.com", "bad-site.net", "bücher.example"),
    armed(
        5,
        FilterKind.PATTERNS,
        r"free\s+nitro",
        r"nitro\s+gratuit",
        r"(?:buy|sell)\s+followers",
        r"\b(?:btc|eth)\s*wallet\s*[:=]\s*\w{20}",
    ),
)


@dataclass(frozen=True)
class Line:
    level: str
    part: str
    text: str


def lines_of(name: str) -> list[str]:
    """The lines of a corpus, without comments; `\\u{hex}` is a character and `\\n` a line break."""
    kept = (line for line in (CORPORA / name).read_text(encoding="utf-8").splitlines() if line.strip())
    return [_unescaped(line) for line in kept if not line.startswith("#")]


def _unescaped(line: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else "\n", line)


def seen(content: str = "", **rest) -> Seen:
    """A message of member 7 in channel 20, a second after the one before."""
    number = next(_ids)
    given = {"guild_id": GUILD, "author_id": 7, "message_id": number, "channel_id": 20, "at": float(number)}
    return Seen(content=content, **{**given, "places": (20,), **rest})


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    return compile_filters(FILTERS, own_invites=["ours"])


@pytest.fixture
def look(compiled: Compiled) -> Callable[[str, str], tuple[Hit, ...]]:
    """What is found in a part of a message, or of a member, through the door that the bot uses."""
    screening = Screening()
    screening.use(GUILD, GuildScreen(compiled))

    def looked(text: str, part: str = "content") -> tuple[Hit, ...]:
        if part in {"thread_name", "nickname"}:
            return screening.screen_name(GUILD, text, Where(part))
        message = (
            seen(text, edited=part == "edit") if part in {"content", "edit"} else seen(others=((Where(part), text),))
        )
        verdict = screening.screen(message)
        if isinstance(verdict, Postponed):
            verdict = verdict.finish()
        return verdict.hits if verdict else ()

    return looked
