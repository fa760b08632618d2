"""What the team sees of a lockdown: the preview, the answer, and the living post in the staff channel."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.guilds.sections import CommunitySettings
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions.names import permission_names
from bot.ui import LayoutView, palette
from bot.ui.text import escaped
from cogs.conduct.lockdown.bringing import hindrance
from cogs.conduct.lockdown.buttons import EndButton, StartButton
from cogs.conduct.lockdown.models import StepState, Target
from cogs.conduct.lockdown.plans import Plan
from cogs.conduct.lockdown.service import OWED, Lockdowns, LockdownView, StepView

if TYPE_CHECKING:
    from bot.client import CommunityBot

NAMED = 15
LEVELS = (N_("None"), N_("Low"), N_("Medium"), N_("High"), N_("Highest"))
"""Discord's own names of its verification levels."""
HELD = N_("Newcomers wait for their role until it is over.")
Parts = list[ui.Item[Any]]


def staff_place(bot: "CommunityBot", guild: discord.Guild) -> discord.TextChannel | None:
    """Where the team reads: its own channel, else the one in which Discord tells it things. Never a public one."""
    chosen = guild.get_channel(bot.guild_settings.get(guild.id, CommunitySettings).staff_channel or 0)
    found = chosen or guild.public_updates_channel
    return found if isinstance(found, discord.TextChannel) else None


def preview(t: Localizer, plan: Plan, minutes: int, slow: timedelta) -> LayoutView:
    """What would be touched, what cannot be, and the button that does it."""
    lines = [_channels(t, plan.closes, plan.channels, slow)] if plan.channels else [t(N_("No channel is touched."))]
    if plan.pauses:
        lines.append(t(N_("Invites are paused.")))
    if plan.level is not None:
        lines.append(t(N_("The verification level is raised to **{level}**."), level=t(LEVELS[plan.level])))
    if plan.holds:
        lines.append(t(HELD))
    lines.append(
        t(N_("It lasts {length}, then everything is put back as it is now."), length=timedelta(minutes=minutes))
    )
    parts: Parts = [
        ui.TextDisplay("### " + t(N_("Lock down?"))),
        ui.TextDisplay("\n".join(f"- {one}" for one in lines)),
    ]
    if said := _lacking(t, plan):
        parts.append(ui.TextDisplay("\n".join(f"{palette.WARNING} {line}" for line in said)))
    parts.append(ui.ActionRow(StartButton(minutes, t(N_("Lock down")))))
    return framed(parts, palette.ATTENTION)


def prolonging(t: Localizer, one: LockdownView, minutes: int, until: datetime) -> LayoutView:
    """The question where a lockdown is in force already."""
    lines = [t(N_("A lockdown is in force until {moment}."), moment=_moment(one.until, "t"))]
    if until <= one.until:
        lines.append(t(N_("It already lasts longer than {length} from now."), length=timedelta(minutes=minutes)))
        parts: Parts = [ui.TextDisplay("\n".join(lines)), ui.ActionRow(EndButton(one.id, t(N_("End now"))))]
        return framed(parts, palette.ATTENTION)
    label = t(N_("Until {length} from now"), length=timedelta(minutes=minutes))
    row: ui.ActionRow[Any] = ui.ActionRow(StartButton(minutes, label), EndButton(one.id, t(N_("End now"))))
    return framed([ui.TextDisplay("\n".join(lines)), row], palette.ATTENTION)


def answered(t: Localizer, text: str, *, told: bool) -> LayoutView:
    """What was done; ``told``: the staff channel shows how it goes."""
    hint = (
        t(N_("The post in the staff channel follows it."))
        if told
        else t(N_("No staff channel is set, so nobody else is told: name one with `/settings`."))
    )
    return framed([ui.TextDisplay(f"{palette.DONE} {text}\n-# {hint}")], palette.GOOD)


async def post_of(bot: "CommunityBot", guild: discord.Guild, lockdown_id: int) -> LayoutView:
    """The living post as of now. Raises NoLockdown."""
    lockdowns = bot.service(Lockdowns)
    one, steps = await lockdowns.get(lockdown_id), await lockdowns.steps(lockdown_id)
    people = {}
    for user_id in filter(None, (one.started_by, one.ended_by)):
        member = guild.get_member(user_id)
        record = None if member else await bot.community.members.get(guild.id, user_id)
        people[user_id] = member.display_name if member else record.display_name if record else "?"
    return _post(bot.i18n.for_guild(guild.id), guild, one, steps, people)


def _post(
    t: Localizer, guild: discord.Guild, one: LockdownView, steps: Sequence[StepView], people: Mapping[int, str]
) -> LayoutView:
    over = one.ended_at is not None
    lines = [_began(t, one, people), _ended(t, one, people) if over else _lasts(t, one)]
    if touched := list(dict.fromkeys(step.channel_id for step in steps if step.channel_id)):
        lines.append(_touched(t, one, touched, steps))
    lines += _server(t, one, steps)
    said = _exceptions(t, guild, one, steps)
    title = _title(t, one)
    parts: Parts = [ui.TextDisplay(f"### {title}"), ui.TextDisplay("\n".join(lines))]
    if said:
        parts.append(ui.TextDisplay("\n".join(f"-# {line}" for line in said)))
    parts.append(ui.ActionRow(EndButton(one.id, t(N_("End now")), disabled=over)))
    return framed(parts, palette.BAD if not over else palette.ATTENTION if one.open else palette.GOOD)


def _title(t: Localizer, one: LockdownView) -> str:
    if one.ended_at is None:
        return t(N_("The server is locked down"))
    return t(N_("The lockdown is being undone")) if one.open else t(N_("The lockdown is over"))


def _began(t: Localizer, one: LockdownView, people: Mapping[int, str]) -> str:
    name = escaped(people.get(one.started_by or 0, t(N_("somebody"))))
    return t(N_("**{name}** started it {moment}."), name=name, moment=_moment(one.started_at))


def _lasts(t: Localizer, one: LockdownView) -> str:
    return t(N_("It ends by itself {moment}."), moment=_moment(one.until))


def _ended(t: Localizer, one: LockdownView, people: Mapping[int, str]) -> str:
    if one.ended_by is None:
        return t(N_("Its time was up {moment}."), moment=_moment(one.ended_at or one.until))
    name = escaped(people.get(one.ended_by, t(N_("somebody"))))
    return t(N_("**{name}** ended it {moment}."), name=name, moment=_moment(one.ended_at or one.until))


def _touched(t: Localizer, one: LockdownView, touched: Sequence[int], steps: Sequence[StepView]) -> str:
    if one.ended_at is not None:
        owed = {step.channel_id for step in steps if step.channel_id and step.state in OWED}
        if owed:
            return t.plural("{n} channel is still to be put back.", "{n} channels are still to be put back.", len(owed))
        left = {step.channel_id for step in steps if step.state in (StepState.LEFT, StepState.GONE)}
        back = len(set(touched) - left)
        return t.plural("{n} channel is as before.", "{n} channels are as before.", back)
    slow = next((step.after[0] for step in steps if step.target is Target.SLOW), 0)
    return _channels(t, one.closes, touched, timedelta(seconds=slow))


def _server(t: Localizer, one: LockdownView, steps: Sequence[StepView]) -> list[str]:
    """Invites, the level and newcomers, while it is in force."""
    if one.ended_at is not None:
        return []
    lines = [t(N_("Invites are paused."))] if one.pause_until is not None and not one.pause_over else []
    for step in steps:
        if step.target is Target.LEVEL and step.state is StepState.SET:
            level = t(LEVELS[step.after[0]])
            lines.append(t(N_("The verification level is raised to **{level}**."), level=level))
    return [*lines, t(HELD)] if one.holds else lines


def _exceptions(t: Localizer, guild: discord.Guild, one: LockdownView, steps: Sequence[StepView]) -> list[str]:
    lines = []
    if one.skipped:
        lines.append(t(N_("Left out, because I lack a permission there: {places}."), places=_places(t, one.skipped)))
    if left := [step for step in steps if step.state is StepState.LEFT]:
        places = [step.channel_id for step in left if step.channel_id]
        if places:
            text = N_("Changed by hand meanwhile, and left as it was changed: {places}.")
            lines.append(t(text, places=_places(t, dict.fromkeys(places))))
        if len(places) < len(left):
            lines.append(t(N_("The verification level was changed by hand meanwhile, and stays so.")))
    owed = [step for step in steps if step.state in (OWED if one.ended_at else (StepState.WANTED,))]
    lacks = [name for step in owed for name in hindrance(guild, step)] if one.open else []
    if lacks:
        permissions = permission_names(lacks)
        lines.append(t(N_("I lack {permissions}; what is missing is made up for by itself."), permissions=permissions))
    return lines


def _channels(t: Localizer, closes: bool, channels: Sequence[int], slow: timedelta) -> str:
    places = _places(t, channels)
    if closes:
        return t.plural(
            "{n} channel is closed: {places}.", "{n} channels are closed: {places}.", len(channels), places=places
        )
    return t.plural(
        "{n} channel has a slow mode of {length}: {places}.",
        "{n} channels have a slow mode of {length}: {places}.",
        len(channels),
        places=places,
        length=slow,
    )


def _lacking(t: Localizer, plan: Plan) -> list[str]:
    lines = []
    if plan.skipped:
        names = dict.fromkeys(name for missing in plan.skipped.values() for name in missing)
        text = N_("I lack {permissions} in {places}: they stay as they are.")
        lines.append(t(text, permissions=permission_names(names), places=_places(t, plan.skipped)))
    if plan.lacks_server:
        text = N_("I lack {permissions}: invites and the verification level stay as they are.")
        lines.append(t(text, permissions=permission_names(["manage_guild"])))
    if plan.holds is False:
        lines.append(t(N_("Newcomers are not held: the welcome is off, or gives no member role.")))
    return lines


def _places(t: Localizer, channels: Iterable[int]) -> str:
    ids = list(channels)
    shown = [f"<#{one}>" for one in ids[:NAMED]]
    if len(ids) > NAMED:
        shown.append(t.plural("{n} more channel", "{n} more channels", len(ids) - NAMED))
    return t.enumeration(shown)


def _moment(at: datetime, style: str = "R") -> str:
    return f"<t:{int(at.timestamp())}:{style}>"


def framed(parts: Parts, colour: discord.Colour) -> LayoutView:
    """The parts in one box."""
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view
