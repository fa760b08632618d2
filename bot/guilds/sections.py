"""A section is a frozen pydantic model: one capability's settings. The runtime's own section is here too."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, Field, field_validator

from bot.errors import UserError
from bot.guilds.fields import FIELDS, Choice, LongText, RoleId, TextChannelId
from bot.guilds.paths import longest_address
from bot.guilds.problems import Refusal
from bot.guilds.shape import shapes
from bot.guilds.time_zones import is_time_zone
from bot.i18n.marks import N_

if TYPE_CHECKING:
    from bot.database import Transaction

ADDRESS_LENGTH = 80
"""What a custom_id of 100 characters has left for the address of a field, after its prefix and a value."""
ACTIONS = 4
"""Buttons a section's panel has room for."""


class Section(BaseModel):
    """Base of every section. Each field has a ``title`` and a ``description``, both ``N_`` texts."""

    model_config = FIELDS

    key: ClassVar[str]
    """Stable name in the database and in exported files."""
    title: ClassVar[str]
    """``N_`` text, at most 45 characters in every language."""
    summary: ClassVar[str]
    """``N_`` text: what this section decides."""
    moved: ClassVar[Mapping[str, str]] = {}
    """Fields of earlier versions, which older files still have, and an ``N_`` text: where what they held is now."""


class Language(Choice):
    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"


class Address(Choice):
    """How French speaks to one member; a team is always spoken to in the plural."""

    TU = "tu", "Tu"
    VOUS = "vous", "Vous"


class Objective(Choice):
    """What a community is mainly for: the SPACES model of community strategy."""

    SUPPORT = "support", N_("Support: members get answers")
    PRODUCT = "product", N_("Product: ideas and feedback")
    ACQUISITION = "acquisition", N_("Acquisition: word spreads")
    CONTRIBUTION = "contribution", N_("Contribution: members create")
    ENGAGEMENT = "engagement", N_("Engagement: shared interests")
    SUCCESS = "success", N_("Success: members get better")


AUDIENCE_LENGTH = 240
"""Two of these sentences and a blank fit the purpose of the welcome, 500 characters."""


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
    address: Address = Field(
        Address.TU,
        title=N_("Form of address"),
        description=N_("How French speaks to one member. The team is always spoken to in the plural."),
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
    objective: Objective | None = Field(
        None, title=N_("Objective"), description=N_("What this community is mainly for. Proposals follow it.")
    )
    for_whom: Annotated[str, LongText(AUDIENCE_LENGTH)] = Field(
        "", max_length=AUDIENCE_LENGTH, title=N_("For whom it is"), description=N_("One sentence.")
    )
    not_for_whom: Annotated[str, LongText(AUDIENCE_LENGTH)] = Field(
        "", max_length=AUDIENCE_LENGTH, title=N_("For whom it is not"), description=N_("One sentence.")
    )

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if not is_time_zone(value):
            raise Refusal(N_("There is no such time zone. Write it like Europe/Paris or America/Montreal."))
        return value


class UnknownSection(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no such section of settings."))


@dataclass(frozen=True, slots=True)
class SectionAction:
    """A button a feature adds below its section's panel.

    ``build`` makes the feature's own ``PersistentItem`` from the translated label (at most 80 characters); the item
    declares its access and answers the click, like any other.
    """

    label: str
    build: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class FilePart:
    """What a server has that is no setting and still travels in its settings file, in the shape of a section.

    ``kept`` is what is written into a file; ``present`` is what an import would change; ``take`` changes it, in the
    transaction of the import. Both ends may differ: an imported text becomes a draft, and what is in force is written.
    """

    section: type[Section]
    kept: Callable[[int], Section]
    present: Callable[[int], Section]
    take: Callable[["Transaction", int, Any, int], Awaitable[None]]
    """Called with the transaction, the server, the section as the file has it, and who imports it."""


class Sections:
    """The sections of the capabilities that are loaded, in the order they were registered."""

    def __init__(self) -> None:
        self._by_key: dict[str, type[Section]] = {}
        self._actions: dict[str, tuple[SectionAction, ...]] = {}
        self._overview: list[SectionAction] = []
        self._parts: dict[str, FilePart] = {}
        self.register(CommunitySettings)

    def register(self, section: type[Section], *, actions: Sequence[SectionAction] = ()) -> None:
        """Add a capability's section, with buttons of its own (at most four).

        Raises ValueError when its key is taken by another or its names are too long for a custom_id, TypeError when
        it has a field that no panel can show.
        """
        shapes(section)
        if longest_address(section) > ADDRESS_LENGTH:
            raise ValueError(f"the names in section {section.key} are too long for a custom_id")
        every = (*self._actions.get(section.key, ()), *actions)
        if len(every) > ACTIONS:
            raise ValueError(f"section {section.key} has more than {ACTIONS} actions")
        if self._by_key.setdefault(section.key, section) is not section:
            raise ValueError(f"two sections are called {section.key}")
        self._actions[section.key] = every

    def all(self) -> list[type[Section]]:
        return list(self._by_key.values())

    def actions(self, section: type[Section]) -> Sequence[SectionAction]:
        """The buttons features added to the section's panel."""
        return self._actions.get(section.key, ())

    def add_to_file(self, part: FilePart) -> None:
        """Let something that is no setting travel in the settings file. Raises ValueError when its key is taken."""
        if part.section.key in self._by_key or self._parts.setdefault(part.section.key, part) is not part:
            raise ValueError(f"two sections are called {part.section.key}")

    @property
    def parts(self) -> Mapping[str, FilePart]:
        """What else travels in the settings file, by its key there."""
        return self._parts

    def add_to_overview(self, *actions: SectionAction) -> None:
        """Add buttons of a feature's own below the overview. Raises ValueError beyond four."""
        if len(self._overview) + len(actions) > ACTIONS:
            raise ValueError(f"the overview has more than {ACTIONS} actions")
        self._overview += actions

    @property
    def overview_actions(self) -> Sequence[SectionAction]:
        """The buttons features added to the overview."""
        return tuple(self._overview)

    def named(self, key: str) -> type[Section]:
        """Raises UnknownSection."""
        try:
            return self._by_key[key]
        except KeyError:
            raise UnknownSection from None
