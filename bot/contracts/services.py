"""What features ask of each other, as Protocols; ``bot.provide`` and ``bot.service`` connect the two sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from bot.contracts.newcomers import Cohort

if TYPE_CHECKING:
    import discord

    from bot.guilds.sections import Section
    from bot.i18n.localizer import Localizer
    from bot.ui import LayoutView


@dataclass(frozen=True, slots=True)
class Code:
    """A code of conduct as it is in force.

    ``version`` rises with every change of the text; ``major`` with those that members must accept again.
    ``texts`` are Discord markdown by language (``en``, ``fr``), at most 3,000 characters each.
    """

    version: int
    major: int
    texts: dict[str, str]

    def text(self, language: str) -> str:
        """The text in this language, else in English."""
        return self.texts.get(language) or self.texts["en"]


class CodeOfConduct(Protocol):
    """Whoever keeps the code of conduct of each server."""

    def current(self, guild_id: int) -> Code:
        """The code in force, from memory: a button may ask before Discord's deadline."""
        ...


class NewcomerDoor(Protocol):
    """Whoever welcomes newcomers, as `/setup` needs it."""

    @property
    def place(self) -> "tuple[type[Section], str, str]":
        """The section of the welcome, its toggle, and its field with the panel's channel."""
        ...

    def preview(self, guild: "discord.Guild", member: "discord.Member", t: "Localizer") -> "LayoutView":
        """What a newcomer sees, with buttons that nobody can press; ``member`` stands for the newcomer."""
        ...

    async def post(self, guild: "discord.Guild") -> tuple[int, int]:
        """Post the panel, or bring it up to date: its channel and message. Raises UserError; safe to repeat."""
        ...


class NewcomerFigures(Protocol):
    """Whoever welcomes newcomers, as a reader of figures needs it.

    A newcomer is who joins for the first time while the welcome is on; they belong to the local day on which they did,
    for good. Days and weeks are the server's own, under the history of its time zones. Members who are counted
    anonymously, and those who were erased, are in none of the figures, not even among those who joined: what they did
    later is not known, so that every share stays a share of the same people.
    """

    async def cohort(self, guild_id: int, first: date, last: date) -> Cohort:
        """Who joined on these local days, both included."""
        ...

    async def weeks(self, guild_id: int, since: date) -> Mapping[date, Cohort]:
        """By week, from that of ``since`` to the present one, empty ones too; its local Monday names a week."""
        ...

    def today(self, guild_id: int) -> date:
        """The server's local day."""
        ...
