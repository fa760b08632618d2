"""Who is looking at the settings of which server, in which language; and the pages they may see."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.errors import UserError
from bot.guilds.sections import Section
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui.panels.places import OVERVIEW, Kind, Place
from bot.ui.replies import update
from bot.ui.views import LayoutView

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class NotInServer(UserError):
    """The panel belongs to a server the bot is no longer in."""

    def __init__(self) -> None:
        super().__init__(N_("I am not in this server any more, so its settings cannot be changed."))


@dataclass(frozen=True)
class Desk:
    """What every page is made from."""

    bot: "CommunityBot"
    guild: discord.Guild
    t: Localizer
    person: discord.Member | None

    @classmethod
    def of(cls, interaction: "discord.Interaction[Any]") -> Self:
        """Raises NotInServer."""
        bot: CommunityBot = interaction.client
        guild = bot.get_guild(interaction.guild_id or 0)
        if guild is None:
            raise NotInServer
        person = interaction.user if isinstance(interaction.user, discord.Member) else None
        return cls(bot, guild, bot.i18n.for_interaction(interaction), person)

    def pair(self, field: str, value: str) -> str:
        """``field: value``, as the language writes a colon; ``field`` is translated here."""
        return self.t(N_("{field}: {value}"), field=self.t(field), value=value)

    def aside(self, message: str) -> str:
        """A word in italics that stands where a value would."""
        return f"*{self.t(message)}*"

    def section(self, key: str) -> type[Section]:
        """Raises UnknownSection."""
        return self.bot.sections.named(key)

    def value(self, key: str) -> Section:
        """The section's present value. Raises UnknownSection."""
        return self.bot.guild_settings.get(self.guild.id, self.section(key))


Page = Callable[[Desk, Place], Awaitable[LayoutView]]
PAGES: dict[Kind, Page] = {}
"""Filled by the modules of the pages; items and pages know each other only through it."""


def page(kind: Kind) -> Callable[[Page], Page]:
    """Register the page of a kind of place."""

    def register(build: Page) -> Page:
        PAGES[kind] = build
        return build

    return register


async def render(desk: Desk, place: Place) -> LayoutView:
    """The page at that place as it is now. Raises UserError when the place is gone."""
    return await PAGES[place.kind](desk, place)


async def show(interaction: "discord.Interaction[Any]", place: Place) -> None:
    """Turn the panel in front of the person to that place."""
    await update(interaction, view=await render(Desk.of(interaction), place))


async def show_again(interaction: "discord.Interaction[Any]", place: Callable[[], Place]) -> None:
    """After a refusal: the present state of that place, or the overview when the place itself is gone."""
    try:
        await show(interaction, place())
    except UserError:
        await show(interaction, OVERVIEW)
