"""Answers that arrive in time: Discord forgets an interaction that was not answered within three seconds."""

import asyncio
from typing import TYPE_CHECKING, Any

import discord

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

DEFER_AFTER = 1.0
"""Seconds without an answer after which "thinking" is shown. Discord allows 3; an answer on its way needs the rest."""

_KEY = "parvis.deadline"


class Deadline:
    """Defers the interaction by itself when its handler is slow; at most one first response is ever sent."""

    def __init__(self, interaction: "Interaction") -> None:
        self._interaction = interaction
        self.turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._alarm = asyncio.get_running_loop().call_later(DEFER_AFTER, self._ring)

    def disarm(self) -> None:
        """The handler is answering by itself."""
        self._alarm.cancel()

    def _ring(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._defer())

    async def _defer(self) -> None:
        async with self.turn:
            if self._interaction.response.is_done():
                return
            # A component keeps its message as it is meanwhile; a command shows that the bot is thinking.
            command = self._interaction.type is discord.InteractionType.application_command
            try:
                await self._interaction.response.defer(ephemeral=True, thinking=command)
            except discord.HTTPException:
                return  # the handler's own answer will fail the same way and is logged there


def start_deadline(interaction: "discord.Interaction[Any]") -> None:
    """From now on the interaction is deferred when nobody answers it within ``DEFER_AFTER`` seconds."""
    interaction.client.under_way.note()
    interaction.client.observability.metrics.begin(interaction)
    interaction.extras[_KEY] = Deadline(interaction)


def _deadline(interaction: "Interaction") -> Deadline:
    if _KEY not in interaction.extras:
        start_deadline(interaction)
    found = interaction.extras[_KEY]
    assert isinstance(found, Deadline)
    found.disarm()
    return found


async def reply(interaction: "Interaction", text: str | None = None, **options: Any) -> None:
    """Answer only the person behind the interaction: as its response, or as a follow-up when it has one."""
    async with _deadline(interaction).turn:
        if interaction.response.is_done():
            await interaction.followup.send(text or discord.utils.MISSING, ephemeral=True, **options)
        else:
            await interaction.response.send_message(text, ephemeral=True, **options)


async def update(interaction: "Interaction", **options: Any) -> None:
    """Replace the message whose component was used (or, after a command, the answer already given)."""
    async with _deadline(interaction).turn:
        if interaction.response.is_done():
            await interaction.edit_original_response(**options)
        else:
            await interaction.response.edit_message(**options)


async def open_modal(interaction: "Interaction", modal: discord.ui.Modal) -> None:
    """Show a form. It must be the first response, so what it needs comes from memory."""
    async with _deadline(interaction).turn:
        await interaction.response.send_modal(modal)


async def acknowledge(interaction: "Interaction", *, thinking: bool = False) -> None:
    """Answer at once that work has begun; ``reply`` or ``update`` follows."""
    async with _deadline(interaction).turn:
        if not interaction.response.is_done():
            await interaction.response.defer(ephemeral=True, thinking=thinking)
