"""Who sets up which server, in which language; and the pages they can be shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.ui import LayoutView, palette, update
from bot.ui.panels import Desk
from cogs.administration.setup.applying import Applying
from cogs.administration.setup.drafts import Draft, Drafts, Edit
from cogs.administration.setup.models import RunState
from cogs.administration.setup.plan import Plan, plan
from cogs.administration.setup.problems import UnderWay
from cogs.administration.setup.runs import Run, Runs
from cogs.administration.setup.wishes import Wishes, wishes

if TYPE_CHECKING:
    from bot.client import CommunityBot

PURPOSE, LANGUAGE, TEAM, CAPABILITIES, PORTRAIT, REVIEW = (
    *("purpose", "language", "team", "capabilities", "portrait"),
    "review",
)
STEPS = (PURPOSE, LANGUAGE, TEAM, CAPABILITIES, PORTRAIT, REVIEW)
RUN, UNDO = "run", "undo"
OF = "of."
PAGE = r"(?:of\.)?[a-z_]{1,20}"
"""The pattern of a page's name; ``of.`` and the key of a capability is its own page."""


class Setup:
    """What every page works with; ``bot.service(Setup)``."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.drafts = Drafts(bot.db)
        self.runs = Runs(bot.db, bot.timers, self.drafts)
        self.applying = Applying(bot, self.runs)

    async def load(self, guild_id: int | None = None) -> None:
        """Bring memory to the database: of every server, or of one that came back."""
        await self.drafts.load(guild_id)
        await self.runs.load(guild_id)


@dataclass(frozen=True)
class Site(Desk):
    """What every page is made from: the server as it is, and the draft as it is now."""

    @property
    def setup(self) -> Setup:
        return self.bot.service(Setup)

    @property
    def draft(self) -> Draft:
        return self.setup.drafts.get(self.guild.id)

    @property
    def last_run(self) -> Run | None:
        return self.setup.runs.latest(self.guild.id)

    @property
    def busy(self) -> bool:
        return self.last_run is not None and self.last_run.busy

    @cached_property
    def wanted(self) -> Wishes:
        return wishes(self.bot, self.guild, self.draft, self.person)

    @cached_property
    def plan(self) -> Plan:
        return plan(self.bot, self.guild, self.wanted)

    async def answer(self, edit: Edit) -> None:
        """Change the draft as this person. Raises UnderWay while a run is at work."""
        if self.busy:
            assert self.last_run is not None
            raise UnderWay(self.last_run.acting)
        await self.setup.drafts.change(self.guild.id, self.person.id if self.person else None, edit)


Parts = list[ui.Item[Any]]
Build = Callable[[Site, str], Parts]
PAGES: dict[str, Build] = {}
"""Filled by the modules of the pages; buttons and pages know each other only through it."""


def page(name: str) -> Callable[[Build], Build]:
    """Register what builds a page; ``OF`` builds those of the capabilities."""

    def register(build: Build) -> Build:
        PAGES[name] = build
        return build

    return register


def render(site: Site, name: str, notice: str | None = None) -> LayoutView:
    """The page as it is now, with something to say above it; while a run is at work, always its progress.

    Raises UserError when the page is about something that is gone.
    """
    name = RUN if site.busy else name
    build = PAGES[OF] if name.startswith(OF) else PAGES.get(name, PAGES[PURPOSE])
    parts = build(site, name)
    said: Parts = [ui.TextDisplay(f"{palette.WARNING} {notice}"), ui.Separator()] if notice else []
    view = LayoutView()
    view.add_item(ui.Container(*said, *parts, accent_colour=_colour(site, name)))
    return view


async def show(interaction: "discord.Interaction[Any]", name: str, notice: str | None = None) -> None:
    """Turn what is in front of the person to that page."""
    await update(interaction, view=render(Site.of(interaction), name, notice))


def _colour(site: Site, name: str) -> discord.Colour:
    run = site.last_run
    if name != RUN or run is None:
        return palette.ACCENT
    if run.busy:
        return palette.ATTENTION
    undone = run.state is RunState.UNDONE
    troubled = any(one.kept_because if undone else one.problems for one in run.operations)
    return palette.ATTENTION if troubled else palette.GOOD


def heading(site: Site, name: str, title: str, intro: str) -> ui.TextDisplay[Any]:
    """Which step this is, what it is called, and one or two sentences. ``title`` and ``intro`` are in words."""
    number, total = STEPS.index(name) + 1, len(STEPS)
    bar = "▰" * number + "▱" * (total - number)
    step = site.t(N_("Step {number} of {total}"), number=number, total=total)
    return ui.TextDisplay(f"-# {bar} {step}\n## {title}\n{intro}")
