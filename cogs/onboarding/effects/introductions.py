"""Posts introductions once, and draws them again when somebody said hello."""

import contextlib
from typing import TYPE_CHECKING

import discord

from bot.permissions.channels import MissingInChannel, can_see, usable
from bot.posting import post_once
from bot.timers import DueTimer
from bot.ui import LayoutView
from cogs.onboarding.effects.people import member_of
from cogs.onboarding.effects.sight import in_sight
from cogs.onboarding.service import Debts, Owed
from cogs.onboarding.service.shown import Posted
from cogs.onboarding.settings import WelcomeSettings
from cogs.onboarding.views.introduction import POST_CHANNEL
from cogs.onboarding.views.post import hello_key, introduction_view

if TYPE_CHECKING:
    from bot.client import CommunityBot

SILENT = discord.AllowedMentions.none()
"""An edit does not inherit the bot's own default."""


async def show_introduction(bot: "CommunityBot", guild: discord.Guild, user_id: int, owed: Owed, debts: Debts) -> None:
    """Raises a UserError when the bot cannot post in the introductions channel, or no longer see what it posted."""
    posted = owed.introduction
    member = await member_of(guild, user_id)
    if posted is None or member is None:
        return
    view = introduction_view(
        bot.i18n.for_guild(guild.id),
        member,
        posted.answers,
        greeters=posted.greeters,
        greetings=posted.greetings,
    )
    channel_id, message_id = posted.channel_id, posted.message_id
    if message_id is None:
        channel_id, message_id = await _post(bot, guild, user_id, posted, view)
    else:
        await _redraw(guild, posted, view)
    await debts.shown(guild.id, user_id, channel_id=channel_id, message_id=message_id, greetings=posted.greetings)


async def _post(
    bot: "CommunityBot", guild: discord.Guild, user_id: int, posted: Posted, view: LayoutView
) -> tuple[int, int]:
    settings = bot.guild_settings.get(guild.id, WelcomeSettings)
    channel = usable(guild, settings.introductions_channel or 0, POST_CHANNEL)
    assert isinstance(channel, discord.TextChannel)
    message = await post_once(channel, hello_key(user_id), posted.written_at, view=view)
    return channel.id, message.id


async def _redraw(guild: discord.Guild, posted: Posted, view: LayoutView) -> None:
    channel = guild.get_channel(posted.channel_id or 0)
    if not isinstance(channel, discord.TextChannel) or posted.message_id is None:
        return
    if not can_see(channel):
        raise MissingInChannel(f"#{discord.utils.escape_markdown(channel.name)}", ["view_channel"])
    try:
        await channel.get_partial_message(posted.message_id).edit(view=view, allowed_mentions=SILENT)
    except discord.NotFound:
        return  # the team removed the post; what was said there stays counted


async def take_down(bot: "CommunityBot", timer: DueTimer) -> None:
    """Delete the posted introduction of somebody who was erased; one that is gone, or out of reach, is let go."""
    guild = await in_sight(bot, timer)
    channel = None if guild is None else guild.get_channel(int(timer.payload["channel"] or 0))
    if isinstance(channel, discord.TextChannel) and can_see(channel):
        with contextlib.suppress(discord.NotFound):
            await channel.get_partial_message(int(timer.payload["message"])).delete()
