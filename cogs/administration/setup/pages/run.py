"""How far a run is; then what was done, what could not be, and how to go on."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import ui

from bot.contracts.services import NewcomerDoor
from bot.i18n.marks import N_
from bot.ui import palette
from bot.ui.text import escaped
from cogs.administration.setup.items import GoButton, PreviewButton
from cogs.administration.setup.making import slug
from cogs.administration.setup.models import RunState
from cogs.administration.setup.operations import Kind, Operation, State, Undone
from cogs.administration.setup.pages.parts import line
from cogs.administration.setup.pages.review import LINES
from cogs.administration.setup.problems import Problem, told
from cogs.administration.setup.runs import Run
from cogs.administration.setup.site import PURPOSE, REVIEW, RUN, UNDO, Parts, Site, page


@page(RUN)
def run(site: Site, name: str) -> Parts:
    found = site.last_run
    if found is None:
        return [ui.TextDisplay(site.t(N_("Nothing was applied here yet."))), ui.ActionRow(_again(site))]
    return _under_way(site, found) if found.busy else _over(site, found)


def _under_way(site: Site, found: Run) -> Parts:
    t, undoing = site.t, found.state is RunState.UNDOING
    counted = [one for one in found.operations if not undoing or one.state is State.DONE]
    done = sum(bool(one.undone) if undoing else one.over for one in counted)
    title = t(N_("Taking back …")) if undoing else t(N_("Applying …"))
    bar = "▰" * done + "▱" * (len(counted) - done)
    said = t(N_("{done} of {total} done"), done=done, total=len(counted))
    since = discord.utils.format_dt(found.started_at, "R")
    who = t(N_("{who} pressed the button {when}."), who=f"<@{found.acting}>", when=since) if found.acting else ""
    waits = t(N_("A restart does not interrupt it. You can close this."))
    lines = [f"{_mark(one, undoing=undoing)} {describe(site, one)}" for one in counted]
    text = "\n".join([f"## {title}", f"-# {bar} {said}", *lines, f"-# {who} {waits}"])
    return [ui.TextDisplay(text), ui.ActionRow(GoButton.to(RUN, t(N_("Refresh"))))]


def _over(site: Site, found: Run) -> Parts:
    undone = found.state is RunState.UNDONE
    return _undone(site, found) if undone else _applied(site, found)


def _applied(site: Site, found: Run) -> Parts:
    t = site.t
    done = [one for one in found.operations if one.state is State.DONE]
    problems = distinct(problem for one in found.operations for problem in one.problems)
    title = t(N_("Your server is set up")) if not problems else t(N_("Set up, except for this"))
    parts: Parts = [ui.TextDisplay(f"## {palette.DONE} {title}" if not problems else f"## {title}")]
    if done:
        parts.append(
            ui.TextDisplay(_list(t(N_("What was done")), [f"{palette.DONE} {describe(site, one)}" for one in done]))
        )
    if problems:
        lines = [f"{palette.WARNING} {told(t, problem)}" for problem in problems]
        parts.append(ui.TextDisplay(_list(t(N_("What could not be done")), lines)))
    parts += [] if problems else _next(site)
    buttons: list[ui.Item[Any]] = []
    if _has_door(site):
        buttons.append(PreviewButton.of(t(N_("See what a newcomer sees"))))
    if problems:
        buttons.append(GoButton.to(REVIEW, t(N_("What is left")), discord.ButtonStyle.primary))
    if done:
        buttons.append(GoButton.to(UNDO, t(N_("Undo"))))
    return [*parts, line(), ui.ActionRow(*buttons, _again(site))]


def _next(site: Site) -> Parts:
    """The one thing worth doing now."""
    t = site.t
    if not _has_door(site):
        return []
    return [ui.TextDisplay("-# " + t(N_("Next: look at it as a newcomer, then invite somebody you know.")))]


def _undone(site: Site, found: Run) -> Parts:
    t = site.t
    problems = distinct(problem for one in found.operations for problem in one.kept_because)
    removed = [one for one in found.operations if one.undone is Undone.REMOVED]
    parts: Parts = [ui.TextDisplay("## " + t(N_("The set-up is taken back")))]
    if removed:
        lines = [f"{palette.DONE} {describe(site, one)}" for one in removed]
        parts.append(ui.TextDisplay(_list(t(N_("Taken back")), lines)))
    if problems:
        lines = [f"{palette.WARNING} {told(t, problem)}" for problem in problems]
        parts.append(ui.TextDisplay(_list(t(N_("What stays")), lines)))
    return [*parts, line(), ui.ActionRow(_again(site))]


def describe(site: Site, operation: Operation) -> str:
    """One operation in a few words."""
    t = site.t
    if operation.kind is Kind.ROLE:
        role = site.guild.get_role(operation.id or 0)
        return t(N_("role {name}"), name=role.mention if role else f"**@{escaped(operation.name)}**")
    if operation.kind is Kind.DOOR:
        return t(N_("the panel by which newcomers begin"))
    if operation.kind is Kind.SETTINGS:
        return t(N_("settings: {section}"), section=t(site.bot.sections.named(operation.key).title))
    channel = site.guild.get_channel(operation.id or 0)
    return t(N_("channel {name}"), name=channel.mention if channel else f"**#{escaped(slug(operation.name))}**")


def distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Each once, in their order."""
    found: list[Problem] = []
    for problem in problems:
        if problem not in found:
            found.append(problem)
    return found


def _mark(operation: Operation, *, undoing: bool) -> str:
    if undoing:
        return palette.OPEN if not operation.undone else palette.DONE
    if operation.state is State.DONE:
        return palette.DONE
    return palette.WARNING if operation.state is State.FAILED else palette.OPEN


def _list(title: str, lines: list[str]) -> str:
    return "\n".join([f"### {title}", *lines[:LINES]])


def _has_door(site: Site) -> bool:
    door = site.bot.find_service(NewcomerDoor)
    if door is None:
        return False
    section, switch, _ = door.place
    return bool(getattr(site.bot.guild_settings.get(site.guild.id, section), switch))


def _again(site: Site) -> GoButton:
    return GoButton.to(PURPOSE, site.t(N_("Change something")))
