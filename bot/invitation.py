"""The link that invites the bot, with as few permissions as it can begin with, and why it asks for each."""

from collections.abc import Mapping

import discord

from bot.capabilities.contract import ALWAYS
from bot.i18n.marks import N_

PERMISSIONS: Mapping[str, str] = {
    **{need.permission: need.reason for need in ALWAYS},
    "manage_roles": N_("to give newcomers the member role and the groups they choose"),
    "create_private_threads": N_("to welcome each newcomer apart"),
    "send_messages_in_threads": N_("to talk there"),
    "moderate_members": N_("to time members out"),
    "kick_members": N_("to remove members"),
    "ban_members": N_("to ban, and to lift bans on time"),
    "view_audit_log": N_("to record what moderators do in Discord’s own menus"),
    "manage_messages": N_("to delete messages"),
    "create_public_threads": N_("to open a thread for each appeal in the team’s channel"),
}
"""What the bot always needs and what the capabilities proposed to every new server need, with why as ``N_`` texts.

The other capabilities ask for theirs when they are turned on. It is written out because the program prints it before
any feature is loaded; a test compares it with what is registered.
"""


def invitation(application_id: int) -> str:
    """Opens Discord's own page, where one chooses the server."""
    permissions = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    return discord.utils.oauth_url(application_id, permissions=permissions, scopes=("bot", "applications.commands"))
