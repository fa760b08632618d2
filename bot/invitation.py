"""The link that invites the bot, with as few permissions as it can begin with, and why it asks for each."""

from collections.abc import Mapping

import discord

from bot.i18n.marks import N_

PERMISSIONS: Mapping[str, str] = {
    "view_channel": N_("to see the channels it works in"),
    "send_messages": N_("to answer and to welcome"),
    "embed_links": N_("to show cards and panels"),
    "attach_files": N_("to send charts and files with your data"),
    "read_message_history": N_("to catch up after an outage"),
    "manage_roles": N_("to give newcomers the member role and the groups they choose"),
    "create_private_threads": N_("to welcome each newcomer apart"),
    "send_messages_in_threads": N_("to talk there"),
}
"""What the first capabilities need, each with an ``N_`` text that says why. More is asked when more is turned on."""


def invitation(application_id: int) -> str:
    """Opens Discord's own page, where one chooses the server."""
    permissions = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    return discord.utils.oauth_url(application_id, permissions=permissions, scopes=("bot", "applications.commands"))
