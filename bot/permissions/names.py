"""What Discord's own interface calls its permissions, so that people find the switch."""

from collections.abc import Iterable, Mapping

from bot.errors import Translated
from bot.i18n.marks import N_

NAMES: Mapping[str, str] = {
    "add_reactions": N_("Add Reactions"),
    "administrator": N_("Administrator"),
    "attach_files": N_("Attach Files"),
    "ban_members": N_("Ban Members"),
    "bypass_slowmode": N_("Bypass Slowmode"),
    "connect": N_("Connect"),
    "create_events": N_("Create Events"),
    "create_instant_invite": N_("Create Invite"),
    "create_private_threads": N_("Create Private Threads"),
    "create_public_threads": N_("Create Public Threads"),
    "deafen_members": N_("Deafen Members"),
    "embed_links": N_("Embed Links"),
    "kick_members": N_("Kick Members"),
    "manage_channels": N_("Manage Channels"),
    "manage_emojis": N_("Manage Expressions"),
    "manage_emojis_and_stickers": N_("Manage Expressions"),
    "manage_events": N_("Manage Events"),
    "manage_expressions": N_("Manage Expressions"),
    "manage_guild": N_("Manage Server"),
    "manage_guild_expressions": N_("Manage Expressions"),
    "manage_messages": N_("Manage Messages"),
    "manage_nicknames": N_("Manage Nicknames"),
    "manage_permissions": N_("Manage Roles"),
    "manage_roles": N_("Manage Roles"),
    "manage_threads": N_("Manage Threads"),
    "manage_webhooks": N_("Manage Webhooks"),
    "mention_everyone": N_("Mention @everyone, @here and All Roles"),
    "moderate_members": N_("Time Out Members"),
    "move_members": N_("Move Members"),
    "mute_members": N_("Mute Members"),
    "pin_messages": N_("Pin Messages"),
    "read_message_history": N_("Read Message History"),
    "send_messages": N_("Send Messages"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "set_voice_channel_status": N_("Set Voice Channel Status"),
    "speak": N_("Speak"),
    "view_audit_log": N_("View Audit Log"),
    "view_channel": N_("View Channels"),
    "view_creator_monetization_analytics": N_("View Server Subscription Insights"),
    "view_guild_insights": N_("View Server Insights"),
}


def permission_names(permissions: Iterable[str]) -> tuple[Translated, ...]:
    """What people call these permissions, each once, ready to be a message's parameter."""
    return tuple(dict.fromkeys(Translated(NAMES[name]) for name in permissions))
