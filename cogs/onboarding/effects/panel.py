"""Posts the standing panel with the Start button."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.errors import UserError
from bot.guilds.fields import Channel
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.permissions.channels import usable
from bot.ui import PersistentItem, acknowledge, reply
from cogs.onboarding.settings import WelcomeSettings
from cogs.onboarding.views.post import panel_view
from cogs.onboarding.views.visit import ServerLeft, WelcomeOff

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class NoPanelChannel(UserError):
    def __init__(self) -> None:
        super().__init__(N_("No panel channel is chosen yet. Choose one above, then post the panel."))


class PublishButton(PersistentItem[ui.Button[Any]], template=r"onboarding:publish"):
    """Below the settings of the welcome: posts the panel where they say."""

    access = MANAGE_SERVER

    def __init__(self, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.success, custom_id="onboarding:publish"))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls()

    async def run(self, interaction: "Interaction") -> None:
        if interaction.guild is None:
            raise ServerLeft
        await acknowledge(interaction)
        message = await publish_panel(interaction.client, interaction.guild)
        t = interaction.client.i18n.for_interaction(interaction)
        await reply(interaction, t(N_("The panel is posted: {link}"), link=message.jump_url))


async def publish_panel(bot: "CommunityBot", guild: discord.Guild) -> discord.Message:
    """Post the panel in the channel of the settings, in the server's language.

    Raises WelcomeOff, NoPanelChannel, or the UserError that says what the bot lacks there; then nothing is posted.
    """
    settings = bot.guild_settings.get(guild.id, WelcomeSettings)
    if not settings.enabled:
        raise WelcomeOff
    if settings.panel_channel is None:
        raise NoPanelChannel
    channel = usable(guild, settings.panel_channel, Channel())
    assert isinstance(channel, discord.TextChannel)
    t = bot.i18n.for_guild(guild.id)
    other = next(o for o in bot.i18n.all() if o is not t)
    return await channel.send(view=panel_view(t, other, guild, settings))
