"""Private answers, whatever was answered before."""

from typing import TYPE_CHECKING, Any

import discord

if TYPE_CHECKING:
    from bot.client import CommunityBot


async def reply(interaction: "discord.Interaction[CommunityBot]", text: str | None = None, **options: Any) -> None:
    """Answer only the person behind the interaction: as its response, or as a follow-up when it has one."""
    if interaction.response.is_done():
        await interaction.followup.send(text or discord.utils.MISSING, ephemeral=True, **options)
    else:
        await interaction.response.send_message(text, ephemeral=True, **options)
