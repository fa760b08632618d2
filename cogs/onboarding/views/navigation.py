"""Moving between the private screens: one message that changes, not a trail of them."""

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.permissions import EVERYONE
from bot.ui import LayoutView, PersistentItem, reply, update
from cogs.onboarding.views.visit import visit

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


async def show(interaction: "Interaction", view: LayoutView) -> None:
    """Put the screen where the person is: in place of the private message they used, else as a new one."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await update(interaction, view=view)
    else:
        await reply(interaction, view=view)


class OpenButton(
    PersistentItem[ui.Button[Any]], template=r"onboarding:open:(?P<screen>checklist|code|groups):(?P<guild>\d{15,20})"
):
    """Shows another screen."""

    access = EVERYONE

    def __init__(
        self,
        screen: str,
        guild_id: int,
        label: str = "-",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"onboarding:open:{screen}:{guild_id}"))
        self.screen = screen
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        # The screens have buttons to each other, so their modules cannot all be imported before this one.
        from cogs.onboarding.views import SCREENS

        where = visit(interaction, self.guild_id, welcome_only=self.screen != "groups")
        await show(interaction, SCREENS[self.screen](where, await where.progress()))
