"""Rank and dangerous permissions, decided on plain values."""

from collections.abc import Iterable
from dataclasses import dataclass

DANGEROUS = frozenset(
    {
        # Discord's "elevated" list (those that demand two-factor authentication) …
        "administrator",
        "ban_members",
        "kick_members",
        "manage_channels",
        "manage_guild",
        "manage_guild_expressions",
        "manage_expressions",
        "manage_messages",
        "manage_roles",
        "manage_threads",
        "manage_webhooks",
        "moderate_members",
        "view_creator_monetization_analytics",
        # … and what it leaves out although it gives power over others
        "create_events",
        "deafen_members",
        "manage_emojis",
        "manage_emojis_and_stickers",
        "manage_events",
        "manage_nicknames",
        "manage_permissions",
        "mention_everyone",
        "move_members",
        "mute_members",
        "pin_messages",
        "bypass_slowmode",
        "set_voice_channel_status",
        "view_audit_log",
        "view_guild_insights",
    }
)
"""Names of permissions that no role handed out by the bot may carry."""


def dangerous_permissions(granted: Iterable[str]) -> list[str]:
    """Which of the permission names ``granted`` are dangerous, sorted."""
    return sorted(DANGEROUS.intersection(granted))


@dataclass(frozen=True, slots=True)
class Person:
    """A member as rank sees them. ``top_role`` is the position of the highest role, 0 for none."""

    user_id: int
    top_role: int
    is_owner: bool = False
    is_bot: bool = False


def outranks(actor: Person, target: Person) -> bool:
    """True when ``actor`` stands strictly above ``target``: the owner above everybody, then the top role."""
    if actor.user_id == target.user_id or target.is_owner:
        return False
    return actor.is_owner or actor.top_role > target.top_role
