"""What somebody reads who comes back: only what is new since, and nothing about having been away."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import discord
from discord import ui
from discord.utils import format_dt

from bot.attention import AttentionKind, Telling
from bot.clock import now
from bot.i18n.marks import N_
from bot.ui.text import escaped, shortened
from cogs.onboarding.comeback.rules import added
from cogs.onboarding.comeback.service import KIND
from cogs.onboarding.settings import GroupsSettings
from cogs.onboarding.views.navigation import OpenButton

if TYPE_CHECKING:
    from bot.client import CommunityBot

USEFULNESS = 40
SHOWN = 5
"""Groups that are named; the button shows all."""
HISTORY = 1000
"""Changes of the groups that are looked through."""


def comeback() -> AttentionKind:
    """The kind of message for ``bot.attention``."""

    async def build(telling: Telling) -> Sequence[ui.Item[Any]] | None:
        """None where nothing is new."""
        t, guild = telling.t, telling.guild
        since = datetime.combine(date.fromisoformat(telling.params["since"]), time.max, UTC)
        groups = await new_groups(telling.bot, guild, since)
        coming = next_event(guild, telling.member)
        if not groups and coming is None:
            return None
        lines = [t(N_("### New in {server}"), server=escaped(guild.name))]
        if groups:
            count = t.plural("{n} new group", "{n} new groups", len(groups))
            lines.append(f"**{count}**")
            lines += [f"- {escaped(role.name)}" for role in groups[:SHOWN]]
        if coming is not None:
            name = escaped(shortened(coming.name, 100))
            said = t(N_("Next event: [{name}]({address}), {when}."), name=name, address=coming.url,
                     when=format_dt(coming.start_time, "F"))  # fmt: skip
            lines.append(said)
        parts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines))]
        if groups:
            parts.append(
                ui.ActionRow(OpenButton("groups", guild.id, t(N_("See the groups")), discord.ButtonStyle.primary))
            )
        return parts

    return AttentionKind(KIND, USEFULNESS, build)


async def new_groups(bot: "CommunityBot", guild: discord.Guild, since: datetime) -> list[discord.Role]:
    """The groups of the server that were none at that instant, as its history of settings knows."""
    changes = await bot.guild_settings.history(guild.id, GroupsSettings, limit=HISTORY)
    later = [change for change in changes if change.at > since]
    if not later:
        return []
    before = later[-1].before.get("groups", ())
    present = [group.role for group in bot.guild_settings.get(guild.id, GroupsSettings).groups]
    return [role for role_id in added(before, present) if (role := guild.get_role(role_id)) is not None]


def next_event(guild: discord.Guild, member: discord.Member) -> discord.ScheduledEvent | None:
    """The next event of the server that this member can see."""
    coming = [
        event
        for event in guild.scheduled_events
        if event.status is discord.EventStatus.scheduled
        and event.start_time > now()
        and (event.channel is None or event.channel.permissions_for(member).view_channel)
    ]
    return min(coming, key=lambda event: event.start_time, default=None)
