"""The first page of a profile: since when, in which language, and what was counted lately."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from discord import ui
from discord.utils import format_dt

from bot.clock import now
from bot.community.activity import Totals
from bot.community.options import Option
from bot.guilds.sections import Language
from bot.i18n.marks import N_
from bot.permissions.team import is_staff
from bot.profile import Look, Part, ProfilePage
from bot.ui import LayoutView
from cogs.membership.privacy import PrivacyButton

DAYS = 30
"""How far back the figures of one's own page go."""


async def own(look: Look) -> Sequence[Part]:
    """What a member sees of themselves."""
    t, guild, member = look.t, look.guild, look.member
    record = await look.bot.community.members.get(guild.id, member.id)
    lines = [_since(look, (record.joined_at if record else None) or member.joined_at)]
    if record is not None and record.rejoins:
        lines.append(t.plural("You came back {n} time.", "You came back {n} times.", record.rejoins))
    lines.append(_language(look))
    if record is not None and record.options.get(Option.ANONYMOUS):
        lines.append(t(N_("You are counted without your name.")))
    else:
        lines.append(await _counted(look))
    row: ui.ActionRow[LayoutView] = ui.ActionRow()
    return ["\n".join(lines), row.add_item(PrivacyButton(guild.id, t(N_("What is kept about you"))))]


async def public(look: Look) -> Sequence[Part]:
    """What everybody sees: nothing that Discord does not show them too."""
    lines = [_since(look, look.member.joined_at)]
    if is_staff(look.bot, look.member):
        lines.append(look.t(N_("Part of the team here.")))
    return ["\n".join(lines)]


def _since(look: Look, joined_at: datetime | None) -> str:
    if joined_at is None:
        return look.t(N_("Member of this server."))
    since, ago = format_dt(joined_at, "D"), format_dt(joined_at, "R")
    return look.t(N_("Member since {since} ({ago})."), since=since, ago=ago)


def _language(look: Look) -> str:
    language = next(one.label for one in Language if one.value == look.t.language)
    return look.t(N_("Language: {language}, as your Discord or else this server is set."), language=language)


async def _counted(look: Look) -> str:
    t, activity = look.t, look.bot.community.activity
    zone = ZoneInfo(look.bot.time_zone_of(look.guild.id))
    since = (now() - timedelta(days=DAYS)).astimezone(zone).date()
    days = await activity.days(look.guild.id, look.member.id, since)
    if not days:
        return t(N_("Nothing was counted in the last {days} days."), days=DAYS)
    said = _figures(look, [day.totals for day in days])
    active = t.plural("on {n} day", "on {n} days", len(days))
    return t(N_("Counted in the last {days} days, {active}: {figures}."), days=DAYS, active=active, figures=said)


def _figures(look: Look, totals: Sequence[Totals]) -> str:
    t = look.t
    messages = sum(one.messages for one in totals)
    given = sum(one.reactions_given for one in totals)
    minutes = sum(one.voice_minutes for one in totals)
    said = [t.plural("{n} message", "{n} messages", messages)] if messages else []
    said += [t.plural("{n} reaction", "{n} reactions", given)] if given else []
    said += [t(N_("{time} in voice"), time=timedelta(minutes=minutes))] if minutes else []
    received = sum(one.reactions_received for one in totals)
    said += [t.plural("{n} reaction received", "{n} reactions received", received)] if received else []
    return t.enumeration(said) if said else t(N_("nothing that lasted"))


overview_page = ProfilePage("overview", N_("Overview"), 0, own=own, public=public)
