"""Filters in a settings file: what is read only watches, until somebody of that server arms it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, field_validator

from bot.guilds.fields import Choice, RoleId, Row
from bot.guilds.problems import Refusal
from bot.guilds.sections import FilePart, Section
from bot.i18n.marks import N_
from cogs.conduct.filters.model import FilterKind
from cogs.conduct.screening.rules import ENTRIES, ENTRY, FILTERS, NAME, Doing, Kept, Watch, file_names
from cogs.conduct.screening.settings import Place
from cogs.conduct.settings import Length

if TYPE_CHECKING:
    from bot.database import Transaction
    from cogs.conduct.screening.keeping import Filters
    from cogs.conduct.screening.screens import Screens

Entry = Annotated[str, Field(min_length=1, max_length=ENTRY)]


class KindChoice(Choice):
    """``FilterKind`` as a file has it."""

    WORDS = "words", N_("Words and phrases")
    PATTERNS = "patterns", N_("RE2 patterns")
    INVITES = "invites", N_("Invites to other servers")
    DENIED_DOMAINS = "denied_domains", N_("Domains that are not wanted")
    ALLOWED_DOMAINS = "allowed_domains", N_("All domains but those listed")
    MENTIONS = "mentions", N_("Mentions in one message")
    SPAM = "spam", N_("Spam")


class DoingChoice(Choice):
    """``Doing`` as a file has it."""

    REPORT = "report", N_("Tell the team")
    DELETE = "delete", N_("Delete")
    WARN = "warn", N_("Delete and warn")
    TIMEOUT = "timeout", N_("Delete and time out")
    LADDER = "ladder", N_("Delete, then the ladder")


class FilterRow(Row):
    """A filter in a file."""

    title = N_("Filter")

    name: str = Field(min_length=1, max_length=NAME, title=N_("Name"), description=N_("It tells filters apart."))
    kind: KindChoice = Field(title=N_("Kind"), description=N_("What it looks for."))
    entries: tuple[Entry, ...] = Field(
        (), max_length=ENTRIES, title=N_("Entries"), description=N_("Words, patterns, codes or domains.")
    )
    english_list: bool = Field(False, title=N_("English list"), description=N_("With the words that come with Parvis."))
    french_list: bool = Field(False, title=N_("French list"), description=N_("With the words that come with Parvis."))
    article: int | None = Field(
        None, ge=1, le=999, title=N_("Article"), description=N_("Its number in the code of conduct.")
    )
    doing: DoingChoice = Field(DoingChoice.REPORT, title=N_("When armed"), description=N_("What it then does."))
    length: Length | None = Field(
        None,
        ge=timedelta(minutes=1),
        le=timedelta(days=28),
        title=N_("Length of the timeout"),
        description=N_("Where it times out."),
    )
    most_mentions: int = Field(
        0, ge=0, le=100, title=N_("More mentions than"), description=N_("Where it counts mentions.")
    )
    exempt_roles: tuple[RoleId, ...] = Field(
        (), max_length=20, title=N_("Roles left alone"), description=N_("It does not look at their messages.")
    )
    exempt_channels: tuple[Place, ...] = Field(
        (), max_length=25, title=N_("Channels left alone"), description=N_("It does not look there.")
    )


class FilterFile(Section):
    """The filters of a server as a file has them."""

    key = "filter_list"
    title = N_("List of filters")
    summary = N_("What is imported only watches, until somebody arms it.")

    filters: tuple[FilterRow, ...] = Field(
        (), max_length=FILTERS, title=N_("Filters"), description=N_("In the order in which they were made.")
    )

    @field_validator("filters")
    @classmethod
    def _apart(cls, value: tuple[FilterRow, ...]) -> tuple[FilterRow, ...]:
        if len({row.name for row in value}) != len(value):
            raise Refusal(N_("Two filters have the same name. Give each a name of its own."))
        return value


def part_of_the_file(filters: "Filters", screens: "Screens") -> FilePart:
    """What exports and imports do with filters."""

    async def take(tx: "Transaction", guild_id: int, file: FilterFile, by: int) -> None:
        wanted = kept_of(file, guild_id)
        await screens.compiled(guild_id, wanted)
        await filters.replace_within(tx, guild_id, wanted, by)

    def present(guild_id: int) -> FilterFile:
        return file_of(filters.of(guild_id))

    return FilePart(FilterFile, kept=present, present=present, take=take)


def file_of(kept: Sequence[Kept]) -> FilterFile:
    """The filters in the shape of a file."""
    rows = []
    for name, one in zip(file_names((one.number, one.name) for one in kept), kept, strict=True):
        rows.append(
            FilterRow(
                name=name,
                kind=KindChoice[one.kind.name],
                entries=one.entries,
                english_list="en" in one.shipped,
                french_list="fr" in one.shipped,
                article=one.article,
                doing=DoingChoice[one.doing.name],
                length=one.length,
                most_mentions=one.most_mentions,
                exempt_roles=one.exempt_roles,
                exempt_channels=one.exempt_channels,
            )
        )
    return FilterFile(filters=tuple(rows))


def kept_of(file: FilterFile, guild_id: int) -> list[Kept]:
    """The filters of a file, in shadow; their numbers are given when they are kept."""
    return [
        Kept(
            -place,  # apart from every filter there is, so that a refusal names this one
            guild_id,
            0,
            row.name,
            FilterKind(row.kind.value),
            row.entries,
            tuple(lang for lang, on in (("en", row.english_list), ("fr", row.french_list)) if on),
            row.article,
            Doing(row.doing.value),
            row.length,
            row.most_mentions,
            row.exempt_roles,
            row.exempt_channels,
            Watch.SHADOW,
        )
        for place, row in enumerate(file.filters, 1)
    ]
