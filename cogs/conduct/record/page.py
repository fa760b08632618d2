"""The timeline of a member as the team reads it, and what it opens."""

import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.ui import LayoutView, boxed, divider, palette, reply
from bot.ui.text import shortened
from cogs.conduct.appeals.room import appeal_view, require_team
from cogs.conduct.appeals.service import Appeals
from cogs.conduct.cases import card as cards
from cogs.conduct.cases import words
from cogs.conduct.cases.reading import CaseView
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.undoing import shown as case_view
from cogs.conduct.record.buttons import NoteButton, OpenMenu, TurnButton
from cogs.conduct.record.rules import PER_PAGE, What, pages
from cogs.conduct.record.service import AppealEntry, Entry, Records, Timeline
from cogs.conduct.record.words import force_line, line, points_line, title
from cogs.conduct.reports.open_pages import show
from cogs.conduct.reports.page import read

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

log = logging.getLogger(__name__)


async def record_view(bench: Bench, user_id: int, page: int = 0, notice: str | None = None) -> LayoutView:
    """That page of the record as it is now; the last one for a page beyond it."""
    log.info("the record of %s in server %s was read by %s", user_id, bench.guild.id, bench.actor.id)
    found = await bench.bot.service(Records).timeline(bench.guild.id, user_id, bench.actor.id, page)
    people = {user_id, *(_decider(entry) for entry in found.entries)}
    names = await cards.names_of_absent(bench.bot, bench.guild.id, people)
    parts: list[ui.Item[Any]] = [ui.TextDisplay(notice), divider()] if notice else []
    parts.append(ui.TextDisplay(_heading(bench, user_id, found, names)))
    if found.entries:
        lines = "\n\n".join(line(bench.t, entry, names) for entry in found.entries)
        parts += [divider(), ui.TextDisplay(lines), ui.ActionRow(OpenMenu(_menu(bench, found)))]
    if buttons := _buttons(bench, user_id, found):
        parts.append(ui.ActionRow(*buttons))
    return boxed(parts, palette.BAD if found.in_force else palette.ACCENT)


async def open_entry(interaction: "Interaction", what: What, number: int) -> None:
    """Answer with the case, report or appeal. Raises a UserError for one that is gone, or that concerns the reader."""
    bench = Bench.of(interaction)
    if what is What.CASE:
        view = await case_view(bench, await bench.cases.read.case(bench.guild.id, number))
    elif what is What.REPORT:
        await show(interaction, await read(interaction, number))
        return
    else:
        appeal = await bench.bot.service(Appeals).read.get(number)
        view = await appeal_view(bench.bot, require_team(interaction, appeal), bench.t, appeal)
    await reply(interaction, view=view)


def _heading(bench: Bench, user_id: int, found: Timeline, names: words.Names) -> str:
    t = bench.t
    who = t(N_("Record of {member}"), member=words.person(t, user_id, names))
    count = t.plural("{n} entry", "{n} entries", found.total) if found.total else t(N_("Nothing is recorded."))
    said = [count]
    if bench.guild.get_member(user_id) is None:
        said.append(t(N_("not in this server at present")))
    if user_id == bench.actor.id:
        said.append(t(N_("reports about yourself are not shown to you")))
    if (last := pages(found.total, PER_PAGE)) > 1:
        said.append(t(N_("page {page} of {pages}"), page=found.page + 1, pages=last))
    lines = [f"### {who}", "-# " + " · ".join(said), points_line(t, found.points)]
    return "\n".join([*lines, *(force_line(t, one) for one in found.in_force)])


def _menu(bench: Bench, found: Timeline) -> "ui.Select[Any]":
    options = [
        discord.SelectOption(label=shortened(title(bench.t, entry), 100), value=_value(entry))
        for entry in found.entries
    ]
    return ui.Select(options=options, placeholder=bench.t(N_("Open an entry")))


def _value(entry: Entry) -> str:
    if isinstance(entry, CaseView):
        return f"{What.CASE}:{entry.number}"
    return f"{What.APPEAL if isinstance(entry, AppealEntry) else What.REPORT}:{entry.id}"


def _buttons(bench: Bench, user_id: int, found: Timeline) -> list[ui.Item[Any]]:
    t = bench.t
    buttons: list[ui.Item[Any]] = []
    if user_id != bench.actor.id:
        buttons.append(NoteButton(user_id, t(N_("Add a note"))))
    if found.page > 0:
        buttons.append(TurnButton(user_id, found.page - 1, t(N_("Newer"))))
    if found.page + 1 < pages(found.total, PER_PAGE):
        buttons.append(TurnButton(user_id, found.page + 1, t(N_("Older"))))
    return buttons


def _decider(entry: Entry) -> int | None:
    if isinstance(entry, CaseView):
        return entry.moderator_id
    return entry.decided_by if isinstance(entry, AppealEntry) else None
