"""What channels and roles of a server are called, for a file that is written or read."""

from dataclasses import dataclass

import discord

from bot.guilds.fields import ChannelKind
from bot.guilds.transfer.mapping import Directory
from bot.permissions.channels import TYPES

_KINDS: dict[discord.ChannelType, ChannelKind] = {one: kind for kind, types in TYPES.items() for one in types}


@dataclass(frozen=True, slots=True)
class ServerNames:
    """Names of what a server has."""

    guild: discord.Guild

    def channel(self, channel_id: int) -> str | None:
        found = self.guild.get_channel(channel_id)
        return found.name if found else None

    def role(self, role_id: int) -> str | None:
        found = self.guild.get_role(role_id)
        return found.name if found else None


def directory_of(guild: discord.Guild) -> Directory:
    """Everything a file may name. @everyone is nothing to choose."""
    channels = {one.id: (one.name, str(_KINDS[one.type])) for one in guild.channels if one.type in _KINDS}
    return Directory(channels, {role.id: role.name for role in guild.roles if not role.is_default()})
