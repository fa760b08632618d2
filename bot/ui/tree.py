"""The command tree: answers in time, and one error exit."""

from typing import Any, cast

import discord
from discord import app_commands

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.ui.errors import report_error
from bot.ui.replies import start_deadline


class CommandOff(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This is off in this server. Those who manage it can turn it on in /settings."))


class Tree(app_commands.CommandTree[Any]):
    async def interaction_check(self, interaction: "discord.Interaction[Any]", /) -> bool:
        if interaction.type is discord.InteractionType.application_command:
            start_deadline(interaction)
        if interaction.guild_id and _name(interaction) in interaction.client.capabilities.commands_off(
            interaction.guild_id
        ):
            # Discord shows a command for a while after it was taken away.
            if interaction.type is discord.InteractionType.application_command:
                await report_error(interaction, CommandOff())
            return False
        return True

    async def on_error(self, interaction: "discord.Interaction[Any]", error: app_commands.AppCommandError, /) -> None:
        await report_error(interaction, error)


def _name(interaction: "discord.Interaction[Any]") -> str:
    data = cast("dict[str, Any]", interaction.data or {})
    return str(data.get("name", ""))
