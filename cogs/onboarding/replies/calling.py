"""Brings the greeters' channel to what the database says: each call is one message, sent once and kept up to date."""

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import aiohttp
import discord

from bot.errors import UserError
from bot.permissions.channels import can_see
from bot.posting import find_post
from bot.ui import LayoutView
from bot.ui.text import escaped
from cogs.onboarding.effects.troubles import trouble_text
from cogs.onboarding.events import AwaitedMoved
from cogs.onboarding.replies.board import Board, Call, Face
from cogs.onboarding.replies.items import take_key
from cogs.onboarding.replies.message import call_view
from cogs.onboarding.replies.reach import NEEDS
from cogs.onboarding.replies.service import Replies
from cogs.onboarding.replies.settings import RepliesSettings
from cogs.onboarding.replies.shown import Shown
from cogs.onboarding.service import Troubles

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

SILENT = discord.AllowedMentions.none()
WHAT = "ask_greeters"


class Calling:
    """``bring`` is safe to repeat; ``server`` repairs what a crash lost, and a timer what Discord would not take."""

    def __init__(self, bot: "CommunityBot", replies: Replies, shown: Shown, troubles: Troubles) -> None:
        self._bot = bot
        self._replies = replies
        self._shown = shown
        self._troubles = troubles
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def after(self, event: AwaitedMoved) -> None:
        await self._bring_or_promise(event.guild_id, event.awaited_id)

    async def server(self, guild_id: int) -> None:
        """Everything of a server that may not show what it should."""
        for awaited_id in await self._shown.unfinished(guild_id):
            await self._bring_or_promise(guild_id, awaited_id)

    async def bring(self, awaited_id: int) -> None:
        """Post the call that is to be posted, and edit those that say something else by now.

        What Discord refuses for good is left to the team; raises what passes by itself.
        """
        turn = self._turns.setdefault(awaited_id, asyncio.Lock())
        async with turn:
            board = await self._shown.board(awaited_id)
            guild = self._bot.get_guild(board.guild_id) if board else None
            if board is None or guild is None or guild.unavailable:
                return
            for call in board.calls:
                if call.shown == call.wanted:
                    continue
                try:
                    await self._show(guild, board, call)
                except discord.HTTPException as refusal:
                    if refusal.status >= 500 or refusal.status == 429:
                        raise
                    log.warning("a call of server %d cannot be shown: %s", guild.id, refusal)
                    if call.face is Face.ASKED:
                        await self._replies.unreachable(board.id)

    async def _bring_or_promise(self, guild_id: int, awaited_id: int) -> None:
        try:
            await self.bring(awaited_id)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("a call of server %d is brought up to date later: %s", guild_id, error)
            await self._replies.show_again(guild_id, awaited_id)

    async def _show(self, guild: discord.Guild, board: Board, call: Call) -> None:
        if call.message_id is None and call.face is Face.ASKED:
            await self._ask(guild, board, call)
            return
        message = await self._message(guild, call)
        if message is not None:
            with contextlib.suppress(discord.NotFound):  # somebody of the team removed it
                await message.edit(view=await self._view(guild, board, call), allowed_mentions=SILENT)
        where = (None, None) if message is None else (message.channel.id, message.id)
        await self._shown.found(call.id, shown=call.wanted, channel_id=where[0], message_id=where[1])

    async def _ask(self, guild: discord.Guild, board: Board, call: Call) -> None:
        """Ping exactly the one whose turn it is."""
        chosen = self._bot.guild_settings.get(guild.id, RepliesSettings).channel
        channel = guild.get_channel(chosen or 0)
        if not isinstance(channel, discord.TextChannel):
            await self._replies.unreachable(board.id)
            return
        view = await self._view(guild, board, call)
        mentions = discord.AllowedMentions(
            everyone=False, roles=False, replied_user=False, users=[discord.Object(call.greeter_id)]
        )

        def build() -> dict[str, Any]:
            return {"view": view, "allowed_mentions": mentions}

        if call.tried_at is None:
            # They offered to be asked; it counts as their ping of this hour.
            await self._bot.attention.may_ping(guild.id, call.greeter_id, asked=True)
            await self._shown.tried(call.id)
        try:
            posted = await self._bot.posts.once(channel, take_key(call.id), build, NEEDS)
        except UserError as problem:
            text = trouble_text(self._bot.i18n.for_guild(guild.id), WHAT, problem)
            await self._troubles.report(guild.id, WHAT, text)
            await self._replies.unreachable(board.id)
            return
        await self._troubles.solved(guild.id, WHAT)
        await self._shown.found(call.id, shown=call.wanted, channel_id=channel.id, message_id=posted.id)

    async def _message(self, guild: discord.Guild, call: Call) -> discord.Message | discord.PartialMessage | None:
        """The message of a call, also one that an interrupted attempt has left; None where none can be reached."""
        if call.message_id is not None:
            channel = guild.get_channel(call.channel_id or 0)
            if not isinstance(channel, discord.TextChannel) or not can_see(channel):
                return None
            return channel.get_partial_message(call.message_id)
        chosen = self._bot.guild_settings.get(guild.id, RepliesSettings).channel
        channel = guild.get_channel(chosen or 0)
        if call.tried_at is None or not isinstance(channel, discord.TextChannel) or not can_see(channel):
            return None
        return await find_post(channel, take_key(call.id), call.tried_at)

    async def _view(self, guild: discord.Guild, board: Board, call: Call) -> LayoutView:
        t = self._bot.i18n.for_guild(guild.id)
        within = self._bot.guild_settings.get(guild.id, RepliesSettings).within
        member = guild.get_member(board.user_id)
        newcomer = f"<@{board.user_id}>"
        if member is None:
            known = await self._bot.community.members.get(guild.id, board.user_id)
            newcomer = f"**{escaped(known.display_name)}**" if known else newcomer
        return call_view(t, board, call, newcomer, within)
