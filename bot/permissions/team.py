"""Who is on the team of a server, for what is not a click: there ``check_access`` decides."""

from typing import TYPE_CHECKING

import discord

from bot.guilds.sections import CommunitySettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


def is_staff(bot: "CommunityBot", member: discord.Member) -> bool:
    """Whether this member has a staff role of the settings, or manages the server. Looks at the cache only."""
    if member.bot:
        return False
    granted = member.guild_permissions
    if granted.administrator or granted.manage_guild:
        return True
    staff_roles = bot.guild_settings.get(member.guild.id, CommunitySettings).staff_roles
    return any(role.id in staff_roles for role in member.roles)


def team(bot: "CommunityBot", guild: discord.Guild) -> list[discord.Member]:
    """The members of the team that the cache knows, by name."""
    found = [member for member in guild.members if is_staff(bot, member)]
    return sorted(found, key=lambda member: (member.display_name.casefold(), member.id))
