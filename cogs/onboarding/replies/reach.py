"""Who can be asked in the greeters' channel, from the cache alone."""

from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.permissions.channels import missing_permissions
from cogs.onboarding.replies.settings import RepliesSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

NEEDS = ("view_channel", "send_messages", "read_message_history")
"""In the greeters' channel: to ask, and to find what an interrupted attempt has left."""


class Reach:
    """``may`` is True for who is here, allowed, sees the channel and is free by their quiet hours and holidays."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot

    def channel(self, guild_id: int) -> discord.TextChannel | None:
        """The greeters' channel; None where there is none, or the bot cannot write in it."""
        guild = self._bot.get_guild(guild_id)
        chosen = self._bot.guild_settings.get(guild_id, RepliesSettings).channel
        found = guild.get_channel(chosen or 0) if guild else None
        if not isinstance(found, discord.TextChannel) or missing_permissions(found, NEEDS):
            return None
        return found

    def may(self, guild_id: int, user_id: int) -> bool:
        channel = self.channel(guild_id)
        member = channel.guild.get_member(user_id) if channel else None
        if channel is None or member is None or not self.fits(member) or member.is_timed_out():
            return False
        return self._bot.inbox.available(guild_id, user_id, now())

    def fits(self, member: discord.Member) -> bool:
        """Whether this member may be a greeter: has the role where one is chosen, and sees the channel."""
        settings = self._bot.guild_settings.get(member.guild.id, RepliesSettings)
        channel = member.guild.get_channel(settings.channel or 0)
        if member.bot or channel is None or not channel.permissions_for(member).view_channel:
            return False
        return settings.role is None or member.get_role(settings.role) is not None
