"""Hears a newcomer's first message and the first human answer, on the hot path, from memory alone."""

from collections.abc import Coroutine
from typing import Any

import discord

from bot.contracts.events import ActivityCounted
from bot.database import Transaction
from cogs.onboarding.replies.nearby import Nearby
from cogs.onboarding.replies.rules import Heard, How
from cogs.onboarding.rules import may_greet
from cogs.onboarding.service import Journeys
from cogs.onboarding.service.refusals import NewcomerGone


class Listening:
    """Knows who is still to write, or to be answered. Everybody else costs one look into a set."""

    def __init__(self, journeys: Journeys) -> None:
        self._journeys = journeys
        self.nearby = Nearby()
        self._silent: set[tuple[int, int]] = set()
        self._unanswered: set[tuple[int, int]] = set()

    def expect(self, guild_id: int, user_id: int, *, message: bool, answer: bool) -> None:
        """Listen for this member's first message or answer, or no longer."""
        key = (guild_id, user_id)
        (self._silent.add if message else self._silent.discard)(key)
        (self._unanswered.add if answer else self._unanswered.discard)(key)
        if not answer:
            self.nearby.forget(guild_id, user_id)

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
        answered = [] if not self._unanswered else self._answered(guild.id, message, first)
        if first and (guild.id, message.author.id) in self._unanswered:
            # At once: the next message may come before this one is written down.
            self.nearby.note(guild.id, message.author.id, message.channel.id, message.id)
        return self._heard(guild.id, message, first, answered) if first or answered else None

    async def on_counted(self, event: ActivityCounted, tx: Transaction) -> None:
        """Counts also come from an outage's history, which no tap ever heard."""
        wrote = [change for change in event.changes if change.messages > 0]
        for channel_id in {change.channel_id for change in wrote}:
            here = [change.user_id for change in wrote if change.channel_id == channel_id]
            silent = [user_id for user_id in here if (event.guild_id, user_id) in self._silent]
            if silent:
                await self._journeys.counted(tx, event.guild_id, silent, [channel_id])

    def _answered(self, guild_id: int, message: discord.Message, first: bool) -> list[tuple[int, How]]:
        """Newcomers this message replies to or mentions, or whose first words it follows.

        Somebody's own first words follow nobody's.
        """
        heard = heard_in(message)
        found = {} if first else self.nearby.answered(heard)
        found |= dict.fromkeys(heard.mentions, How.MENTION)
        if heard.replied_author is not None:
            found[heard.replied_author] = How.REPLY
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
            place = message.channel.id, message.id
            await self._journeys.spoke(guild_id, message.author.id, message.created_at, place)
        for newcomer_id, how in answered:
            try:
                await self._journeys.greet(guild_id, newcomer_id, message.author.id, how)
            except NewcomerGone:
                self._unanswered.discard((guild_id, newcomer_id))


def heard_in(message: discord.Message) -> Heard:
    """What matters of a message to whoever waits for an answer."""
    reference = message.reference
    replied = reference.resolved if reference else None
    return Heard(
        author_id=message.author.id,
        channel_id=message.channel.id,
        message_id=message.id,
        mentions=frozenset(user.id for user in message.mentions),
        replied_to=reference.message_id if reference else None,
        replied_author=replied.author.id if isinstance(replied, discord.Message) else None,
    )
