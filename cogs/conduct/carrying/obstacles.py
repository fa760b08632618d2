"""What Discord would refuse, known before it is asked: no request is sent that is known to fail."""

import discord

from bot.contracts.cases import CaseKind
from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.names import permission_names
from bot.permissions.rank import BotRankTooLow, OnTheOwner, person
from bot.permissions.rules import outranks

NEEDED = {
    CaseKind.TIMEOUT: "moderate_members",
    CaseKind.KICK: "kick_members",
    CaseKind.BAN: "ban_members",
    CaseKind.UNBAN: "ban_members",
}


class LacksPermission(UserError):
    def __init__(self, permission: str) -> None:
        super().__init__(
            N_("I lack the permission {permissions}. Give it to my role, and it is made up for by itself."),
            permissions=permission_names([permission]),
        )


class NoTimeoutForAdministrators(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(
            N_("{name} is an administrator, whom Discord does not let anybody time out. Take that role away first."),
            name=name,
        )


def require_permission(guild: discord.Guild, kind: CaseKind) -> None:
    """Raises LacksPermission."""
    permission = NEEDED.get(kind)
    if permission is not None and not getattr(guild.me.guild_permissions, permission):
        raise LacksPermission(permission)


def require_reach(guild: discord.Guild, member: discord.Member | None, kind: CaseKind) -> None:
    """Raises a UserError unless the bot can do that to this member; somebody who is not here has no rank."""
    require_permission(guild, kind)
    if member is None or kind not in NEEDED:
        return
    name = discord.utils.escape_markdown(member.display_name)
    if guild.owner_id == member.id:
        raise OnTheOwner(name)
    if not outranks(person(guild.me), person(member)):
        raise BotRankTooLow(name)
    if kind is CaseKind.TIMEOUT and member.guild_permissions.administrator:
        raise NoTimeoutForAdministrators(name)
