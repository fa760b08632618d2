"""A word in private: a reminder by private message. It makes no case; the log says that it was had, and not what."""

import contextlib
import logging
from typing import Any

import discord
from discord import ui

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.channels import missing_permissions
from bot.posting import nonce_of
from bot.ui import LayoutView, palette
from bot.ui.text import escaped
from cogs.conduct.cases import card as cards
from cogs.conduct.cases.words import article_line, person
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.evidence.words import quoted
from cogs.conduct.moderate.desk import Desk
from cogs.conduct.moderate.refusals import DoesNotListen
from cogs.conduct.moderate.service import Panels
from cogs.conduct.reports.models import Outcome
from cogs.conduct.reports.service import Reports
from cogs.conduct.settings import ConductSettings

log = logging.getLogger(__name__)
LONGEST = 1500
"""Characters of the reminder."""


async def have_a_word(bench: Bench, desk: Desk, text: str) -> str:
    """Send it; what the moderator is told. Raises DoesNotListen when it does not reach the member."""
    t, member = bench.t, desk.member
    if member is None or not await _sent(bench, desk, member, text):
        raise DoesNotListen
    said = t(
        N_("Your words went to {member} in a private message. There is no case and no point."), member=member.mention
    )
    if desk.sheet.report_id is not None:
        with contextlib.suppress(UserError):
            reports = bench.bot.service(Reports)
            await reports.close(bench.guild.id, desk.sheet.report_id, bench.actor.id, Outcome.UPHELD)
            said += " " + t(N_("The report is closed: upheld without a sanction."))
    await bench.bot.service(Panels).close(desk.sheet)
    await _log(bench, member)
    return said


async def _sent(bench: Bench, desk: Desk, member: discord.Member, text: str) -> bool:
    known = await bench.bot.community.members.get(bench.guild.id, member.id)
    t = bench.bot.i18n.for_reader(known.locale if known else None, bench.guild.id)
    title = t(N_("A word from the team of {server}"), server=escaped(bench.guild.name))
    number = desk.sheet.decision.article
    lines = [f"### {title}"]
    if number is not None:
        line = article_line(t, number, cards.article_of(bench.bot, bench.guild.id, number))
        lines.append(t(N_("It is about the article **{article}**"), article=line))
    lines.append(quoted(text, 3000))
    footer = "-# " + t(N_("A reminder, nothing more: it is no warning and counts for nothing."))
    view = LayoutView()
    texts: list[ui.Item[Any]] = [ui.TextDisplay("\n".join(lines)), ui.TextDisplay(footer)]
    view.add_item(ui.Container(*texts, accent_colour=palette.ACCENT))
    try:
        channel = member.dm_channel or await member.create_dm()
        await channel.send(view=view, nonce=nonce_of(f"word {bench.interaction.id}"))
    except (discord.Forbidden, discord.NotFound):
        return False
    return True


async def _log(bench: Bench, member: discord.Member) -> None:
    chosen = bench.bot.guild_settings.get(bench.guild.id, ConductSettings).modlog_channel
    channel = bench.guild.get_channel(chosen or 0)
    if not isinstance(channel, discord.TextChannel) or missing_permissions(channel, ("view_channel", "send_messages")):
        return
    t = bench.bot.i18n.for_guild(bench.guild.id)
    names: dict[int, str] = {one.id: one.display_name for one in (member, bench.actor)}
    who, whom = person(t, bench.actor.id, names), person(t, member.id, names)
    try:
        await channel.send(
            t(N_("{who} had a word in private with {member}: no case, no points."), who=who, member=whom)
        )
    except discord.HTTPException as error:
        log.warning("a word in private in server %s is not in the log: %s", bench.guild.id, error)
