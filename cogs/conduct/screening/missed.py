"""Messages that were written while the bot was away: looked at late, so most of what follows is milder."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from cogs.conduct.filters.quick import screen_message
from cogs.conduct.filters.screening import Postponed
from cogs.conduct.screening.acting import Acting
from cogs.conduct.screening.reach import left_alone
from cogs.conduct.screening.screens import Screens

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

SANCTIONED = timedelta(minutes=10)
"""Nobody is sanctioned by a machine for what is older: it is deleted, and the case has no points."""
LOOKED_AT = timedelta(days=3)
"""What is older stays: the team has long seen it."""


class Missed:
    """The same look as at an edit: floods are no matter of history. Safe to repeat: a message is found once."""

    def __init__(self, bot: "CommunityBot", screens: Screens, acting: Acting) -> None:
        self._bot = bot
        self._screens = screens
        self._acting = acting

    async def look(self, messages: Sequence[discord.Message]) -> None:
        """One page of a channel."""
        guild = messages[0].guild
        if guild is None or not self._screens.on(guild.id):
            return
        if not self._screens.screening.watches(guild.id):
            await self._screens.refresh(guild.id)  # history may be read before the first screen is compiled
        for message in messages:
            age = now() - message.created_at
            if age >= LOOKED_AT:
                continue
            try:
                await self._look(message, sanctions=age < SANCTIONED)
            except Exception:  # the page is read once: what it tells after this one would stay for good
                log.exception("message %d, written while the bot was away, could not be looked at", message.id)

    async def _look(self, message: discord.Message, *, sanctions: bool) -> None:
        found = screen_message(self._screens.screening, message, lambda who: left_alone(self._bot, who), edited=True)
        verdict = await asyncio.to_thread(found.finish) if isinstance(found, Postponed) else found
        if verdict is not None:
            await self._acting.message(message, verdict, may_sanction=sanctions)
