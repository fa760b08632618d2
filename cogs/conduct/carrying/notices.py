"""Brings the notice to the member, once: in a private message, else in a private thread they see."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ui

from bot.clock import now
from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.passing import PASSING
from bot.permissions.channels import usable
from bot.posting import edit_wherever, post_once
from bot.ui import LayoutView
from bot.ui.text import shortened
from cogs.conduct.carrying.items import NoticeButton, notice_key
from cogs.conduct.carrying.letter import Letter, NoticePart, letter_view
from cogs.conduct.carrying.people import member_of
from cogs.conduct.carrying.rules import NOTICE_LATE, TOLD_FIRST, patience
from cogs.conduct.cases.card import article_of
from cogs.conduct.cases.models import Notice
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.service import Cases
from cogs.conduct.settings import THREADS, ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

ARCHIVE_AFTER: Final = 10080
"""Minutes: a week, because whoever has closed their private messages may not look in every day."""


class Notices:
    """Every method is safe to repeat."""

    def __init__(self, bot: "CommunityBot", cases: Cases) -> None:
        self._bot = bot
        self._cases = cases
        self.parts: list[NoticePart] = []
        """What other parts of moderation add to every notice."""

    async def tell(self, guild: discord.Guild, case: CaseView) -> None:
        """Deliver the notice that is owed, or note that nothing reaches the member.

        Before a kick or ban it gives up after ``rules.PATIENCE``. Otherwise it raises what Discord answered, so that
        it is tried again, for ``rules.NOTICE_LATE``.
        """
        if case.notice is not Notice.OWED:
            return
        case = await self._cases.trying_to_tell(case.id)  # Discord may have taken its time since it was read
        if case.undone:
            await self._cases.told(case.id, Notice.NONE)
            return
        began = case.notice_tried_at or now()
        leaving = case.kind in TOLD_FIRST
        how, sent = Notice.DIRECT, None
        try:
            async with asyncio.timeout(patience(began, now()).total_seconds() if leaving else None):
                sent = await self._by_dm(guild, case, began)
                if sent is None and not leaving:
                    how, sent = Notice.THREAD, await self._in_thread(guild, case, began)
        except PASSING:
            if not leaving and now() - began < NOTICE_LATE:
                raise
        if sent is None:
            await self._cases.told(case.id, Notice.UNDELIVERED)
        else:
            await self._cases.told(case.id, how, sent.channel.id, sent.id)

    async def refresh(self, guild: discord.Guild, case: CaseView) -> None:
        """What the member was told says how the case stands now. Where that is not possible, it stays as it was."""
        if case.notice_channel_id is None or case.notice_message_id is None or case.noticed_at is None:
            return
        history = await self._cases.read.history(case)
        if not history or history[-1].at < (case.notice_tried_at or case.noticed_at):
            return
        content = {"view": await self.view(guild, case), "allowed_mentions": discord.AllowedMentions.none()}
        await edit_wherever(self._bot, case.notice_channel_id, case.notice_message_id, **content)

    async def view(self, guild: discord.Guild, case: CaseView) -> LayoutView:
        """The notice as it reads now, in the member's language."""
        return await self._view(guild, case, await self._language(guild, case))

    async def _view(self, guild: discord.Guild, case: CaseView, t: Localizer) -> LayoutView:
        letter = Letter(t, case, guild.name, article_of(self._bot, guild.id, case.article))
        added = (part(case, t) for part in self.parts)
        mine: list[ui.Item[Any]] = [NoticeButton(case.id, t(N_("How it stands now")))]
        return letter_view(letter, [*(one for one in added if one is not None), *mine])

    async def _language(self, guild: discord.Guild, case: CaseView) -> Localizer:
        known = await self._bot.community.members.get(guild.id, case.user_id) if case.user_id > 0 else None
        return self._bot.i18n.for_reader(known.locale if known else None, guild.id)

    async def _by_dm(self, guild: discord.Guild, case: CaseView, began: datetime) -> discord.Message | None:
        """None when the member takes no private messages, or shares no server with the bot."""
        member = await member_of(guild, case.user_id)
        user = member or self._bot.get_user(case.user_id)
        if user is None or user.bot or not (member or user.mutual_guilds):
            return None
        view = await self.view(guild, case)
        try:
            channel = user.dm_channel or await user.create_dm()
            return await post_once(channel, notice_key(case.id), began, view=view)
        except (discord.Forbidden, discord.NotFound):
            return None

    async def _in_thread(self, guild: discord.Guild, case: CaseView, began: datetime) -> discord.Message | None:
        """None where no private thread reaches the member."""
        member = await member_of(guild, case.user_id)
        place = self._bot.guild_settings.get(guild.id, ConductSettings).notice_channel
        if member is None or member.bot or place is None:
            return None
        try:
            parent = usable(guild, place, THREADS)
        except UserError:
            return None
        if not isinstance(parent, discord.TextChannel) or not parent.permissions_for(member).view_channel:
            return None
        t = await self._language(guild, case)
        name = shortened(t(N_("About case {number}"), number=case.number), 100)
        try:
            thread = self._begun(parent, name, began) or await parent.create_thread(
                name=name, type=discord.ChannelType.private_thread, invitable=False, auto_archive_duration=ARCHIVE_AFTER
            )
            # Adding somebody writes a line into the thread, so the notice comes last and is what they read first.
            await thread.add_user(member)
            return await post_once(thread, notice_key(case.id), began, view=await self._view(guild, case, t))
        except (discord.Forbidden, discord.NotFound):
            return None

    @staticmethod
    def _begun(parent: discord.TextChannel, name: str, began: datetime) -> discord.Thread | None:
        """The thread that an interrupted attempt left behind."""
        for thread in parent.threads:
            mine = thread.owner_id == parent.guild.me.id and thread.is_private() and not thread.archived
            if mine and thread.name == name and thread.created_at and thread.created_at >= began.replace(microsecond=0):
                return thread
        return None
