"""Commands and listeners of the welcome."""

from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.contracts.events import (
    ActivityCounted,
    CodePublished,
    MemberErasing,
    MemberJoined,
    MemberLeft,
    MemberScreened,
    SettingsChanged,
)
from bot.contracts.services import CodeOfConduct, NewcomerDoor
from bot.guilds.sections import CommunitySettings, SectionAction
from bot.i18n.marks import N_
from bot.permissions import EVERYONE, requires
from bot.timers import DueTimer
from cogs.onboarding.capabilities import CAPABILITIES
from cogs.onboarding.door import Door
from cogs.onboarding.effects import Bringing, PublishButton, panel_again, refresh_panel, take_down, tell_team
from cogs.onboarding.events import WelcomeMoved
from cogs.onboarding.listening import Listening
from cogs.onboarding.replies.nearby import Nearby
from cogs.onboarding.service import NOTICE, PANEL, REPAIR, TAKE_DOWN, Debts, Journeys, Panels, Repairs, Traces, Troubles
from cogs.onboarding.settings import CodeSettings, GroupsSettings, WelcomeSettings
from cogs.onboarding.views import PERSISTENT
from cogs.onboarding.views.checklist import open_checklist
from cogs.onboarding.views.groups import open_groups
from cogs.onboarding.views.profile import PAGES

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

SECTIONS = frozenset({WelcomeSettings.key, GroupsSettings.key})
SHOWN_ON_PANEL = frozenset({WelcomeSettings.key, CommunitySettings.key})


class Onboarding(commands.Cog):
    """The welcome of newcomers."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        code = bot.service(CodeOfConduct)
        self.journeys = Journeys(bot.db, bot.guild_settings, code, bot.community.facts)
        self.debts = Debts(bot.db, bot.guild_settings, self.journeys)
        self.listening = Listening(self.journeys)
        self.troubles = Troubles(bot.db, bot.timers)
        self.repairs = Repairs(bot.db, bot.timers)
        self.traces = Traces(bot.timers)
        self.bringing = Bringing(bot, self.journeys, self.debts, self.listening, self.troubles, self.repairs)

    async def cog_load(self) -> None:
        bot = self.bot
        bot.sections.register(WelcomeSettings, actions=(SectionAction(N_("Post the panel"), PublishButton),))
        bot.sections.register(GroupsSettings)
        bot.sections.register(CodeSettings)
        for capability in CAPABILITIES:
            bot.capabilities.register(capability)
        bot.provide(Journeys, self.journeys)
        bot.provide(Debts, self.debts)
        bot.provide(Bringing, self.bringing)
        bot.provide(Panels, Panels(bot.db))
        bot.provide(Troubles, self.troubles)
        bot.provide(Repairs, self.repairs)
        bot.provide(Nearby, self.listening.nearby)
        bot.provide(NewcomerDoor, Door(bot))
        bot.add_persistent(*PERSISTENT, PublishButton)
        for page in PAGES:
            bot.profile.register(page)
        bot.bus.on(MemberJoined, self.journeys.on_joined)
        bot.bus.on(MemberScreened, self.journeys.on_screened)
        bot.bus.on(MemberLeft, self.journeys.on_left)
        bot.bus.on(MemberErasing, self.traces.on_erasing)
        bot.bus.after(CodePublished, self.after_published)
        bot.bus.after(WelcomeMoved, self.bringing.after)
        bot.bus.after(SettingsChanged, self.after_settings_changed)
        bot.bus.on(ActivityCounted, self.listening.on_counted)
        bot.messages.tap(self.listening.tap)
        bot.timers.handle(NOTICE, self.tell_team)
        bot.timers.handle(TAKE_DOWN, self.take_down)
        bot.timers.handle(REPAIR, self.bringing.again)
        bot.timers.handle(PANEL, self.panel_again)
        bot.community.reconcile.register(self.reconcile)
        await self._load()

    async def _load(self) -> None:
        await self.troubles.load()
        for one in await self.debts.waiting():
            self.listening.expect(one.guild_id, one.user_id, message=one.message, answer=one.answer)

    @app_commands.command(name=L_("welcome"), description=L_("Your first steps here, and what comes next"))
    @app_commands.guild_only()
    @requires(EVERYONE)
    async def welcome(self, interaction: "Interaction") -> None:
        assert interaction.guild_id is not None
        await open_checklist(interaction, interaction.guild_id)

    @app_commands.command(name=L_("groups"), description=L_("Choose the groups that interest you"))
    @app_commands.guild_only()
    @requires(EVERYONE)
    async def groups(self, interaction: "Interaction") -> None:
        assert interaction.guild_id is not None
        await open_groups(interaction, interaction.guild_id)

    async def after_settings_changed(self, event: SettingsChanged) -> None:
        """What the new settings owe to members who are here already."""
        guild = self.bot.get_guild(event.guild_id)
        if guild is None:
            return
        if event.section in SECTIONS:
            await self.bringing.server(guild)
        if event.section in SHOWN_ON_PANEL:
            await refresh_panel(self.bot, guild)

    async def after_published(self, event: CodePublished) -> None:
        """Say on the panel that there is a new edition."""
        guild = self.bot.get_guild(event.guild_id)
        if guild is not None and event.major:
            await refresh_panel(self.bot, guild)

    async def tell_team(self, timer: DueTimer) -> None:
        await tell_team(self.bot, timer)

    async def take_down(self, timer: DueTimer) -> None:
        await take_down(self.bot, timer)

    async def panel_again(self, timer: DueTimer) -> None:
        await panel_again(self.bot, timer)

    async def reconcile(self, guild: discord.Guild, since: datetime) -> None:
        """After a start or a lost session: pay what a crash or an outage left owing."""
        await self.bringing.server(guild)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        await self.bringing.try_again(after.guild)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        await self.bringing.try_again(after.guild)
