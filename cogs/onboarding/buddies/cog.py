"""Wires the buddies to the bot."""

from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.contracts.buddies import BuddyFigures
from bot.contracts.events import MemberErasing, MemberLeft, SettingsChanged
from bot.database import Transaction
from cogs.onboarding.buddies.delivery import Delivery
from cogs.onboarding.buddies.endings import TELL
from cogs.onboarding.buddies.figures import BuddyReader
from cogs.onboarding.buddies.items import PARTS
from cogs.onboarding.buddies.letters import invitation, question
from cogs.onboarding.buddies.offers import Offers
from cogs.onboarding.buddies.pairing import MATCH, WAITS
from cogs.onboarding.buddies.pairs import FOLLOW, INTRODUCE
from cogs.onboarding.buddies.profile import PARTS as PAGE_PARTS
from cogs.onboarding.buddies.profile import buddy_page
from cogs.onboarding.buddies.service import Buddies
from cogs.onboarding.buddies.settings import BUDDIES, BuddiesSettings
from cogs.onboarding.buddies.staff import AssignButton
from cogs.onboarding.events import WelcomeMoved
from cogs.onboarding.service import Troubles
from cogs.onboarding.settings import GroupsSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


class SeenByDiscord:
    """``Faces`` of the real bot."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot

    def groups(self, guild_id: int, user_id: int) -> frozenset[int]:
        member = self._member(guild_id, user_id)
        offered = {group.role for group in self._bot.guild_settings.get(guild_id, GroupsSettings).groups}
        return frozenset() if member is None else frozenset(offered & {role.id for role in member.roles})

    def may_be_buddy(self, guild_id: int, user_id: int, role: int | None) -> bool:
        member = self._member(guild_id, user_id)
        if member is None or member.bot or member.pending or member.is_timed_out():
            return False
        return role is None or member.get_role(role) is not None

    def _member(self, guild_id: int, user_id: int) -> discord.Member | None:
        guild = self._bot.get_guild(guild_id)
        return None if guild is None else guild.get_member(user_id)


class BuddySystem(commands.Cog):
    """Buddies. Loaded after the welcome, whose troubles it shares."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        faces, settings = SeenByDiscord(bot), bot.guild_settings
        self.buddies = Buddies(
            bot.db, settings, faces, bot.attention, bot.inbox, bot.community.facts, bot.timers, bot.time_zone_of
        )
        self.offers = Offers(bot.db, settings, faces, self.buddies)
        self.delivery = Delivery(bot, self.buddies, self.offers, bot.service(Troubles))

    async def cog_load(self) -> None:
        bot = self.bot
        bot.sections.register(BuddiesSettings)
        bot.capabilities.register(BUDDIES)
        bot.provide(Buddies, self.buddies)
        bot.provide(Offers, self.offers)
        bot.provide(BuddyFigures, BuddyReader(bot.db, bot.time_zone_of))
        bot.inbox.register(WAITS, shown=self.buddies.on)
        bot.attention.register(question(self.buddies))
        bot.attention.register(invitation(self.buddies))
        bot.profile.register(buddy_page)
        bot.add_persistent(*PARTS, *PAGE_PARTS, AssignButton)
        for kind, handler in (
            (INTRODUCE, self.delivery.introduce),
            (TELL, self.delivery.tell),
            (FOLLOW, self.buddies.follow),
            (MATCH, self.buddies.match),
        ):
            bot.timers.handle(kind, handler)
        bot.bus.on(WelcomeMoved, self.buddies.on_moved)
        bot.bus.on(MemberLeft, self._left)
        bot.bus.on(MemberErasing, self._erasing)
        bot.bus.after(SettingsChanged, self._settings_changed)
        bot.community.reconcile.register(self.reconcile)

    async def reconcile(self, guild: discord.Guild, since: datetime) -> None:
        """After a start or an outage: who waits may have a buddy by now."""
        await self._look(guild.id)

    async def _left(self, event: MemberLeft, tx: Transaction) -> None:
        await self.buddies.gone(tx, event.guild_id, event.user_id)

    async def _erasing(self, event: MemberErasing, tx: Transaction) -> None:
        await self.buddies.gone(tx, event.guild_id or None, event.user_id, erased=True)

    async def _settings_changed(self, event: SettingsChanged) -> None:
        if event.section == BuddiesSettings.key:
            await self._look(event.guild_id)

    async def _look(self, guild_id: int) -> None:
        if self.buddies.on(guild_id):
            await self.bot.db.transaction(lambda tx: self.buddies.look(tx, guild_id))

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Somebody was given the role that buddies need: those who wait need not wait for anything else."""
        wanted = self.bot.guild_settings.get(after.guild.id, BuddiesSettings)
        if wanted.enabled and wanted.role and before.get_role(wanted.role) is not after.get_role(wanted.role):
            await self._look(after.guild.id)
