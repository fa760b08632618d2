"""The command tree with the one error exit."""

from typing import Any

import discord
from discord import app_commands

from bot.ui.errors import report_error


class Tree(app_commands.CommandTree[Any]):
    async def on_error(self, interaction: "discord.Interaction[Any]", error: app_commands.AppCommandError, /) -> None:
        await report_error(interaction, error)
