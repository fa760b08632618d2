"""What features ask of each other, as Protocols; ``bot.provide`` and ``bot.service`` connect the two sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from bot.contracts.conduct import Article
from bot.contracts.newcomers import Cohort

if TYPE_CHECKING:
    import discord

    from bot.guilds.sections import Section
    from bot.i18n.localizer import Localizer
    from bot.ui import LayoutView


@dataclass(frozen=True, slots=True)
class Code:
    """A code of conduct as it is in force.

    ``version`` rises with every publication; ``major`` with those that members must accept again. ``pages`` are
    Discord markdown by language (``en``, ``fr``): at least one, in order, at most 3,400 characters each.
    ``published_at`` is None while a server has the one the bot comes with.
    """

    version: int
    major: int
    pages: Mapping[str, Sequence[str]]
    published_at: datetime | None = None

    def pages_in(self, language: str) -> Sequence[str]:
        """In this language, else in English."""
        return self.pages.get(language) or self.pages["en"]


class CodeOfConduct(Protocol):
    """Whoever keeps the code of conduct of each server. All of it answers from memory: Discord's deadline is short."""

    def current(self, guild_id: int) -> Code:
        """The code in force."""
        ...

    def articles(self, guild_id: int) -> Sequence[Article]:
        """Every article that was ever in force and still has its number, withdrawn ones included, as they are read.

        Empty where the team wrote its code as one text.
        """
        ...

    def article(self, guild_id: int, number: int) -> Article | None:
        """That article, also when it was withdrawn; None when the server has none of this number."""
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
