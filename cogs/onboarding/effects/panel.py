"""Posts the standing panel with the Start button."""

import contextlib
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.contracts.services import CodeOfConduct
from bot.errors import UserError
from bot.guilds.fields import Channel
from bot.i18n.marks import N_
from bot.passing import PASSING
from bot.permissions import MANAGE_SERVER
from bot.permissions.channels import can_see, usable
from bot.posting import post_once
from bot.timers import DueTimer
from bot.ui import LayoutView, PersistentItem, acknowledge, reply
from cogs.onboarding.effects.sight import in_sight
from cogs.onboarding.rules import Step
from cogs.onboarding.service import PANEL, Panels, Repairs, Standing
from cogs.onboarding.settings import WelcomeSettings
from cogs.onboarding.views.post import panel_key, panel_view
from cogs.onboarding.views.visit import ServerLeft, WelcomeOff

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

log = logging.getLogger(__name__)


class NoPanelChannel(UserError):
    def __init__(self) -> None:
        super().__init__(N_("No panel channel is chosen yet. Choose one above, then post the panel."))


class PublishButton(PersistentItem[ui.Button[Any]], template=r"onboarding:publish"):
    """Below the settings of the welcome: posts the panel where they say."""

    access = MANAGE_SERVER

    def __init__(self, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.success, custom_id="onboarding:publish"))

    async def run(self, interaction: "Interaction") -> None:
        if interaction.guild is None:
            raise ServerLeft
        await acknowledge(interaction)
        link = await publish_panel(interaction.client, interaction.guild)
        t = interaction.client.i18n.for_interaction(interaction)
        await reply(interaction, t(N_("The panel is posted: {link}"), link=link))


async def publish_panel(bot: "CommunityBot", guild: discord.Guild) -> str:
    """Post the panel in the channel of the settings, or bring the one that stands there up to date; its address.

    Raises WelcomeOff, NoPanelChannel, or the UserError that says what the bot lacks there; then nothing is posted.
    """
    settings = bot.guild_settings.get(guild.id, WelcomeSettings)
    if not settings.enabled:
        raise WelcomeOff
    if settings.panel_channel is None:
        raise NoPanelChannel
    channel = usable(guild, settings.panel_channel, Channel())
    assert isinstance(channel, discord.TextChannel)
    panels = bot.service(Panels)
    before = await panels.current(guild.id)
    panel = await panels.begin(guild.id, channel.id)
    message = await _redrawn(bot, channel, panel)
    if message is None:
        panel = await panels.begin(guild.id, channel.id, gone=panel.message_id)
        message = await _posted(bot, channel, panel)
        await panels.posted(guild.id, panel.serial, message.id)
    if before is not None and before.channel_id != channel.id:
        await _removed(guild, before)
    return message.jump_url


async def refresh_panel(bot: "CommunityBot", guild: discord.Guild) -> None:
    """Show changed settings on the panel that stands; where there is none, nothing is posted."""
    try:
        await _refresh(bot, guild)
    except PASSING as error:
        log.warning("the panel of server %d still shows its old text: %r", guild.id, error)
        await bot.service(Repairs).promise(PANEL, guild.id)


async def panel_again(bot: "CommunityBot", timer: DueTimer) -> None:
    """Keeps the promise of ``service.repairs``. Raises what is in the way."""
    guild = await in_sight(bot, timer)
    if guild is not None:
        await _refresh(bot, guild)


async def _refresh(bot: "CommunityBot", guild: discord.Guild) -> None:
    panel = await bot.service(Panels).current(guild.id)
    channel = guild.get_channel(panel.channel_id) if panel else None
    if panel is None or not isinstance(channel, discord.TextChannel) or not can_see(channel):
        return
    await _redrawn(bot, channel, panel)


async def _redrawn(
    bot: "CommunityBot", channel: discord.TextChannel, panel: Standing
) -> discord.PartialMessage | discord.Message | None:
    if panel.message_id is None:
        return None
    try:
        message = channel.get_partial_message(panel.message_id)
        return await message.edit(
            view=_view(bot, channel.guild, panel), allowed_mentions=discord.AllowedMentions.none()
        )
    except discord.NotFound:
        return None


async def _posted(bot: "CommunityBot", channel: discord.TextChannel, panel: Standing) -> discord.Message:
    view = _view(bot, channel.guild, panel)
    return await post_once(channel, panel_key(channel.guild.id, panel.serial), panel.begun_at, view=view)


def _view(bot: "CommunityBot", guild: discord.Guild, panel: Standing) -> LayoutView:
    t = bot.i18n.for_guild(guild.id)
    other = bot.i18n.for_language("fr" if t.language == "en" else "en", guild.id)
    settings, code = bot.guild_settings.get(guild.id, WelcomeSettings), bot.service(CodeOfConduct).current(guild.id)
    again = code.major > 1 and any(one.step is Step.CODE for one in settings.steps)
    return panel_view(t, other, guild, settings, panel.serial, changed=code.version if again else None)


async def _removed(guild: discord.Guild, panel: Standing) -> None:
    channel = guild.get_channel(panel.channel_id)
    if isinstance(channel, discord.TextChannel) and panel.message_id is not None and can_see(channel):
        with contextlib.suppress(*PASSING):
            await channel.get_partial_message(panel.message_id).delete()
