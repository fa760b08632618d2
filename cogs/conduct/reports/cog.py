"""`/report`, and the menu **Report** on a message or a member."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.contracts.cases import SanctionOverturned
from bot.permissions import EVERYONE, requires
from bot.ui import open_modal
from cogs.conduct.access import MODERATE
from cogs.conduct.evidence.service import EvidenceRoom
from cogs.conduct.reports.articles import number_from, offered
from cogs.conduct.reports.buttons import PARTS, read_action
from cogs.conduct.reports.doors import require_reportable, send
from cogs.conduct.reports.events import ReportClosed
from cogs.conduct.reports.forms import ReportForm
from cogs.conduct.reports.letters import Teller
from cogs.conduct.reports.open_pages import OpenPages
from cogs.conduct.reports.service import LONGEST, REPORT, SHORTEST, TELL, Reports
from cogs.conduct.reports.sights import Sights
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

Details = app_commands.Range[str, SHORTEST, LONGEST]


class ReportsCog(commands.Cog, name="Reports"):
    """Loaded after cases and evidence."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.reports = Reports(bot.db, bot.service(EvidenceRoom), bot.inbox, bot.community.facts, bot.timers)
        self.teller = Teller(bot, self.reports)
        self.menus = [
            app_commands.ContextMenu(name=L_("Report"), callback=report_message),
            app_commands.ContextMenu(name=L_("Report"), callback=report_member),
        ]

    async def cog_load(self) -> None:
        bot = self.bot
        bot.provide(Reports, self.reports)
        bot.bus.on(SanctionOverturned, self.reports.on_overturned)
        bot.provide(Sights, Sights(bot))
        pages = OpenPages()
        bot.provide(OpenPages, pages)
        bot.bus.after(ReportClosed, pages.on_closed)
        bot.timers.handle(TELL, self.teller.tell)
        bot.community.reconcile.register(self.teller.resume)
        bot.inbox.register(REPORT, actions=(read_action,), shown=self._enabled, permissions=MODERATE.permissions)
        bot.add_persistent(*PARTS, ReportForm)
        for menu in self.menus:
            menu.guild_only = True
            bot.tree.add_command(menu)

    def _enabled(self, guild_id: int) -> bool:
        return self.bot.guild_settings.get(guild_id, ConductSettings).enabled

    @app_commands.command(name=L_("report"), description=L_("Tell the team in confidence what somebody did"))
    @app_commands.describe(
        member=L_("Whom it is about; their id works after they left"),
        article=L_("The article that was broken; the last choice is for whoever does not know"),
        details=L_("What happened, and where"),
    )
    @app_commands.rename(member=L_("member"), article=L_("article"), details=L_("details"))
    @app_commands.autocomplete(article=offered)
    @app_commands.guild_only()
    @requires(EVERYONE)
    async def report(self, interaction: "Interaction", member: discord.User, article: str, details: Details) -> None:
        require_reportable(interaction, member)
        await send(interaction, member.id, details, number_from(interaction, article))


@requires(EVERYONE)
async def report_message(interaction: "Interaction", message: discord.Message) -> None:
    """The form about a message, which is remembered as it is now."""
    require_reportable(interaction, message.author)
    interaction.client.service(Sights).look(interaction.user.id, message)
    await open_modal(interaction, ReportForm.of(interaction, message.author.id, message))


@requires(EVERYONE)
async def report_member(interaction: "Interaction", member: discord.User) -> None:
    """The form about a member."""
    require_reportable(interaction, member)
    await open_modal(interaction, ReportForm.of(interaction, member.id))
