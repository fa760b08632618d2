"""Asks Discord what a server's invites are, and what became of those that are missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import discord

from cogs.onboarding.attribution.rules import Counted, Evidence
from cogs.onboarding.attribution.service import Before, Key, Look, Shown

if TYPE_CHECKING:
    from bot.client import CommunityBot

LOG_ENTRIES = 200
"""Of the audit log since the last look; with more than that we do not claim to know."""
LOG_MARGIN = timedelta(minutes=1)
"""Discord's clock and ours may differ."""
VANITY = "VANITY_URL"
"""Discord's flag of servers with an address of their own."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What Discord answered, before it is known who joined meanwhile."""

    at: datetime
    invites: dict[str, Shown]
    removed: frozenset[str] | None
    unseen: frozenset[str] | None


def may_read(guild: discord.Guild) -> bool:
    """Whether Discord lets the bot read the uses of invites there."""
    return guild.me is not None and guild.me.guild_permissions.manage_guild


def shown(invite: discord.Invite, *, vanity: bool = False) -> Shown:
    """An invite in the attribution's own words."""
    counted = Counted(invite.uses or 0, invite.max_uses or 0, invite.expires_at, vanity)
    place = invite.channel
    inviter = None if vanity or invite.inviter is None else invite.inviter.id
    return Shown(invite.code, counted, None if place is None else place.id, inviter, invite.created_at)


async def glance(guild: discord.Guild, before: Before | None, at: datetime, *, watched: bool) -> Glance:
    """One request for the invites; one more where there is a vanity address; the audit log when something is missing.

    Raises discord.HTTPException.
    """
    invites = {invite.code: shown(invite) for invite in await guild.invites()}
    if VANITY in guild.features:
        own = await guild.vanity_invite()
        if own is not None:
            invites[own.code] = shown(own, vanity=True)
    removed: frozenset[str] | None = frozenset()
    unseen: frozenset[str] | None = frozenset()
    if before is not None and before.codes - invites.keys():
        removed = await _logged(guild, discord.AuditLogAction.invite_delete, before.at)
    if before is not None and not watched:
        made = await _logged(guild, discord.AuditLogAction.invite_create, before.at)
        unseen = None if made is None else made - before.codes - invites.keys()
    return Glance(at, invites, removed, unseen)


async def _logged(guild: discord.Guild, action: discord.AuditLogAction, since: datetime) -> frozenset[str] | None:
    """Codes of the invites that the audit log says were made or removed; None when it cannot be known."""
    if not guild.me.guild_permissions.view_audit_log:
        return None
    codes, entries = set(), 0
    async for entry in guild.audit_logs(action=action, after=since - LOG_MARGIN, limit=LOG_ENTRIES):
        entries += 1
        side = entry.before if action is discord.AuditLogAction.invite_delete else entry.after
        codes.add(getattr(side, "code", None))
    if entries == LOG_ENTRIES or None in codes:
        return None
    return frozenset(str(code) for code in codes)


def look(
    bot: "CommunityBot", guild: discord.Guild, found: Glance, heard: Collection[Key], *, watched: bool, quiet: bool
) -> Look:
    """What was found, with what is known about the time in between. ``quiet``: nobody arrived during the look."""
    today = found.at.astimezone(ZoneInfo(bot.time_zone_of(guild.id))).date()
    unseen = found.unseen if quiet else None
    return Look(
        at=found.at,
        week=today - timedelta(days=today.weekday()),
        invites=found.invites,
        evidence=Evidence(watched and quiet, tuple(guild.features), bool(guild.chunked), unseen),
        removed=found.removed,
        places=frozenset(channel.id for channel in guild.channels),
        heard=tuple(heard),
    )
