"""The one message in the staff channel: what happened, what was done by whom, and the buttons that do it or undo it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.contracts.lockdown import LockdownDoor
from bot.guilds.sections import CommunitySettings
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions.names import permission_names
from bot.ui import LayoutView, palette
from bot.ui.text import escaped
from cogs.onboarding.raids.buttons import BanButton, DismissButton, HoldButton, PauseButton, WhoButton, who_key
from cogs.onboarding.raids.reader import RaidReader
from cogs.onboarding.raids.rules import DISMISSED_FOR
from cogs.onboarding.raids.states import Counts, RaidState
from cogs.onboarding.raids.suspects import BULK_NEEDS, lacking

if TYPE_CHECKING:
    from bot.client import CommunityBot

NAMES_SHOWN = 10
LEVELS = (N_("None"), N_("Low"), N_("Medium"), N_("High"), N_("Highest"))
"""Discord's own names of its verification levels."""


@dataclass(frozen=True)
class Alert:
    """Everything the alert is made from."""

    t: Localizer
    raid: RaidState
    counts: Counts
    people: tuple[str, ...]
    """The first of those who came, harmless in any text."""
    staff: dict[int, str]
    """What those who decided are called."""
    lacks: list[str]
    replaced: bool
    door: LockdownDoor | None = None
    """Whoever could lock the whole server down."""

    def by(self, user_id: int | None) -> str:
        return self.staff.get(user_id or 0) or self.t(N_("somebody"))


def staff_place(bot: "CommunityBot", guild: discord.Guild) -> discord.TextChannel | None:
    """Where the team reads: its own channel, else the one in which Discord tells it things. Never a public one."""
    chosen = guild.get_channel(bot.guild_settings.get(guild.id, CommunitySettings).staff_channel or 0)
    found = chosen or guild.public_updates_channel
    return found if isinstance(found, discord.TextChannel) else None


def alert_key(raid_id: int) -> str:
    """The custom_id by which the alert is found again."""
    return who_key(raid_id, 0)


async def alert_of(bot: "CommunityBot", guild: discord.Guild, reader: RaidReader, raid_id: int) -> Alert:
    """The alert as of now. Raises RaidGone."""
    raid = await reader.state(guild.id, raid_id)
    newest = await reader.newest(guild.id)
    young = [one for one in await reader.joiners(guild.id, raid_id) if one.young]
    deciders = (raid.paused_by, raid.pause_ended_by, raid.held_by, raid.hold_ended_by, raid.banned_by)
    return Alert(
        t=bot.i18n.for_guild(guild.id),
        raid=raid,
        counts=await reader.counts(guild.id, raid_id),
        people=tuple(escaped(one.name) for one in young[:NAMES_SHOWN] if one.name),
        staff=await _names(bot, guild, (*deciders, raid.dismissed_by)),
        lacks=lacking(guild, *BULK_NEEDS),
        replaced=newest is not None and newest.id != raid_id,
        door=bot.find_service(LockdownDoor),
    )


async def _names(bot: "CommunityBot", guild: discord.Guild, people: Sequence[int | None]) -> dict[int, str]:
    found = {}
    for user_id in {one for one in people if one is not None}:
        member = guild.get_member(user_id)
        known = None if member else await bot.community.members.get(guild.id, user_id)
        if member or known:
            found[user_id] = escaped(member.display_name if member else known.display_name if known else "")
    return found


def alert_view(alert: Alert) -> LayoutView:
    """What the staff channel shows."""
    raid = alert.raid
    parts: list[ui.Item[Any]] = [ui.TextDisplay(_happened(alert)), _line(), ui.TextDisplay(_done(alert))]
    if missing := _missing(alert):
        parts.append(ui.TextDisplay(missing))
    parts.append(_brakes(alert))
    rest: ui.ActionRow[Any] = ui.ActionRow(WhoButton(raid.id, 0, alert.t(N_("Who came"))))
    if raid.dismissed_at is None and not raid.braked and not alert.replaced:
        rest.add_item(DismissButton(raid.id, alert.t(N_("Dismiss"))))
    if alert.door is not None and (offer := alert.door.button(raid.guild_id, alert.t)) is not None:
        rest.add_item(offer)
    parts.append(rest)
    settled = raid.dismissed_at is not None or alert.replaced
    colour = palette.QUIET if settled else palette.ATTENTION if raid.braked or raid.banned_at else palette.BAD
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view


def _line() -> ui.Separator[Any]:
    return ui.Separator(spacing=discord.SeparatorSpacing.small)


def _happened(alert: Alert) -> str:
    t, raid = alert.t, alert.raid
    title = t(N_("Many new accounts at once"))
    style = "T" if raid.last_at - raid.began_at < timedelta(minutes=2) else "t"
    came = t.plural(
        "{n} account younger than {age} joined from {first} to {last}.",
        "{n} accounts younger than {age} joined from {first} to {last}.",
        alert.counts.young,
        age=raid.younger_than,
        first=moment(raid.began_at, style),
        last=moment(raid.last_at, style),
    )
    limit = t(N_("Told from more than {joins} within {within} on."), joins=t.number(raid.joins), within=raid.within)
    names = [f"**{name}**" for name in alert.people]
    if more := alert.counts.young - len(names):
        names.append(t.plural("{n} other", "{n} others", more))
    sign = "" if raid.dismissed_at or alert.replaced else f"{palette.WARNING} "
    return f"## {sign}{title}\n{came}\n{t.enumeration(names)}\n-# {limit}"


def _done(alert: Alert) -> str:
    """What was done, by whom, and what is still in force."""
    t, raid = alert.t, alert.raid
    lines = [*_paused(alert), *_held(alert), *_banned(alert)]
    if raid.dismissed_at is not None:
        dismissed = t(
            N_("Dismissed by **{name}** {when}. No new alert before {until}."),
            name=alert.by(raid.dismissed_by),
            when=moment(raid.dismissed_at),
            until=moment(raid.dismissed_at + DISMISSED_FOR, "t"),
        )
        lines.append(dismissed)
    if alert.replaced:
        lines.append(t(N_("A newer alert below has replaced this one.")))
    return "\n".join(lines) or t(N_("Nothing was done yet. Each of these steps can be undone, a ban only one by one."))


def _paused(alert: Alert) -> list[str]:
    t, raid = alert.t, alert.raid
    if raid.paused_at is None:
        return []
    if not raid.paused:
        when = moment(raid.pause_ended_at)
        if raid.pause_ended_by is None:
            return [t(N_("Invites work again: the pause was ended in Discord’s own menu {when}."), when=when)]
        name = alert.by(raid.pause_ended_by)
        return [t(N_("Invites work again: **{name}** ended the pause {when}."), name=name, when=when)]
    name, when = alert.by(raid.paused_by), moment(raid.paused_at)
    if raid.paused_until is None:
        return [t(N_("**{name}** wants invites paused. That is about to happen."), name=name)]
    return [
        t(
            N_("Invites are paused by **{name}** {when}. I renew the pause each day until somebody ends it."),
            name=name,
            when=when,
        )
    ]


def _held(alert: Alert) -> list[str]:
    t, raid, counts = alert.t, alert.raid, alert.counts
    if raid.held_at is None:
        return []
    level = LEVELS[raid.level_before or 0]
    if not raid.holding:
        said = t(
            N_("Newcomers get their role again: **{name}** ended the hold {when}."),
            name=alert.by(raid.hold_ended_by),
            when=moment(raid.hold_ended_at),
        )
        if not raid.level_done:
            return [said]
        return [said, "-# " + t(N_("The verification level is to be {level} again."), level=t(level))]
    said = t(
        N_("Newcomers are held by **{name}** {when}: no member role before the team lets them in."),
        name=alert.by(raid.held_by),
        when=moment(raid.held_at),
    )
    count = t.plural("{n} waits", "{n} wait", counts.held)
    if counts.released:
        count += ", " + t.plural("{n} was let in", "{n} were let in", counts.released)
    if raid.level_done and raid.level_raised != raid.level_before:
        raised = LEVELS[raid.level_raised or 0]
        changed = t(N_("verification level {raised} instead of {before}"), raised=t(raised), before=t(level))
        return [said, f"-# {count} · {changed}"]
    return [said, f"-# {count} · " + t(N_("verification level unchanged"))]


def _banned(alert: Alert) -> list[str]:
    t, raid, counts = alert.t, alert.raid, alert.counts
    if raid.banned_at is None:
        return []
    who, lines = {"name": alert.by(raid.banned_by), "when": moment(raid.banned_at)}, []
    if counts.banned:
        banned = t.plural(
            "{n} was banned, decided by **{name}** {when}.",
            "{n} were banned, decided by **{name}** {when}.",
            counts.banned,
            **who,
        )
        lines.append(banned)
    if counts.ban_wanted:
        lines.append(t.plural("{n} ban is under way.", "{n} bans are under way.", counts.ban_wanted))
    if counts.refused:
        refused = t.plural(
            "{n} could not be banned: **Who came** says who.",
            "{n} could not be banned: **Who came** says who.",
            counts.refused,
        )
        lines.append(refused)
    return lines


def _missing(alert: Alert) -> str | None:
    """What cannot be done for want of permissions, before somebody presses."""
    t = alert.t
    if not alert.lacks:
        return None
    lack = t(N_("I lack: {permissions}."), permissions=permission_names(alert.lacks))
    if "manage_guild" in alert.lacks:
        stops = t(N_("So I can neither pause invites, nor raise the verification level, nor ban many at once."))
    else:
        stops = t(N_("So I cannot ban anybody."))
    return f"-# {lack} {stops}"


def _brakes(alert: Alert) -> ui.ActionRow[Any]:
    t, raid = alert.t, alert.raid
    row: ui.ActionRow[Any] = ui.ActionRow()
    pause = t(N_("End the pause")) if raid.paused else t(N_("Pause invites"))
    hold = t(N_("End the hold")) if raid.holding else t(N_("Hold newcomers"))
    off = "manage_guild" in alert.lacks
    if raid.paused or not alert.replaced:
        row.add_item(PauseButton(raid.id, pause, on=not raid.paused, disabled=off))
    if raid.holding or not alert.replaced:
        row.add_item(HoldButton(raid.id, hold, on=not raid.holding))
    nobody_left = alert.counts.ban_wanted + alert.counts.banned >= alert.counts.young > 0
    off = bool(alert.lacks) or nobody_left
    return row.add_item(BanButton(raid.id, t(N_("Ban these joiners")), disabled=off))


def moment(at: datetime | None, style: str = "R") -> str:
    """An instant as Discord shows it to each reader."""
    return f"<t:{int(at.timestamp())}:{style}>" if at else ""
