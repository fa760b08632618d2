"""Wires the first answer to the bot."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.contracts.events import MemberErasing, MemberLeft, SettingsChanged
from bot.contracts.inbox import InboxItemSettled
from bot.guilds.sections import SectionAction
from bot.i18n.marks import N_
from bot.timers import DueTimer
from cogs.onboarding.events import AwaitedMoved, IntroductionPosted, NewcomerSpoke, WelcomeMoved
from cogs.onboarding.replies.calling import Calling
from cogs.onboarding.replies.course import UNANSWERED, WAITS, Course
from cogs.onboarding.replies.following import Following
from cogs.onboarding.replies.greeters import Greeters
from cogs.onboarding.replies.items import PARTS
from cogs.onboarding.replies.looking import Looking
from cogs.onboarding.replies.nearby import Nearby
from cogs.onboarding.replies.profile import DUTY_PARTS, greeter_page
from cogs.onboarding.replies.reach import Reach
from cogs.onboarding.replies.screen import GreetersButton, on_call_button, report
from cogs.onboarding.replies.service import SHOW, Replies
from cogs.onboarding.replies.settings import REPLIES, RepliesSettings
from cogs.onboarding.replies.shown import Shown
from cogs.onboarding.service import Journeys, Troubles
from cogs.onboarding.settings import WelcomeSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot
    from bot.i18n.localizer import Localizer

SERVER_AWAY = timedelta(minutes=10)
"""When a newcomer is looked at again whose server Discord does not show at present."""
SECTIONS = frozenset({RepliesSettings.key, WelcomeSettings.key})


class FirstAnswers(commands.Cog):
    """Loaded after the newcomers, whose notes it reads in the same transactions."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.nearby = bot.service(Nearby)
        self.reach = Reach(bot)
        self.greeters = Greeters(bot.db, bot.inbox.people.zone)
        self.shown = Shown(bot.db)
        course = Course(bot.guild_settings, bot.timers, bot.inbox, self.greeters, self.reach.may)
        self.replies = Replies(bot.db, course, bot.timers, self.greeters)
        self.following = Following(course, bot.timers)
        self.calling = Calling(bot, self.replies, self.shown, bot.service(Troubles))
        self.looking = Looking(bot, self.replies, self.shown, bot.service(Journeys), self.nearby)

    async def cog_load(self) -> None:
        bot, replies, following = self.bot, self.replies, self.following
        bot.sections.register(RepliesSettings, actions=(SectionAction(N_("Show the greeters"), GreetersButton),))
        bot.capabilities.register(REPLIES)
        bot.capabilities.reports.append(self.report)
        bot.inbox.register(UNANSWERED, actions=(on_call_button,), shown=bot.capabilities.shown(REPLIES.key))
        bot.profile.register(greeter_page)
        bot.provide(Greeters, self.greeters)
        bot.provide(Replies, replies)
        bot.provide(Shown, self.shown)
        bot.provide(Reach, self.reach)
        bot.add_persistent(*PARTS, *DUTY_PARTS, GreetersButton)
        bot.bus.on(WelcomeMoved, following.on_moved)
        bot.bus.on(NewcomerSpoke, following.on_spoke)
        bot.bus.on(InboxItemSettled, following.on_item_settled)
        bot.bus.on(MemberErasing, following.on_erasing)
        bot.bus.on(MemberLeft, self.greeters.on_left)
        bot.bus.on(MemberLeft, following.on_left)
        bot.bus.after(IntroductionPosted, self.introduction_posted)
        bot.bus.after(AwaitedMoved, self.calling.after)
        bot.bus.after(SettingsChanged, self.settings_changed)
        bot.timers.handle(WAITS, self.due)
        bot.timers.handle(SHOW, self.show)
        bot.community.reconcile.register(self.reconcile)
        await self.looking.load()

    async def due(self, timer: DueTimer) -> None:
        """An answer that was given and not heard comes first: nobody is asked in vain."""
        awaited_id = int(timer.payload["awaited"])
        guild = self.bot.get_guild(timer.guild_id or 0)
        if guild is None or guild.unavailable:
            await self.replies.later(awaited_id, SERVER_AWAY)
            return
        board = await self.shown.board(awaited_id)
        if board is not None and not await self.looking.look(guild, board):
            await self.replies.due(awaited_id)

    async def show(self, timer: DueTimer) -> None:
        """What could not be said in the greeters' channel is said now, or tried again later."""
        await self.calling.bring(int(timer.payload["awaited"]))

    async def reconcile(self, guild: discord.Guild, since: datetime) -> None:
        """After a start or a lost session: answers given meanwhile, and calls that say something old."""
        await self.looking.server(guild)
        await self.calling.server(guild.id)

    async def introduction_posted(self, event: IntroductionPosted) -> None:
        """What is said there next answers it."""
        journey = await self.bot.service(Journeys).progress(event.guild_id, event.user_id)
        if not journey.first_reply:
            self.nearby.note(event.guild_id, event.user_id, event.channel_id, event.message_id)

    async def settings_changed(self, event: SettingsChanged) -> None:
        if event.section not in SECTIONS:
            return
        if event.by is not None and event.section == RepliesSettings.key and self.replies.active(event.guild_id):
            await self.greeters.first(event.guild_id, event.by)
        await self.replies.replan(event.guild_id)

    async def report(self, guild_id: int, t: "Localizer") -> str | None:
        return await report(self.bot, guild_id, t)
