"""The command tree: answers in time, and one error exit."""

from typing import Any

import discord
from discord import app_commands

from bot.ui.errors import report_error
from bot.ui.replies import start_deadline


class Tree(app_commands.CommandTree[Any]):
    async def interaction_check(self, interaction: "discord.Interaction[Any]", /) -> bool:
        if interaction.type is discord.InteractionType.application_command:
            start_deadline(interaction)
        return True

    async def on_error(self, interaction: "discord.Interaction[Any]", error: app_commands.AppCommandError, /) -> None:
        await report_error(interaction, error)
