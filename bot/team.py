"""Where a server's team is told what needs a human."""

from typing import TYPE_CHECKING

import discord

from bot.guilds.sections import CommunitySettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


def notice_channel(bot: "CommunityBot", guild: discord.Guild) -> discord.TextChannel | None:
    """Where the team can be told: its own channel, else the one Discord tells them things in, else the system's."""
    chosen = bot.guild_settings.get(guild.id, CommunitySettings).staff_channel
    candidates = (guild.get_channel(chosen or 0), guild.public_updates_channel, guild.system_channel)
    for channel in candidates:
        if isinstance(channel, discord.TextChannel) and _can_write(channel):
            return channel
    return None


def _can_write(channel: discord.TextChannel) -> bool:
    granted = channel.permissions_for(channel.guild.me)
    return granted.view_channel and granted.send_messages
