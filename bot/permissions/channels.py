"""What the bot lacks in a channel."""

import discord

from bot.errors import UserError
from bot.guilds.fields import Channel, ChannelKind
from bot.i18n.marks import N_
from bot.permissions.names import permission_names

GuildChannel = discord.abc.GuildChannel

TYPES: dict[ChannelKind, tuple[discord.ChannelType, ...]] = {
    ChannelKind.TEXT: (discord.ChannelType.text, discord.ChannelType.news),
    ChannelKind.FORUM: (discord.ChannelType.forum,),
    ChannelKind.VOICE: (discord.ChannelType.voice, discord.ChannelType.stage_voice),
    ChannelKind.CATEGORY: (discord.ChannelType.category,),
}


class ChannelGone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This channel no longer exists. Choose another one."))


class WrongChannelKind(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This kind of channel does not fit here. Choose one of those offered."))


class MissingInChannel(UserError):
    def __init__(self, channel: str, permissions: list[str]) -> None:
        super().__init__(
            N_("In {channel} I lack: {permissions}. Give them to my role there, then choose the channel again."),
            channel=channel,
            permissions=permission_names(permissions),
        )


def channel_types(channel: Channel) -> list[discord.ChannelType]:
    """Discord's types for the kinds a field accepts."""
    return [kind for wanted in channel.kinds for kind in TYPES[wanted]]


def missing_permissions(channel: GuildChannel | discord.Thread, needs: tuple[str, ...]) -> list[str]:
    """Which of the permissions ``needs`` the bot does not have there."""
    granted = channel.permissions_for(channel.guild.me)
    return [name for name in needs if not getattr(granted, name)]


def can_see(channel: GuildChannel | discord.Thread) -> bool:
    """Whether the bot may touch anything there, even what it wrote itself."""
    return channel.permissions_for(channel.guild.me).view_channel


def usable(guild: discord.Guild, channel_id: int, wanted: Channel) -> GuildChannel:
    """The channel, when it is of a wanted kind and the bot can work in it; raises a UserError that says what lacks."""
    found = guild.get_channel(channel_id)
    if found is None:
        raise ChannelGone
    if found.type not in channel_types(wanted):
        raise WrongChannelKind
    missing = missing_permissions(found, wanted.needs)
    if missing:
        raise MissingInChannel(f"#{discord.utils.escape_markdown(found.name)}", missing)
    return found
