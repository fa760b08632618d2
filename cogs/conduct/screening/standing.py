"""What keeps an armed filter from doing all it is armed for, known before anything is found."""

from collections.abc import Iterator

import discord

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions.names import permission_names
from cogs.conduct.screening.rules import Doing, Kept

NEEDED = {
    Doing.DELETE: ("manage_messages",),
    Doing.WARN: ("manage_messages",),
    Doing.TIMEOUT: ("manage_messages", "moderate_members"),
    Doing.LADDER: ("manage_messages", "moderate_members", "ban_members"),
}


def obstacles(guild: discord.Guild, t: Localizer, kept: Kept) -> Iterator[str]:
    """Whole sentences."""
    granted = guild.me.guild_permissions
    missing = [name for name in NEEDED.get(kept.doing, ()) if not getattr(granted, name)]
    if missing:
        names = permission_names(missing)
        yield t(N_("I lack: {permissions}. What it cannot do is put before the team."), permissions=names)
    if kept.is_empty:
        yield t(N_("It has nothing to look for yet."))
    if kept.doing.sanctions and kept.article is None:
        yield t(N_("Without an article it cannot be armed for this."))
