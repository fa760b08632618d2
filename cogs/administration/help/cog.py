"""`/help` and its topics."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.errors import UserError
from bot.permissions import EVERYONE, requires
from bot.ui import reply
from bot.ui.text import shortened
from cogs.administration.cog import CHOICE_LENGTH, CHOICES, plain
from cogs.administration.help.guide import Guide
from cogs.administration.help.screens import overview, topic_page

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class HelpCog(commands.Cog, name="Help"):
    """What this member can do here."""

    @app_commands.command(name=L_("help"), description=L_("What you can do here, in your language"))
    @app_commands.rename(topic=L_("topic"))
    @app_commands.describe(topic=L_("What to read about; everything at a glance when left out"))
    @app_commands.guild_only()
    @requires(EVERYONE)
    async def open_help(self, interaction: "Interaction", topic: str | None = None) -> None:
        guide = Guide.of(interaction)
        await reply(interaction, view=topic_page(guide, guide.topic(topic)) if topic else overview(guide))

    @open_help.autocomplete("topic")
    async def _topics(self, interaction: "Interaction", typed: str) -> list[app_commands.Choice[str]]:
        try:
            guide = Guide.of(interaction)
        except UserError:
            return []
        found = [one for one in guide.topics if plain(typed) in plain(one.title)]
        return [app_commands.Choice(name=shortened(one.title, CHOICE_LENGTH), value=one.key) for one in found[:CHOICES]]
