"""`/settings`: the panels of this server."""

import unicodedata
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.errors import UserError
from bot.guilds.sections import Section, UnknownSection
from bot.permissions import MANAGE_SERVER, NotAllowed, check_access, requires
from bot.ui.panels import OVERVIEW, Desk, render, section_place
from bot.ui.replies import reply
from bot.ui.text import shortened

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

CHOICES = 25
"""Discord's limit of suggestions."""
CHOICE_LENGTH = 100


class Administration(commands.Cog):
    """What those who manage a server decide."""

    @app_commands.command(
        name=L_("settings"), description=L_("Language, channels, roles and everything else this server decides.")
    )
    @app_commands.rename(section=L_("section"))
    @app_commands.describe(section=L_("Which settings to open; all of them when left out."))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    @requires(MANAGE_SERVER)
    async def settings(self, interaction: "Interaction", section: str | None = None) -> None:
        desk = Desk.of(interaction)
        place = section_place(named(desk, section).key) if section else OVERVIEW
        await reply(interaction, view=await render(desk, place))

    @settings.autocomplete("section")
    async def _sections(self, interaction: "Interaction", typed: str) -> list[app_commands.Choice[str]]:
        try:
            check_access(interaction, MANAGE_SERVER)
            desk = Desk.of(interaction)
        except (NotAllowed, UserError):
            return []
        titles = [(desk.t(section.title), section.key) for section in desk.bot.sections.all()]
        found = [(title, key) for title, key in titles if plain(typed) in plain(title)]
        return [app_commands.Choice(name=shortened(title, CHOICE_LENGTH), value=key) for title, key in found[:CHOICES]]


def named(desk: Desk, typed: str) -> type[Section]:
    """The section somebody means: its key, or its title in one of our languages. Raises UnknownSection."""
    languages = list(desk.bot.i18n.all())
    for section in desk.bot.sections.all():
        names = {section.key, *(t(section.title) for t in languages)}
        if plain(typed) in {plain(name) for name in names}:
            return section
    raise UnknownSection


def plain(text: str) -> str:
    """Without case and accents, which many leave out when they type."""
    decomposed = unicodedata.normalize("NFKD", text.strip())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
