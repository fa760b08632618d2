"""Who is on call, and what first answers change: for the team, and in a line of `/status`."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.clock import now
from bot.contracts.inbox import InboxItem
from bot.contracts.newcomers import Cohort, Share
from bot.contracts.services import NewcomerFigures
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import STAFF
from bot.ui import LayoutView, PersistentItem, palette, reply
from cogs.onboarding.newcomers import table
from cogs.onboarding.replies.greeters import Greeters
from cogs.onboarding.replies.profile import hours_text
from cogs.onboarding.replies.reach import Reach
from cogs.onboarding.replies.rules import OnCall
from cogs.onboarding.replies.service import Replies
from cogs.onboarding.replies.settings import RepliesSettings
from cogs.onboarding.replies.shown import Shown

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

DAYS = 60
"""The second week of those who joined lately is not over: figures look further back than a month."""
WEEKS = 4
LISTED = 20


class GreetersButton(PersistentItem[ui.Button[Any]], template=r"replies:greeters"):
    """Shows who is on call, and what first answers change."""

    access: ClassVar = STAFF

    def __init__(self, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id="replies:greeters"))

    async def run(self, interaction: "Interaction") -> None:
        assert interaction.guild is not None
        t = interaction.client.i18n.for_interaction(interaction)
        await reply(interaction, view=await greeters_view(interaction.client, interaction.guild, t))


def on_call_button(item: InboxItem, t: Localizer) -> GreetersButton:
    """Below an item of the inbox."""
    return GreetersButton(t(N_("Who is on call")))


async def greeters_view(bot: "CommunityBot", guild: discord.Guild, t: Localizer) -> LayoutView:
    """Everybody who is on call, then the figures."""
    present = now()
    known = [one for one in await bot.service(Greeters).of(guild.id) if present < one.until]
    title = t(N_("Greeters"))
    lines = [f"## {title}", await _state(bot, guild.id, t, known)]
    lines += [_line(bot, guild, t, one) for one in known[:LISTED]]
    if len(known) > LISTED:
        lines.append("-# " + t.plural("and {n} more", "and {n} more", len(known) - LISTED))
    view = LayoutView()
    box: ui.Container[LayoutView] = ui.Container(accent_colour=palette.ACCENT)
    box.add_item(ui.TextDisplay("\n".join(lines)))
    box.add_item(ui.Separator(spacing=discord.SeparatorSpacing.small))
    box.add_item(ui.TextDisplay(await _figures(bot, guild.id, t)))
    view.add_item(box)
    return view


async def report(bot: "CommunityBot", guild_id: int, t: Localizer) -> str | None:
    """A line of `/status`; None where first answers are not watched over."""
    if not bot.service(Replies).active(guild_id):
        return None
    present = now()
    known = [one for one in await bot.service(Greeters).of(guild_id) if present < one.until]
    said = await _state(bot, guild_id, t, known)
    waiting = len(await bot.service(Shown).open(guild_id))
    if waiting:
        waits = t.plural("{n} newcomer waits", "{n} newcomers wait", waiting)
        said = f"{said} {waits}."
    return t(N_("**First answer** · {said}"), said=said)


async def _state(bot: "CommunityBot", guild_id: int, t: Localizer, known: list[OnCall]) -> str:
    """Plainly, what happens with the next newcomer who waits."""
    if not bot.service(Replies).active(guild_id):
        return t(N_("Off: first answers are not watched over. Turn on the welcome and the first answer in /settings."))
    half = t.duration(bot.guild_settings.get(guild_id, RepliesSettings).within / 2)
    if bot.service(Reach).channel(guild_id) is None:
        return t(
            N_("No greeters’ channel I can write in, so the inbox gets unanswered newcomers after {time}."), time=half
        )
    if not known:
        return t(N_("Nobody is on call, so the inbox gets unanswered newcomers after {time}."), time=half)
    free = sum(_is_free(bot, guild_id, one) for one in known)
    if not free:
        return t(N_("Nobody is on call at this hour, so the inbox gets unanswered newcomers after {time}."), time=half)
    return t.plural("{n} greeter can be asked now.", "{n} greeters can be asked now.", free)


def _is_free(bot: "CommunityBot", guild_id: int, one: OnCall) -> bool:
    on_duty = one.is_on_duty(now(), bot.service(Greeters).zone(guild_id, one))
    return on_duty and bot.service(Reach).may(guild_id, one.user_id)


def _line(bot: "CommunityBot", guild: discord.Guild, t: Localizer, one: OnCall) -> str:
    hours = hours_text(t, one.hours)
    member = guild.get_member(one.user_id)
    if member is None or not bot.service(Reach).fits(member):
        hours = t(N_("cannot be asked: the channel or the role is not theirs"))
    elif one.paused_until is not None and now() < one.paused_until:
        hours = t(N_("paused until {until}"), until=discord.utils.format_dt(one.paused_until, "f"))
    mark = palette.DONE if _is_free(bot, guild.id, one) else palette.OPEN
    return f"{mark} <@{one.user_id}>\n-# {hours}"


async def _figures(bot: "CommunityBot", guild_id: int, t: Localizer) -> str:
    figures = bot.service(NewcomerFigures)
    today = figures.today(guild_id)
    cohort = await figures.cohort(guild_id, today - timedelta(days=DAYS - 1), today)
    title = t(N_("First answers"))
    over = t(N_("Who joined in the last {days} days"), days=t.number(DAYS))
    lines = [f"### {title}\n-# {over}", table.answers(t, cohort) or t(N_("Nobody has written yet."))]
    lines += _returns(t, cohort)
    weeks = await figures.weeks(guild_id, today - timedelta(weeks=WEEKS - 1))
    for monday, week in sorted(weeks.items()):
        if not week.replies.answered.of:
            continue
        said = _share(t, week.replies.answered)
        if week.replies.median is not None:
            said = t(N_("{share}, median {time}"), share=said, time=t.brief(week.replies.median))
        lines.append("-# " + t(N_("Week of {day}: {said}"), day=t.day(monday), said=said))
    return "\n".join(lines)


def _returns(t: Localizer, cohort: Cohort) -> list[str]:
    back = next(one for one in cohort.returns if one.days == 7)
    if not back.answered.of and not back.unanswered.of:
        return ["-# " + t(N_("Who comes back is known two weeks after somebody joined."))]
    return [
        t(
            N_("Back in week 2: {answered} of those who were answered, {unanswered} of those who were not."),
            answered=_share(t, back.answered),
            unanswered=_share(t, back.unanswered),
        )
    ]


def _share(t: Localizer, share: Share) -> str:
    if share.value is None:
        return t(N_("nobody yet"))
    return t(N_("{percent} ({count} of {all})"), percent=t.percent(share.value), count=share.count, all=share.of)
