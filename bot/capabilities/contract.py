"""What a feature says about itself, once, for `/setup`, `/help`, `/status` and the registration of its commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.guilds.sections import Section
from bot.i18n.marks import N_


@dataclass(frozen=True, slots=True)
class Need:
    """A permission the bot asks for when the capability is turned on. Texts are ``N_`` marks.

    ``permission`` is discord.py's name of it. ``reason`` completes "to …" ("to give newcomers the member role");
    ``without`` is a whole sentence: what stops when the bot lacks it.
    """

    permission: str
    reason: str
    without: str


class Make(StrEnum):
    """What `/setup` can create for a field."""

    TEXT = "text"
    FORUM = "forum"
    ROLE = "role"


class Audience(StrEnum):
    """Who sees a channel that `/setup` creates, and who writes there. The bot always does both."""

    EVERYONE = "everyone"
    READ_ONLY = "read_only"
    """Everyone sees it, only the bot and the team write."""
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A channel or role that the capability wants, and that `/setup` can create: its id goes into ``field``.

    The field holds one id, or several (then the one that was created is added). ``name`` and ``purpose`` are ``N_``
    texts in the server's language: what it is called when created (a channel's topic is its purpose).
    """

    section: type[Section]
    field: str
    make: Make
    name: str
    purpose: str
    audience: Audience = Audience.EVERYONE
    required: bool = False
    """The capability does nothing without it."""


@dataclass(frozen=True, slots=True)
class Switch:
    """The toggle that turns the capability on: a ``bool`` field of one of its sections."""

    section: type[Section]
    field: str = "enabled"


@dataclass(frozen=True, slots=True)
class Content:
    """What a capability without a switch lives by: it is on while this field holds anything."""

    section: type[Section]
    field: str


@dataclass(frozen=True, slots=True)
class Capability:
    """One capability. Texts are ``N_`` marks.

    Without ``switch`` and ``content`` it is always on. ``commands`` are the English names of its commands and context
    menus: they exist in a server only while it is on; a command no capability claims is always there.
    """

    key: str
    """Stable, lower case: it travels in custom_ids and in the database."""
    title: str
    """At most 45 characters in every language."""
    summary: str
    """One sentence: what it does for the community."""
    sections: Sequence[type[Section]]
    switch: Switch | None = None
    content: Content | None = None
    needs: Sequence[Need] = ()
    blueprints: Sequence[Blueprint] = ()
    commands: frozenset[str] = frozenset()
    recommended: bool = False
    """Part of the small set that `/setup` proposes to a new server."""
    presets: Mapping[str, Mapping[str, Mapping[str, object]]] = field(default_factory=dict)
    """Values that `/setup` proposes for an objective: objective → section key → field → value."""
    purpose: Mapping[str, tuple[type[Section], str]] = field(default_factory=dict)
    """Texts that say what the community is for, by language; `/setup` fills the one that is empty."""


ALWAYS: Sequence[Need] = (
    Need("view_channel", N_("to see the channels it works in"), N_("The bot does nothing in channels it cannot see.")),
    Need("send_messages", N_("to answer and to welcome"), N_("Panels and notices are not posted.")),
    Need("embed_links", N_("to show cards and panels"), N_("Panels and notices are not posted.")),
    Need(
        "attach_files",
        N_("to send charts and files with your data"),
        N_("Charts and files cannot be sent."),
    ),
    Need(
        "read_message_history",
        N_("to catch up after an outage"),
        N_("Messages written during an outage are not counted."),
    ),
)
"""What the bot needs whichever capability is on."""
