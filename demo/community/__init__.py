"""The community of the demo: its server, its people and what they say, read from the data files beside this one."""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent
Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")
Way = Literal["founder", "whole", "awaited", "nudged", "accepted", "silent", "left", "unanswered", "visitor"]
Duty = Literal["greeter", "buddy"]

AT_HOME_AFTER: dict[Way, timedelta] = {
    "whole": timedelta(minutes=30),
    "awaited": timedelta(hours=2),
    "nudged": timedelta(days=2),
}
"""When those who go the whole way take part like everybody else, counted from the last instant they may come at."""


@dataclass(frozen=True)
class Person:
    """A member: habits, languages and words of their own. ``joined`` counts days before the visitor arrives."""

    key: str
    name: str
    languages: tuple[Language, ...]
    zone: ZoneInfo
    rhythm: str
    temper: str
    channels: dict[str, int]
    groups: tuple[str, ...]
    emoji: str
    lines: tuple[str, ...]
    role: str = "member"
    joined: int | None = None
    way: Way = "founder"
    duties: tuple[Duty, ...] = ()
    """What they offer themselves for, in their profile."""
    introduction: dict[Language, str] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """The one they speak first."""
        return self.languages[0]

    def is_at_home(self, at: datetime, arrival: datetime) -> bool:
        """Whether they take part like everybody else: founders always, newcomers some time after they came."""
        if self.joined is None:
            return True
        after = AT_HOME_AFTER.get(self.way)
        return after is not None and at > arrival - timedelta(days=self.joined) + after


@dataclass(frozen=True)
class Channel:
    """A text or voice channel; ``written_by`` and ``seen_by`` name the role that may when not everybody may."""

    key: str
    name: str
    topic: str = ""
    written_by: str | None = None
    seen_by: str | None = None


@dataclass(frozen=True)
class Category:
    name: str
    channels: tuple[Channel, ...]
    voices: tuple[Channel, ...] = ()
    staff: bool = False


@dataclass(frozen=True)
class Role:
    key: str
    name: str
    colour: str
    permissions: tuple[str, ...] = ()
    emoji: str = ""
    description: dict[Language, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exchange:
    """An opening and what may follow it; the same exchange in both languages, reply by reply."""

    open: dict[Language, str]
    replies: dict[Language, tuple[str, ...]]


@dataclass(frozen=True)
class Dialogue:
    """A written conversation: ``before`` hours before the visitor; lines of (who, text, reactions)."""

    channel: str
    before: float
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Decided:
    """Something a moderator had to decide, ``before`` hours before the visitor; ``contested`` counts likewise."""

    member: str
    by: str
    before: float
    command: str
    article: int
    reason: str
    said: tuple[tuple[str, str], ...]
    duration: str | None = None
    why: str | None = None
    contested: float | None = None
    words: str = ""


@dataclass(frozen=True)
class Reported:
    """What a member told the team, ``before`` hours before the visitor."""

    by: str
    before: float
    member: str
    article: int
    details: str


@dataclass(frozen=True)
class Community:
    name: str
    description: str
    locale: Language
    zone: ZoneInfo
    arrival: datetime
    roles: tuple[Role, ...]
    groups: tuple[Role, ...]
    categories: tuple[Category, ...]
    welcome: dict[str, Any]
    filter: dict[str, Any]
    doors: dict[str, str | dict[Language, str]]
    people: dict[str, Person]
    exchanges: dict[str, tuple[Exchange, ...]]
    words: dict[Language, dict[str, tuple[str, ...]]]
    dialogues: tuple[Dialogue, ...]
    cases: tuple[Decided, ...]
    reports: tuple[Reported, ...]

    def behind(self, door: str, language: Language) -> str:
        """The key of the person a visitor is behind a door."""
        who = self.doors[door]
        return who if isinstance(who, str) else who[language]


def load_community() -> Community:
    """Read the data files. Raises KeyError or ValueError when they contradict each other."""
    guild, texts = _read("guild.toml"), {language: _read(f"exchanges.{language}.toml") for language in LANGUAGES}
    words = {
        language: {key: tuple(draws) for key, draws in text.pop("words").items()} for language, text in texts.items()
    }
    people = {entry["key"]: _person(entry) for entry in _read("members.toml")["member"]}
    return Community(
        name=guild["name"],
        description=guild["description"],
        locale=guild["locale"],
        zone=ZoneInfo(guild["time_zone"]),
        arrival=guild["arrival"],
        roles=tuple(_role(entry) for entry in guild["role"]),
        groups=tuple(_role(entry) for entry in guild["group"]),
        categories=tuple(_category(entry) for entry in guild["category"]),
        welcome=guild["welcome"],
        filter=guild["filter"],
        doors=guild["doors"],
        people=people,
        exchanges={key: _exchanges(texts["en"][key], texts["fr"][key]) for key in texts["en"]},
        words=words,
        dialogues=tuple(_dialogue(entry, people) for entry in _read("dialogues.toml")["dialogue"]),
        cases=tuple(_decided(entry, people) for entry in _read("cases.toml")["case"]),
        reports=tuple(Reported(**entry) for entry in _read("cases.toml")["report"]),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _person(entry: dict[str, Any]) -> Person:
    introduction = entry.pop("introduction", {})
    languages, groups, lines = (tuple(entry.pop(key)) for key in ("languages", "groups", "lines"))
    duties = tuple(entry.pop("duties", ()))
    if isinstance(introduction, str):
        introduction = {languages[0]: introduction}
    zone = ZoneInfo(entry.pop("zone"))
    return Person(
        languages=languages, groups=groups, lines=lines, zone=zone, duties=duties, introduction=introduction, **entry
    )


def _role(entry: dict[str, Any]) -> Role:
    return Role(permissions=tuple(entry.pop("permissions", ())), **entry)


def _category(entry: dict[str, Any]) -> Category:
    channels, voices = (tuple(Channel(**channel) for channel in entry.get(kind, ())) for kind in ("channel", "voice"))
    return Category(entry["name"], channels, voices, entry.get("staff", False))


def _exchanges(english: list[dict[str, Any]], french: list[dict[str, Any]]) -> tuple[Exchange, ...]:
    return tuple(
        Exchange(
            open={"en": en["open"], "fr": fr["open"]},
            replies={"en": tuple(en["replies"]), "fr": tuple(fr["replies"])},
        )
        for en, fr in zip(english, french, strict=True)
    )


def _dialogue(entry: dict[str, Any], people: dict[str, Person]) -> Dialogue:
    lines = tuple((people[line[0]].key, line[1], line[2] if len(line) > 2 else "") for line in entry["lines"])
    return Dialogue(entry["channel"], entry["before"], lines)


def _decided(entry: dict[str, Any], people: dict[str, Person]) -> Decided:
    said = tuple((channel, text) for channel, text in entry.pop("said"))
    return Decided(member=people[entry.pop("member")].key, by=people[entry.pop("by")].key, said=said, **entry)
