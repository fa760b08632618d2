"""``/rules``, and what wires the code of conduct to the bot."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.contracts.events import ServerPurged
from bot.contracts.services import CodeOfConduct
from bot.permissions import EVERYONE, requires
from bot.ui import reply
from cogs.conduct.code.capability import CODE
from cogs.conduct.code.choosing import article_choices, chosen_article
from cogs.conduct.code.file import part_of_the_file
from cogs.conduct.code.place import Place
from cogs.conduct.code.screens import acting, buttons, forms
from cogs.conduct.code.screens.reading import article_screen, code_screen
from cogs.conduct.code.service import Codes

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

PERSISTENT = (
    buttons.ReadButton,
    buttons.VersionMenu,
    buttons.DeskButton,
    buttons.ArticleMenu,
    acting.AddButton,
    acting.WriteButton,
    acting.PassagesButton,
    acting.ActButton,
    acting.TemplateButton,
    acting.DiscardButton,
    acting.PublishButton,
    forms.ArticleForm,
    forms.PassagesForm,
)


class CodeCog(commands.Cog, name="Code of conduct"):
    """Reading and writing the code of conduct."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.codes = Codes(bot.db)

    async def cog_load(self) -> None:
        self.bot.provide(CodeOfConduct, self.codes)
        self.bot.provide(Codes, self.codes)
        self.bot.capabilities.register(CODE)
        self.bot.sections.add_to_file(part_of_the_file(self.codes))
        self.bot.add_persistent(*PERSISTENT)
        self.bot.bus.on(ServerPurged, self.codes.on_purged)
        await self.codes.load()

    @app_commands.command(name=L_("rules"), description=L_("Read this server’s code of conduct"))
    @app_commands.describe(article=L_("Go straight to one article"))
    @app_commands.rename(article=L_("article"))
    @app_commands.autocomplete(article=article_choices)
    @app_commands.guild_only()
    @requires(EVERYONE)
    async def rules(self, interaction: "Interaction", article: app_commands.Range[str, 1, 100] | None = None) -> None:
        place = Place.of(interaction)
        if article is None:
            view = code_screen(place)
        else:
            view = article_screen(place, chosen_article(interaction, article, withdrawn=True))
        await reply(interaction, view=view)
