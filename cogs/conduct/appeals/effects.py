"""What an appeal makes happen on Discord: the team's thread, and the answer to the member. Safe to repeat."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import discord

from bot.clock import now
from bot.i18n.marks import N_
from bot.passing import PASSING
from bot.permissions.channels import MissingInChannel, missing_permissions
from bot.posting import edit_wherever, post_once
from bot.timers import DueTimer
from bot.ui.text import shortened
from cogs.conduct.appeals.buttons import decide_key, decision_key
from cogs.conduct.appeals.letters import again_row, decision_view
from cogs.conduct.appeals.models import Outcome
from cogs.conduct.appeals.reading import AppealView
from cogs.conduct.appeals.room import appeal_view, place_of
from cogs.conduct.appeals.service import OPEN, TELL, Appeals
from cogs.conduct.carrying.people import member_of
from cogs.conduct.carrying.rules import tried_again
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.cases.service import Cases

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

NEEDS = ("view_channel", "send_messages_in_threads", "create_public_threads", "read_message_history")
ARCHIVE_AFTER: Final = 10080
"""Minutes: a week, twice as long as an appeal waits by default."""
AWAY = timedelta(minutes=10)


class Effects:
    """Handles the two timers of an appeal."""

    def __init__(self, bot: "CommunityBot", appeals: Appeals) -> None:
        self._bot = bot
        self._appeals = appeals
        bot.timers.handle(OPEN, self.open)
        bot.timers.handle(TELL, self.tell)

    async def open(self, timer: DueTimer) -> None:
        """A thread of its own in the team's channel, which members do not see. Without such a channel, the inbox is
        the place. Raises MissingInChannel: it is tried again."""
        appeal = await self._appeals.opening(int(timer.payload["appeal"]))
        if appeal is None or appeal.thread_id is not None or appeal.decided_at is not None:
            return
        guild, case = self._guild(appeal), await self._bot.service(Cases).read.by_id(appeal.case_id)
        place = place_of(self._bot, guild) if guild else None
        if guild is None or case is None or place is None:
            return
        if missing := missing_permissions(place, NEEDS):
            raise MissingInChannel(f"#{discord.utils.escape_markdown(place.name)}", missing)
        t = self._bot.i18n.for_guild(guild.id)
        name = shortened(t(N_("Appeal: case {number}"), number=case.number), 100)
        began = appeal.tried_at or now()
        thread = _begun(place, name, began) or await place.create_thread(
            name=name, type=discord.ChannelType.public_thread, auto_archive_duration=ARCHIVE_AFTER
        )
        view = await appeal_view(self._bot, guild, t, appeal, case)
        posted = await post_once(thread, _key(appeal, case), began, view=view)
        await self._appeals.opened(appeal.id, thread.id, posted.id)

    async def tell(self, timer: DueTimer) -> None:
        """The decision goes to the member, and the team's message shows it."""
        appeal = await self._appeals.read.get(int(timer.payload["appeal"]))
        guild = self._guild(appeal)
        if guild is None or appeal.decided_at is None:
            return
        hindrance: Exception | None = None
        try:
            await self._close(guild, appeal)
        except PASSING as error:  # the member is told all the same
            hindrance = error
        if appeal.told_at is None:
            try:
                await self._write(guild, appeal, appeal.decided_at)
            except discord.HTTPException:  # the decision is behind their button all the same
                if tried_again(timer.due_at, timer.attempts, now()):
                    raise
            await self._appeals.told(appeal.id)
        if hindrance is not None:
            raise hindrance

    async def resume(self, guild: discord.Guild) -> None:
        """After a start or an outage: do what a crash may have lost."""
        for appeal in await self._appeals.read.unfinished(guild.id):
            await self._appeals.again(appeal.id)

    async def _write(self, guild: discord.Guild, appeal: AppealView, decided_at: datetime) -> None:
        member = await member_of(guild, appeal.user_id)
        if member is None or member.bot:
            return  # a private message needs a server in common; the decision is behind the notice's button
        known = await self._bot.community.members.get(guild.id, member.id)
        t = self._bot.i18n.for_reader(known.locale if known else None, guild.id)
        view = await decision_view(self._bot, guild, t, appeal)
        view.add_item(again_row(t, appeal.case_id))
        try:
            channel = member.dm_channel or await member.create_dm()
            await post_once(channel, decision_key(appeal.case_id), decided_at, view=view)
        except (discord.Forbidden, discord.NotFound):
            return

    async def _close(self, guild: discord.Guild, appeal: AppealView) -> None:
        thread = guild.get_thread(appeal.thread_id or 0)  # unknown also when it was archived
        if appeal.thread_id is None or appeal.message_id is None:
            return
        if thread is not None and missing_permissions(thread, ("view_channel",)):
            return
        view = await appeal_view(self._bot, guild, self._bot.i18n.for_guild(guild.id), appeal)
        mute = discord.AllowedMentions.none()
        await edit_wherever(self._bot, appeal.thread_id, appeal.message_id, view=view, allowed_mentions=mute)

    def _guild(self, appeal: AppealView) -> discord.Guild | None:
        guild = self._bot.get_guild(appeal.guild_id)
        return None if guild is None or guild.unavailable else guild


def _key(appeal: AppealView, case: CaseView) -> str:
    return decide_key(appeal.id, Outcome.OVERTURNED, case.moderator_id or 0, max(appeal.user_id, 0))


def _begun(place: discord.TextChannel, name: str, began: datetime) -> discord.Thread | None:
    """The thread that an interrupted attempt left behind."""
    for thread in place.threads:
        mine = thread.owner_id == place.guild.me.id and thread.name == name
        if mine and thread.created_at and thread.created_at >= began.replace(microsecond=0):
            return thread
    return None
