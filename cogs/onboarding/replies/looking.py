"""Looks into a channel's history for an answer that nobody heard: given while the bot was away, or missed."""

import contextlib
import logging
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.passing import PASSING
from bot.permissions.channels import missing_permissions
from cogs.onboarding.listening import heard_in
from cogs.onboarding.replies.board import Board
from cogs.onboarding.replies.nearby import Nearby
from cogs.onboarding.replies.rules import LEARNT_WITHIN, How, Words, answer_to
from cogs.onboarding.replies.service import Replies
from cogs.onboarding.replies.shown import Shown
from cogs.onboarding.service import Journeys
from cogs.onboarding.service.refusals import NewcomerGone, OwnIntroduction

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

LOOKED_AT = 200
"""Messages after their first words, in that one channel."""
AT_MOST = 50
"""Newcomers of a server looked for after an outage, each by one or two calls; the newest."""
NEEDS = ("view_channel", "read_message_history")
Channel = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel


class Looking:
    """At most two calls for a newcomer; what Discord does not give is left to the next look."""

    def __init__(self, bot: "CommunityBot", replies: Replies, shown: Shown, journeys: Journeys, nearby: Nearby) -> None:
        self._bot = bot
        self._replies = replies
        self._shown = shown
        self._journeys = journeys
        self._nearby = nearby

    async def load(self) -> None:
        """At start: where newcomers wait whose first words an earlier process heard."""
        for board in await self._shown.open():
            if board.channel_id is not None and board.message_id is not None:
                self._nearby.note(board.guild_id, board.user_id, board.channel_id, board.message_id)

    async def server(self, guild: discord.Guild) -> None:
        """Those of a server who wait since lately, as many as an outage can be expected to concern."""
        waiting = await self._shown.open(guild.id)
        for board in [one for one in waiting if one.began_at > now() - LEARNT_WITHIN][-AT_MOST:]:
            await self.look(guild, board)

    async def look(self, guild: discord.Guild, board: Board) -> bool:
        """Whether an answer was found; it is written down as of when it was given."""
        channel = guild.get_channel_or_thread(board.channel_id or 0)
        if not isinstance(channel, Channel) or missing_permissions(channel, NEEDS):
            return False
        try:
            return await self._look(guild, channel, board)
        except PASSING as error:
            log.warning("channel %d could not be looked at for an answer: %r", channel.id, error)
            return False

    async def _look(self, guild: discord.Guild, channel: Channel, board: Board) -> bool:
        messages = await _written(channel, board)
        words = _words(board, channel, messages)
        if words is None:
            return False
        if board.message_id is None:
            at = discord.utils.snowflake_time(words.message_id)
            await self._replies.said_at(board.id, words.message_id, at)
        self._nearby.note(guild.id, board.user_id, words.channel_id, words.message_id)
        own = await self._shown.first_words(guild.id, [one.id for one in messages])
        for message in messages:
            human = not message.author.bot and message.webhook_id is None and not message.is_system()
            how = answer_to(words, heard_in(message)) if human else None
            if how is How.NEXT and message.id in own:
                continue  # somebody's own first words follow nobody's
            if how is not None:
                with contextlib.suppress(NewcomerGone, OwnIntroduction):
                    await self._journeys.greet(guild.id, board.user_id, message.author.id, how, message.created_at)
                    return True
        return False


async def _written(channel: Channel, board: Board) -> list[discord.Message]:
    """Oldest first: after their first words, or, where those are not known, the newest."""
    if board.message_id is not None:
        after = discord.Object(board.message_id)
        return [one async for one in channel.history(limit=LOOKED_AT, after=after, oldest_first=True)]
    return [one async for one in channel.history(limit=LOOKED_AT)][::-1]


def _words(board: Board, channel: Channel, messages: list[discord.Message]) -> Words | None:
    if board.message_id is not None:
        return Words(board.user_id, channel.id, board.message_id)
    first = next((one for one in messages if one.author.id == board.user_id), None)
    return None if first is None else Words(board.user_id, channel.id, first.id)
