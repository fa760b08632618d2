"""Wires the filters to the bot."""

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.contracts.events import CodePublished, ServerJoined, ServerPurged, SettingsChanged
from bot.guilds.sections import CommunitySettings, SectionAction
from bot.i18n.marks import N_
from cogs.conduct.access import MODERATE
from cogs.conduct.cases.events import CaseUndone
from cogs.conduct.cases.service import Cases
from cogs.conduct.screening.acting import Acting
from cogs.conduct.screening.buttons import BUTTONS, FiltersButton
from cogs.conduct.screening.erasing import Erasing
from cogs.conduct.screening.file import part_of_the_file
from cogs.conduct.screening.findings import DISARMED, HELD, LOOK
from cogs.conduct.screening.forms import FORMS
from cogs.conduct.screening.hits import A_DAY_SECONDS, Hits
from cogs.conduct.screening.judging import FilterDisarmed, Judging
from cogs.conduct.screening.keeping import Filters, FiltersReplaced
from cogs.conduct.screening.menus import MENUS
from cogs.conduct.screening.missed import Missed
from cogs.conduct.screening.native import AN_HOUR_SECONDS, Native
from cogs.conduct.screening.native_keeping import BRING, NativeRules
from cogs.conduct.screening.objections import PARTS, wrong_action
from cogs.conduct.screening.screens import Screens
from cogs.conduct.screening.settings import FILTERS, FilterSettings, SpamSettings
from cogs.conduct.screening.trying import Trying
from cogs.conduct.screening.watching import Watching
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

SECTIONS = frozenset({FilterSettings.key, SpamSettings.key, ConductSettings.key, CommunitySettings.key})
"""The team is left alone, so what counts for everybody counts here."""


class ScreeningCog(commands.Cog, name="Filters"):
    """Looks at messages, edits, threads and nicknames."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.filters = Filters(bot.db)
        self.screens = Screens(bot, self.filters)
        cases = bot.service(Cases)
        self.hits = Hits(bot.db, cases, bot.inbox, bot.timers)
        self.judging = Judging(bot.db, self.filters, bot.inbox)
        self.native = Native(bot, self.filters, self.screens, NativeRules(bot.db, bot.timers))
        self.screens.changed.append(self.native.look_again)
        erasing = Erasing(bot, self.filters, self.screens, self.hits, cases)
        acting = Acting(bot, self.filters, self.hits, erasing, cases)
        self.watching = Watching(bot, self.screens.screening, acting)
        self.missed = Missed(bot, self.screens, acting)

    async def cog_load(self) -> None:
        bot = self.bot
        bot.sections.register(FilterSettings, actions=(SectionAction(N_("Show the filters"), FiltersButton),))
        bot.sections.register(SpamSettings, actions=(SectionAction(N_("Show the filters"), FiltersButton),))
        bot.sections.add_to_file(part_of_the_file(self.filters, self.screens))
        bot.capabilities.register(FILTERS)
        bot.provide(Filters, self.filters)
        bot.provide(Screens, self.screens)
        bot.provide(Hits, self.hits)
        bot.provide(Judging, self.judging)
        bot.provide(Native, self.native)
        bot.provide(Trying, Trying(bot, self.filters, self.screens, self.judging))
        bot.add_persistent(*BUTTONS, *MENUS, *FORMS, *PARTS)
        for kind in (LOOK, HELD):
            bot.inbox.register(kind, actions=(wrong_action,), shown=self._enabled, permissions=MODERATE.permissions)
        bot.inbox.register(DISARMED, shown=self._enabled)
        bot.timers.every("filter_hits", A_DAY_SECONDS, self.hits.prune)
        bot.timers.every("native_filters", AN_HOUR_SECONDS, self.native.look_everywhere)
        bot.timers.handle(BRING, self.native.bring)
        bot.bus.on(CaseUndone, self.judging.on_undone)
        bot.bus.after(FilterDisarmed, self.after_disarmed)
        bot.bus.after(SettingsChanged, self.after_settings_changed)
        bot.bus.after(CodePublished, self.after_published)
        bot.bus.after(FiltersReplaced, self.after_replaced)
        bot.bus.after(ServerPurged, self.after_joined)
        bot.bus.after(ServerJoined, self.after_joined)
        await self.filters.load()
        await self.native.noted.load()
        bot.messages.tap(self.watching.message)
        bot.messages.catch(self.missed.look)

    async def after_disarmed(self, event: FilterDisarmed) -> None:
        """It only watches from now on."""
        await self.screens.refresh(event.guild_id)

    async def after_settings_changed(self, event: SettingsChanged) -> None:
        if event.section in SECTIONS:
            await self.screens.refresh(event.guild_id)

    async def after_published(self, event: CodePublished) -> None:
        """Articles say how severe a hit is."""
        await self.screens.refresh(event.guild_id)

    async def after_replaced(self, event: FiltersReplaced) -> None:
        await self.screens.refresh(event.guild_id)

    async def after_joined(self, event: ServerJoined | ServerPurged) -> None:
        """Its filters are gone, or may have been purged while the bot was away."""
        await self.filters.load(event.guild_id)
        await self.screens.refresh(event.guild_id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """After a start: the settings are read by now. Invites may have been made while the bot was away."""
        self.screens.forget_codes(guild.id)
        if self.filters.of(guild.id):
            await self.screens.refresh(guild.id)
        else:
            await self.native.look_again(guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Whom rules spare, and whether the bot may write them, follows from permissions."""
        if before.permissions != after.permissions:
            await self.native.look_again(after.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_create(self, role: discord.Role) -> None:
        if role.permissions.value:
            await self.native.look_again(role.guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """It may stand in a category that is left alone."""
        if channel.category_id is not None:
            await self.native.look_again(channel.guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        if before.category_id != after.category_id:
            await self.native.look_again(after.guild.id)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        await self.watching.edited(payload)

    @commands.Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        await self.watching.nickname(member, member.display_name)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        if before.display_name != after.display_name:
            await self.watching.nickname(after, after.display_name)

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        await self.watching.thread(thread, renamed=False)

    @commands.Cog.listener()
    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        if before.name != after.name:
            await self.watching.thread(after, renamed=True)

    @commands.Cog.listener()
    async def on_invite_create(self, invite: discord.Invite) -> None:
        await self._invite(invite, gone=False)

    @commands.Cog.listener()
    async def on_invite_delete(self, invite: discord.Invite) -> None:
        await self._invite(invite, gone=True)

    async def _invite(self, invite: discord.Invite, *, gone: bool) -> None:
        guild_id = getattr(invite.guild, "id", None)
        if guild_id is not None and self.screens.codes_changed(guild_id, invite.code, gone=gone):
            await self.screens.refresh(guild_id)

    def _enabled(self, guild_id: int) -> bool:
        return self.bot.guild_settings.get(guild_id, FilterSettings).enabled
