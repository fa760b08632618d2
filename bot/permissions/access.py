"""What a handler demands of the person behind an interaction; checked again at every click."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands

from bot.errors import UserError
from bot.guilds.sections import CommunitySettings
from bot.i18n.marks import N_

if TYPE_CHECKING:
    from bot.client import CommunityBot

T = TypeVar("T")
_ATTRIBUTE = "__parvis_access__"


class NotAllowed(UserError):
    def __init__(self) -> None:
        super().__init__(N_("You are not allowed to do that here. Ask the staff of this server."))


class CommandRefused(app_commands.CheckFailure):
    """NotAllowed on its way out of a command's check: discord.py lets any other error leave the person unanswered."""

    def __init__(self, original: NotAllowed) -> None:
        super().__init__(str(original))
        self.original = original


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a handler. ``permissions`` are Discord permission names, any of which is enough.

    ``further`` names more of them for a server, asked anew each time.
    """

    name: str
    permissions: frozenset[str] = frozenset()
    staff: bool = False
    further: Callable[["CommunityBot", int], frozenset[str]] | None = None

    @property
    def default_permissions(self) -> discord.Permissions | None:
        """What Discord itself hides the command behind: visibility only, and only for whole commands."""
        if not self.permissions or self.staff:
            return None
        return discord.Permissions(**dict.fromkeys(self.permissions, True))


EVERYONE = Access("everyone")
STAFF = Access("staff", frozenset({"manage_guild"}), staff=True)
"""Members with one of the staff roles of the settings, and those who manage the server."""
MANAGE_SERVER = Access("manage server", frozenset({"manage_guild"}))


def check_access(interaction: "discord.Interaction[CommunityBot]", access: Access) -> None:
    """Raises NotAllowed unless the person behind the interaction satisfies ``access`` right now."""
    if access == EVERYONE:
        return
    granted, enough = interaction.permissions, access.permissions
    if access.further is not None and interaction.guild_id:
        enough |= access.further(interaction.client, interaction.guild_id)
    if granted.administrator or any(getattr(granted, name) for name in enough):
        return
    if access.staff and interaction.guild_id and isinstance(interaction.user, discord.Member):
        staff_roles = interaction.client.guild_settings.get(interaction.guild_id, CommunitySettings).staff_roles
        if any(role.id in staff_roles for role in interaction.user.roles):
            return
    raise NotAllowed


def requires(access: Access) -> Callable[[T], T]:
    """Declare and enforce who may use a command. A test walks the tree and fails on a leaf without it."""

    async def predicate(interaction: "discord.Interaction[Any]") -> bool:
        try:
            check_access(interaction, access)
        except NotAllowed as refusal:
            raise CommandRefused(refusal) from None
        return True

    def decorate(command: T) -> T:
        checked = app_commands.check(predicate)(command)
        setattr(checked, _ATTRIBUTE, access)
        return checked

    return decorate


def access_of(command: object) -> Access | None:
    """The declared access of an application command (or of its callback), None when it has none."""
    declared = getattr(command, _ATTRIBUTE, None) or getattr(getattr(command, "callback", None), _ATTRIBUTE, None)
    return declared if isinstance(declared, Access) else None
