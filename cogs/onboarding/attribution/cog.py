"""Wires the attribution to the bot."""

from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.contracts.events import MemberJoined, MemberLeft, SettingsChanged
from bot.contracts.invites import InviteFigures
from bot.guilds.sections import SectionAction
from bot.i18n.marks import N_
from cogs.onboarding.attribution.figures import InviteReader
from cogs.onboarding.attribution.lookup import LookUpMenu
from cogs.onboarding.attribution.reads import Reads
from cogs.onboarding.attribution.service import Attribution
from cogs.onboarding.attribution.settings import INVITES, InvitesSettings
from cogs.onboarding.attribution.views import InvitesButton, TurnButton
from cogs.onboarding.attribution.watching import Watching

if TYPE_CHECKING:
    from bot.client import CommunityBot

A_DAY_SECONDS = 86400


class Invites(commands.Cog):
    """By which invites people come."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.attribution = Attribution(bot.db, bot.guild_settings)
        self.watching = Watching(bot, self.attribution)
        self.reads = Reads(bot.db)

    async def cog_load(self) -> None:
        bot = self.bot
        bot.sections.register(InvitesSettings, actions=(SectionAction(N_("Show the invites"), InvitesButton),))
        bot.add_persistent(InvitesButton, TurnButton, LookUpMenu)
        bot.capabilities.register(INVITES)
        bot.provide(InviteFigures, InviteReader(bot.db))
        bot.provide(Reads, self.reads)
        bot.timers.every("invite_reads", A_DAY_SECONDS, self.reads.prune)
        bot.bus.on(MemberJoined, self.attribution.on_joined)
        bot.bus.on(MemberLeft, self.attribution.on_left)
        bot.bus.after(SettingsChanged, self.after_settings_changed)
        bot.community.reconcile.register(self.reconcile)
        self.watching.start()
        await self.reads.prune()

    async def cog_unload(self) -> None:
        self.watching.stop()

    async def reconcile(self, guild: discord.Guild, since: datetime) -> None:
        """After a start or a lost session: who came meanwhile is attributed where that leaves no doubt."""
        self.watching.caught_up(guild.id)

    async def after_settings_changed(self, event: SettingsChanged) -> None:
        if event.section == InvitesSettings.key:
            self.watching.want(event.guild_id)

    @commands.Cog.listener()
    async def on_invite_create(self, invite: discord.Invite) -> None:
        await self.watching.made(invite)

    @commands.Cog.listener()
    async def on_invite_delete(self, invite: discord.Invite) -> None:
        """Looked at soon, so that the uses it had left are no riddle at the next arrival."""
        guild_id = getattr(invite.guild, "id", None)
        if guild_id is not None and self.attribution.wanted(guild_id):
            self.watching.want(guild_id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """The bot may have been given Manage Server."""
        if before.permissions != after.permissions and self.attribution.wanted(after.guild.id):
            self.watching.want(after.guild.id)
