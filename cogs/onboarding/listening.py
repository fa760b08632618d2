"""Hears a newcomer's first message and the first human answer, on the hot path, from memory alone."""

from collections.abc import Coroutine
from typing import Any

import discord

from bot.contracts.events import ActivityCounted
from bot.database import Transaction
from cogs.onboarding.models import How
from cogs.onboarding.rules import may_greet
from cogs.onboarding.service import Journeys
from cogs.onboarding.service.refusals import NewcomerGone


class Listening:
    """Knows who is still to write, or to be answered. Everybody else costs one look into a set."""

    def __init__(self, journeys: Journeys) -> None:
        self._journeys = journeys
        self._silent: set[tuple[int, int]] = set()
        self._unanswered: set[tuple[int, int]] = set()

    def expect(self, guild_id: int, user_id: int, *, message: bool, answer: bool) -> None:
        """Listen for this member's first message or answer, or no longer."""
        key = (guild_id, user_id)
        (self._silent.add if message else self._silent.discard)(key)
        (self._unanswered.add if answer else self._unanswered.discard)(key)

    def tap(self, message: discord.Message) -> Coroutine[Any, Any, None] | None:
        """Of every message: is it a newcomer's first, or the answer a newcomer waits for?"""
        if not self._silent and not self._unanswered:
            return None
        guild = message.guild
        if guild is None or message.author.bot or message.webhook_id is not None or message.is_system():
            return None
        if message.channel.type is discord.ChannelType.private_thread:
            return None
        first = (guild.id, message.author.id) in self._silent
        answered = [] if not self._unanswered else self._answered(guild.id, message)
        return self._heard(guild.id, message, first, answered) if first or answered else None

    async def on_counted(self, event: ActivityCounted, tx: Transaction) -> None:
        """Counts also come from an outage's history, which no tap ever heard."""
        wrote = [change for change in event.changes if change.messages > 0]
        for channel_id in {change.channel_id for change in wrote}:
            here = [change.user_id for change in wrote if change.channel_id == channel_id]
            silent = [user_id for user_id in here if (event.guild_id, user_id) in self._silent]
            if silent:
                await self._journeys.counted(tx, event.guild_id, silent, [channel_id])

    def _answered(self, guild_id: int, message: discord.Message) -> list[tuple[int, How]]:
        """Newcomers this message replies to or mentions."""
        found = {user.id: How.MENTION for user in message.mentions}
        replied = message.reference.resolved if message.reference else None
        if isinstance(replied, discord.Message):
            found[replied.author.id] = How.REPLY
        return [
            (user_id, how)
            for user_id, how in found.items()
            if (guild_id, user_id) in self._unanswered
            and may_greet(user_id, message.author.id, greeter_is_bot=message.author.bot)
        ]

    async def _heard(
        self, guild_id: int, message: discord.Message, first: bool, answered: list[tuple[int, How]]
    ) -> None:
        if first:
            await self._journeys.spoke(guild_id, message.author.id, message.created_at)
        for newcomer_id, how in answered:
            try:
                await self._journeys.greet(guild_id, newcomer_id, message.author.id, how)
            except NewcomerGone:
                self._unanswered.discard((guild_id, newcomer_id))
