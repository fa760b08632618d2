"""Pages of an import: what is wrong with a file, what it would change, what it has changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import ui

from bot.guilds.fields import ChannelKind
from bot.guilds.sections import Section
from bot.guilds.transfer.file import Entity, Trouble
from bot.guilds.transfer.plan import Plan
from bot.guilds.transfer.service import Waiting
from bot.i18n.marks import N_
from bot.permissions.channels import TYPES
from bot.permissions.configuration import refusals
from bot.ui import palette
from bot.ui.panels import OVERVIEW, Kind, OpenButton, Place
from bot.ui.panels.desk import Desk
from bot.ui.panels.differences import limited, section_differences
from bot.ui.panels.pages import heading, panel, thin_line
from bot.ui.text import escaped, shortened
from bot.ui.views import LayoutView
from cogs.administration.transfer.choosing import called

TROUBLES = 12
LINES, LENGTH = 14, 1800
"""Lines and characters of what changes on one page."""
MAPPED = 8
EVERYTHING = 10_000
"""Entries of a list that are named: who says yes has seen all of them."""


def types_of(entity: Entity) -> list[discord.ChannelType]:
    """Discord's types for what the file wants there."""
    return [one for kind in entity.kinds for one in TYPES[ChannelKind(kind)]]


def troubles_page(desk: Desk, troubles: Sequence[Trouble], again: Callable[[str], ui.Item[Any]]) -> LayoutView:
    """What is wrong with a file, line by line; ``again`` makes the button for another try."""
    lines = limited(desk, [_trouble(desk, trouble) for trouble in troubles], TROUBLES)
    top = heading(
        desk, desk.t(N_("This file cannot be used")), desk.t(N_("Nothing was changed. Mend it and send it again."))
    )
    buttons = [again(desk.t(N_("Another file"))), _home(desk)]
    body = ui.TextDisplay[Any](shortened("\n".join(lines), 3500))
    return panel(top, thin_line(), body, thin_line(), ui.ActionRow(*buttons), colour=palette.BAD)


def done_page(desk: Desk, plan: Plan, sections: int) -> LayoutView:
    """What was imported, and the way back."""
    count = sum(len(step.fields) for step in plan.steps)
    lines = [
        f"## {palette.DONE} " + desk.t(N_("Imported")),
        desk.t.plural("{n} setting has changed.", "{n} settings have changed.", count),
    ]
    if any(step.part is None for step in plan.steps):
        lines.append(desk.t(N_("It stands in the history as one change, which can be undone as a whole.")))
    lines += [f"**{desk.t(step.section.title)}** · {desk.t(step.section.summary)}" for step in plan.steps if step.part]
    history = OpenButton.to(Place(Kind.HISTORY), desk.t(N_("History")), emoji=palette.HISTORY)
    row: ui.ActionRow[Any] = ui.ActionRow(_home(desk), history)
    return panel(ui.TextDisplay("\n".join(lines)), thin_line(), row, colour=palette.GOOD)


@dataclass(frozen=True)
class Diff:
    """A page of what an import would change."""

    desk: Desk
    waiting: Waiting
    plan: Plan
    obstacles: Sequence[str]
    pages: Sequence[str]
    page: int

    @classmethod
    def of(cls, desk: Desk, waiting: Waiting, plan: Plan, page: int) -> Self:
        """The last page when there is no such page any more."""
        pages = _paged(_changes(desk, plan))
        return cls(desk, waiting, plan, list(_obstacles(desk, plan)), pages, min(page, len(pages) - 1))

    @property
    def ready(self) -> bool:
        """Whether it can be applied."""
        return bool(self.plan.steps) and not self.obstacles

    def view(self, actions: Sequence[ui.Item[Any]], turning: Sequence[ui.Item[Any]]) -> LayoutView:
        t = self.desk.t
        name = escaped(self.waiting.file.server)
        title = t(N_("Import of the settings of {server}"), server=name) if name else t(N_("Import of settings"))
        count = sum(len(step.fields) for step in self.plan.steps)
        summary = t.plural("{n} setting changes.", "{n} settings change.", count) if count else ""
        summary = summary or t(N_("Nothing was changed yet."))
        items: list[ui.Item[Any]] = [heading(self.desk, title, summary, self.page, len(self.pages)), thin_line()]
        items += [ui.TextDisplay(text) for text in (self._in_the_way(), self._found(), self._open()) if text]
        if self.plan.steps:
            items += [thin_line()] if len(items) > 2 else []
            items.append(ui.TextDisplay(self.pages[self.page]))
        elif not self.obstacles:
            items.append(ui.TextDisplay(self.desk.aside(N_("Everything is set like this already."))))
        items += [thin_line(), ui.ActionRow(*actions)]
        items += [ui.ActionRow(*turning)] if turning else []
        return panel(*items, colour=palette.ACCENT if self.ready else palette.ATTENTION)

    def _in_the_way(self) -> str:
        if not self.obstacles:
            return ""
        title = self.desk.t(N_("{emoji} **This stands in the way:**"), emoji=palette.WARNING)
        return shortened("\n".join([title, *limited(self.desk, self.obstacles, MAPPED)]), 1200)

    def _found(self) -> str:
        """What has another id here, on the first page."""
        mapped, entities = self.plan.mapped, self.waiting.file.entities
        if self.page or not mapped.by_name:
            return ""
        lines = [f"- {called(self.desk, entities[number])} → {self._here(number)}" for number in mapped.by_name]
        return "\n".join([self.desk.t(N_("**Found here by name:**")), *limited(self.desk, lines, MAPPED)])

    def _open(self) -> str:
        """What is not found, on the first page."""
        mapped, entities, t = self.plan.mapped, self.waiting.file.entities, self.desk.t
        if self.page or not mapped.asked:
            return ""
        lines = []
        for number in mapped.asked:
            chosen = self._here(number) if mapped.ids[number] else self.desk.aside(N_("left unset"))
            lines.append(f"- {called(self.desk, entities[number])} → {chosen}")
        return "\n".join([t(N_("**Not found here, or several times:**")), *limited(self.desk, lines, MAPPED)])

    def _here(self, number: int) -> str:
        found = self.plan.mapped.ids[number]
        return f"<@&{found}>" if self.waiting.file.entities[number].is_role else f"<#{found}>"


def _trouble(desk: Desk, trouble: Trouble) -> str:
    reason = desk.t(trouble.message, **trouble.params)
    where = [desk.t(N_("line {number}"), number=trouble.line)] if trouble.line else []
    key = "".join(char if char.isprintable() and char != "`" else "·" for char in trouble.key)
    where += [f"`{key}`"] if key else []
    if not where:
        return reason
    return desk.t(N_("{field}: {value}"), field=f"- **{', '.join(where)}**", value=reason)


def _changes(desk: Desk, plan: Plan) -> list[list[str]]:
    """The lines of each section, its title first."""
    return [
        [f"### {desk.t(step.section.title)}", *section_differences(desk, step.before, step.after, EVERYTHING)]
        for step in plan.steps
    ]


def _paged(sections: Iterable[list[str]]) -> list[str]:
    """Pages of limited length; a section that goes on has its title again."""
    pages: list[list[str]] = [[]]
    for title, *lines in sections:
        pages[-1].append(title)
        for line in lines:
            if len(pages[-1]) >= LINES or sum(len(one) + 1 for one in pages[-1]) + len(line) > LENGTH:
                if pages[-1][-1] == title:
                    pages[-1].pop()
                pages.append([title])
            pages[-1].append(line)
    return ["\n".join(lines) for lines in pages if lines] or [""]


def _obstacles(desk: Desk, plan: Plan) -> Iterable[str]:
    for obstacle in plan.obstacles:
        yield _obstacle(desk, obstacle.section, obstacle.titles, desk.t(obstacle.message, **obstacle.params))
    for step in plan.steps:
        for reference, refusal in refusals(desk.guild, desk.person, step.before, step.after):
            titles = [reference.field.title, *([reference.sub.title] if reference.sub else [])]
            yield _obstacle(desk, step.section, titles, desk.t(refusal.message, **refusal.params))


def _obstacle(desk: Desk, section: type[Section] | None, titles: Iterable[str], reason: str) -> str:
    where = " › ".join(desk.t(title) for title in ([section.title] if section else []) + list(titles))
    return desk.t(N_("{field}: {value}"), field=f"- **{where}**", value=reason)


def _home(desk: Desk) -> OpenButton:
    return OpenButton.to(OVERVIEW, desk.t(N_("All settings")), emoji=palette.BACK)
