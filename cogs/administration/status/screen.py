"""The page of `/status`."""

import math
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

import bot as parvis
from bot.capabilities import ALWAYS
from bot.command_sync import State
from bot.community.models import Reconciliation
from bot.community.reconcile import Unknown
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.invitation import PERMISSIONS
from bot.ui import LayoutView, palette
from bot.ui.text import escaped
from cogs.administration.status.figures import Figures
from cogs.administration.status.troubles import Trouble, intents_off, lacking, troubles

if TYPE_CHECKING:
    from bot.client import CommunityBot

SHOWN = 8
"""Troubles on the page; the others are counted."""
MEGABYTE = 1_000_000
UNKNOWN: dict[str, str] = {
    Unknown.REACTIONS: N_("who reacted"),
    Unknown.VOICE: N_("who was in voice channels"),
    Unknown.DELETIONS: N_("which messages were deleted"),
    Unknown.MEMBERS: N_("who joined and left"),
    Unknown.UNREADABLE: N_("what was written in channels I may not read"),
    Unknown.FAILED: N_("what Discord has not handed over yet; I ask again"),
    Unknown.FEATURES: N_("a part failed to catch up; whoever runs the bot finds the reason in its log"),
}


async def status_page(
    bot: "CommunityBot", guild: discord.Guild, t: Localizer, figures: Figures | None, refresh: ui.Item[Any]
) -> LayoutView:
    """How the bot does in this server. ``figures`` is None when the database does not answer."""
    found = list(dict.fromkeys(troubles(bot, guild, t)))  # 25 groups may lack the same
    well = not found and figures is not None and not figures.stuck
    title = t(N_("How I do here"))
    parts: list[ui.Item[Any]] = [ui.TextDisplay(f"## {title}\n{_verdict(t, found, figures)}")]
    if found:
        parts += [ui.Separator(), ui.TextDisplay("\n".join(_listed(t, found)))]
    facts = [_discord(bot, t), _database(t, figures)]
    if figures is not None:
        facts += [_promises(t, figures), _outage(t, figures.outage)]
    facts += [_commands(bot, guild, t), _role(guild, t)]
    facts += [said for report in bot.capabilities.reports if (said := await report(guild.id, t))]
    facts += [f"-# {one}" for one in intents_off(bot, t)]
    facts.append(f"-# Parvis {parvis.__version__}")
    parts += [ui.Separator(), ui.TextDisplay("\n".join(facts)), ui.ActionRow(refresh, *_mend(bot, guild, t))]
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=palette.GOOD if well else palette.ATTENTION))
    return view


def _verdict(t: Localizer, found: list[Trouble], figures: Figures | None) -> str:
    if figures is None:
        text = t(
            N_("The database does not answer. What you do now may fail; whoever runs the bot finds why in its log.")
        )
        return f"{palette.WARNING} {text}"
    if found:
        text = t.plural("**{n}** thing needs you.", "**{n}** things need you.", len(found))
        return f"{palette.WARNING} {text}"
    if figures.stuck:
        return f"{palette.WARNING} " + t(N_("Something promised keeps failing: it stands in the inbox."))
    return f"{palette.DONE} " + t(N_("All is well."))


def _listed(t: Localizer, found: list[Trouble]) -> list[str]:
    lines = [f"**{one.about}**\n{one.text}" for one in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append("-# " + t.plural("and {n} more", "and {n} more", len(found) - SHOWN))
    return lines


def _discord(bot: "CommunityBot", t: Localizer) -> str:
    if not math.isfinite(bot.latency):
        return t(N_("**Discord** · connecting"))
    return t(N_("**Discord** · answers in {ms} ms"), ms=t.number(round(bot.latency * 1000)))


def _database(t: Localizer, figures: Figures | None) -> str:
    if figures is None:
        return t(N_("**Database** · silent"))
    known = figures.database
    return t(
        N_("**Database** · {kind}, {size} MB, answers in {ms} ms"),
        kind=known.kind,
        size=t.number(round(known.size / MEGABYTE, 1)),
        ms=t.number(max(1, round(known.seconds * 1000))),
    )


def _promises(t: Localizer, figures: Figures) -> str:
    if not figures.waiting:
        return t(N_("**Promised for later** · nothing"))
    said = t.plural("**Promised for later** · {n}", "**Promised for later** · {n}", figures.waiting)
    if figures.next_due is not None:
        said = t(N_("{what}, the next {when}"), what=said, when=discord.utils.format_dt(figures.next_due, "R"))
    if figures.stuck:
        keeps = t.plural("**{n}** keeps failing", "**{n}** keep failing", figures.stuck)
        said = f"{said} · {keeps}"
    return said


def _outage(t: Localizer, outage: Reconciliation | None) -> str:
    if outage is None:
        return t(N_("**Last outage** · none on record"))
    lines = [
        t(
            N_("**Last outage** · {since} to {until}"),
            since=discord.utils.format_dt(outage.since, "f"),
            until=discord.utils.format_dt(outage.until, "t" if outage.since.date() == outage.until.date() else "f"),
        ),
        t(
            N_("Caught up: {messages}, {joined}, {left}."),
            messages=t.plural("{n} message", "{n} messages", outage.messages),
            joined=t.plural("{n} person joined", "{n} people joined", outage.joined),
            left=t.plural("{n} person left", "{n} people left", outage.left),
        ),
    ]
    if unknown := [t(UNKNOWN[one]) for one in outage.unknown if one in UNKNOWN]:
        lines.append("-# " + t(N_("Nobody can know: {what}."), what=t.enumeration(unknown)))
    return "\n".join(lines)


def _commands(bot: "CommunityBot", guild: discord.Guild, t: Localizer) -> str:
    status = bot.command_sync.status(guild.id)
    if status.state is State.CURRENT and status.at is not None:
        return t(N_("**Commands** · as they should be since {when}"), when=discord.utils.format_dt(status.at, "f"))
    if status.state is State.WAITING:
        return t(N_("**Commands** · on their way to Discord"))
    return t(N_("**Commands** · refused by Discord"))


def _role(guild: discord.Guild, t: Localizer) -> str:
    mine = guild.me.top_role
    above = sum(role > mine for role in guild.roles)
    name = escaped(mine.name)
    if not above:
        return t(N_("**My role** · {role}, above all others"), role=name)
    return t.plural(
        "**My role** · {role}, below {n} other: I cannot hand that one out",
        "**My role** · {role}, below {n} others: I cannot hand those out",
        above,
        role=name,
    )


def _mend(bot: "CommunityBot", guild: discord.Guild, t: Localizer) -> list[ui.Button[Any]]:
    """The link that gives the bot what it lacks, without taking anything that it has."""
    on = [one for one in bot.capabilities.all() if bot.capabilities.on(guild.id, one)]
    missing = lacking(guild, [*ALWAYS, *(need for one in on for need in one.needs)])
    refused = bot.command_sync.status(guild.id).state is State.REFUSED
    if bot.application_id is None or not (missing or refused):
        return []
    wanted = dict.fromkeys([*PERMISSIONS, *(need.permission for need in missing)], True)
    url = discord.utils.oauth_url(
        bot.application_id,
        permissions=discord.Permissions(guild.me.guild_permissions.value) | discord.Permissions(**wanted),
        guild=guild,
        disable_guild_select=True,
        scopes=("bot", "applications.commands"),
    )
    return [ui.Button(label=t(N_("Give me what I lack")), url=url)]
