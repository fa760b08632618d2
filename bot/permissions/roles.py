"""Which roles the bot may hand out. Asked when a role is configured and again every time it is granted."""

import discord

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.names import permission_names
from bot.permissions.rank import require_above_role
from bot.permissions.rules import dangerous_permissions


class NotGrantable(UserError):
    """The role cannot be handed out by the bot; each subclass says why and what to do."""


class RoleGone(NotGrantable):
    def __init__(self) -> None:
        super().__init__(N_("This role no longer exists. Choose another one."))


class EveryoneRole(NotGrantable):
    def __init__(self) -> None:
        super().__init__(N_("Everybody has the role @everyone already. Choose another one."))


class ManagedRole(NotGrantable):
    def __init__(self, role: str) -> None:
        super().__init__(
            N_(
                "The role {role} belongs to an app, an integration or boosts, "
                "so only Discord hands it out. Choose another one."
            ),
            role=role,
        )


class DangerousRole(NotGrantable):
    def __init__(self, role: str, permissions: list[str]) -> None:
        super().__init__(
            N_(
                "The role {role} gives power over others ({permissions}), so I do not hand it out. "
                "Take these permissions from it or choose another one."
            ),
            role=role,
            permissions=permission_names(permissions),
        )


class NoPermissionToGrant(NotGrantable):
    def __init__(self) -> None:
        super().__init__(N_("I lack the permission Manage Roles. Give it to my role, then try again."))


class RoleAboveBot(NotGrantable):
    def __init__(self, role: str) -> None:
        super().__init__(
            N_(
                "The role {role} stands above mine, so Discord does not let me hand it out. "
                "Move my role above it in the server's role list, then try again."
            ),
            role=role,
        )


def grantable(guild: discord.Guild, role: discord.Role | int, actor: discord.Member | None = None) -> discord.Role:
    """The role, when the bot may hand it out right now; raises NotGrantable, or RoleNotBelow for the actor's rank.

    Features call it when a role is configured (with the ``actor``) and again at every grant: a role may have gained
    a permission, or moved, in between. It looks at the cache only, so it costs no request.
    """
    found = guild.get_role(role if isinstance(role, int) else role.id)
    if found is None:
        raise RoleGone
    name = discord.utils.escape_markdown(found.name)
    if found.is_default():
        raise EveryoneRole
    if actor is not None:
        require_above_role(actor, found)
    dangerous = dangerous_permissions(permission for permission, granted in found.permissions if granted)
    if dangerous:
        raise DangerousRole(name, dangerous)
    if found.managed:
        raise ManagedRole(name)
    if not guild.me.guild_permissions.manage_roles:
        raise NoPermissionToGrant
    # Not by position: a role Discord creates stands beside others, and of two at one position the older is higher.
    if found >= guild.me.top_role and guild.owner_id != guild.me.id:
        raise RoleAboveBot(name)
    return found
