"""A section is a frozen pydantic model: one capability's settings. The runtime's own section is here too."""

from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.errors import UserError
from bot.guilds.fields import RoleId, TextChannelId
from bot.guilds.time_zones import is_time_zone
from bot.i18n.marks import N_


class Section(BaseModel):
    """Base of every section. Each field has a ``title`` and a ``description``, both ``N_`` texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="float")

    key: ClassVar[str]
    """Stable name in the database and in exported files."""
    title: ClassVar[str]
    """``N_`` text, at most 45 characters in every language."""
    summary: ClassVar[str]
    """``N_`` text: what this section decides."""


class Language(StrEnum):
    ENGLISH = "en"
    FRENCH = "fr"


class CommunitySettings(Section):
    """What every capability shares."""

    key = "community"
    title = N_("Community")
    summary = N_("Language, time zone and team of this server.")

    language: Language = Field(
        Language.ENGLISH,
        title=N_("Language"),
        description=N_("The language of public posts. Private replies follow each member's own."),
    )
    time_zone: str = Field(
        "UTC",
        max_length=64,
        title=N_("Time zone"),
        description=N_("Days and weekly posts follow it, for example Europe/Paris. A change takes effect at midnight."),
    )
    staff_roles: tuple[RoleId, ...] = Field(
        (), max_length=10, title=N_("Staff roles"), description=N_("Members with one of these roles are the team.")
    )
    staff_channel: TextChannelId | None = Field(
        None, title=N_("Staff channel"), description=N_("Where the team is told what needs a human.")
    )

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if not is_time_zone(value):
            raise ValueError("unknown time zone")
        return value


class UnknownSection(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no such section of settings."))


class Sections:
    """The sections of the capabilities that are loaded, in the order they were registered."""

    def __init__(self) -> None:
        self._by_key: dict[str, type[Section]] = {}
        self.register(CommunitySettings)

    def register(self, section: type[Section]) -> None:
        """Add a capability's section; raises ValueError when its key is taken by another."""
        if self._by_key.setdefault(section.key, section) is not section:
            raise ValueError(f"two sections are called {section.key}")

    def all(self) -> list[type[Section]]:
        return list(self._by_key.values())

    def named(self, key: str) -> type[Section]:
        """Raises UnknownSection."""
        try:
            return self._by_key[key]
        except KeyError:
            raise UnknownSection from None
