"""`/newcomers`, the figures, and the reminders."""

from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.contracts.attention import ProposalSettled
from bot.contracts.events import ActivityCounted, MemberJoined, MemberScreened, SettingsChanged
from bot.contracts.services import NewcomerFigures
from bot.database import Transaction
from bot.permissions import STAFF, requires
from bot.ui import reply
from cogs.onboarding.events import WelcomeMoved
from cogs.onboarding.newcomers.arrivals import Arrivals
from cogs.onboarding.newcomers.figures import Reader
from cogs.onboarding.newcomers.items import PARTS
from cogs.onboarding.newcomers.message import reminder
from cogs.onboarding.newcomers.nudging import REMIND, Nudges
from cogs.onboarding.newcomers.place import Place
from cogs.onboarding.newcomers.screen import Desk, render
from cogs.onboarding.newcomers.settings import NewcomersSettings
from cogs.onboarding.newcomers.waiting import StuckPeople
from cogs.onboarding.replies.settings import RepliesSettings
from cogs.onboarding.service import Journeys
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings
from cogs.onboarding.views.visit import SCREENING

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

PLANNED_BY = frozenset({WelcomeSettings.key, GroupsSettings.key, NewcomersSettings.key, "community"})
"""Sections that say which steps there are, when somebody is stuck, and when it is night."""


class Newcomers(commands.Cog):
    """Newcomers seen by the team. Loaded after the welcome, whose notes it reads in the same transactions."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        journeys, settings = bot.service(Journeys), bot.guild_settings
        self.arrivals = Arrivals(bot.db, settings)
        self.nudges = Nudges(bot.db, settings, journeys, bot.attention, bot.timers, bot.time_zone_of)
        self.stuck = StuckPeople(bot.db, settings, journeys)
        self.figures = Reader(bot.db, journeys, bot.time_zone_of, self._has_screening, self._within)

    async def cog_load(self) -> None:
        bot = self.bot
        bot.sections.register(NewcomersSettings)
        bot.provide(NewcomerFigures, self.figures)
        bot.provide(StuckPeople, self.stuck)
        bot.provide(Nudges, self.nudges)
        bot.attention.register(reminder(self.nudges))
        bot.add_persistent(*PARTS)
        bot.bus.on(MemberJoined, self._joined)
        bot.bus.on(MemberScreened, self.arrivals.on_screened)
        bot.bus.on(ActivityCounted, self.arrivals.on_counted)
        bot.bus.on(WelcomeMoved, self.nudges.on_moved)
        bot.bus.on(ProposalSettled, self.nudges.on_settled)
        bot.bus.after(SettingsChanged, self._settings_changed)
        bot.timers.handle(REMIND, self.nudges.due)
        await self.arrivals.load()

    @app_commands.command(
        name=L_("newcomers"), description=L_("How far newcomers get, who is stuck, and what helps them on")
    )
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    @requires(STAFF)
    async def newcomers(self, interaction: "Interaction") -> None:
        await reply(interaction, view=await render(Desk.of(interaction), Place()))

    async def _joined(self, event: MemberJoined, tx: Transaction) -> None:
        await self.arrivals.on_joined(event, tx)
        await self.nudges.plan(tx, event.guild_id, event.user_id)

    async def _settings_changed(self, event: SettingsChanged) -> None:
        if event.section in PLANNED_BY:
            await self.nudges.replan(event.guild_id)

    def _within(self, guild_id: int) -> timedelta:
        return self.bot.guild_settings.get(guild_id, RepliesSettings).within

    def _has_screening(self, guild_id: int) -> bool:
        guild = self.bot.get_guild(guild_id)
        return guild is not None and SCREENING in guild.features
