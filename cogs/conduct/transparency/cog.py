"""`/transparency`, and the figures of moderation for other features."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.clock import now
from bot.contracts.moderation import ModerationReader
from bot.contracts.services import CodeOfConduct
from bot.guilds.sections import CommunitySettings
from bot.permissions import STAFF, requires
from bot.ui import reply
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.transparency.buttons import PostButton
from cogs.conduct.transparency.figures import Figures
from cogs.conduct.transparency.months import latest
from cogs.conduct.transparency.page import month_view, question
from cogs.conduct.transparency.posting import month_from, require_channel
from cogs.conduct.transparency.words import month_name

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

OFFERED = 13


class TransparencyCog(commands.Cog, name="Transparency"):
    """Loaded after cases, reports and appeals."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.figures = Figures(bot.db, self._zone, self._articles)

    async def cog_load(self) -> None:
        self.bot.provide(Figures, self.figures)
        self.bot.provide(ModerationReader, self.figures)
        self.bot.add_persistent(PostButton)

    def _zone(self, guild_id: int) -> str:
        return self.bot.guild_settings.get(guild_id, CommunitySettings).time_zone

    def _articles(self, guild_id: int) -> list[int]:
        return [one.number for one in self.bot.service(CodeOfConduct).articles(guild_id)]

    @app_commands.command(name=L_("transparency"), description=L_("What moderation did in a month, in figures"))
    @app_commands.describe(
        month=L_("Year and month; the last one that is over when left out"),
        public=L_("Post it in this channel, after you have looked at it"),
    )
    @app_commands.rename(month=L_("month"), public=L_("public"))
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    @requires(STAFF)
    async def transparency(
        self,
        interaction: "Interaction",
        month: app_commands.Range[str, 1, 20] | None = None,
        public: bool = False,
    ) -> None:
        bench = Bench.of(interaction)
        calendar = await self.figures.calendar(bench.guild.id)
        chosen = month_from(month, calendar.day(now()))
        if public:
            require_channel(bench)
            await reply(interaction, view=await question(bench, chosen))
        else:
            await reply(interaction, view=await month_view(bench, chosen, bench.t))

    @transparency.autocomplete("month")
    async def _months(self, interaction: "Interaction", current: str) -> list[app_commands.Choice[str]]:
        t = interaction.client.i18n.for_interaction(interaction)
        found = [(month_name(t, one), str(one)) for one in latest(now().date(), OFFERED)]
        typed = current.lower().strip()
        choices = [app_commands.Choice(name=name, value=value) for name, value in found]
        return [one for one in choices if typed in one.name.lower() or typed in one.value]
