"""`/case list`: cases of a server, filtered, in pages; what is filtered by travels in the custom_ids."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.contracts.cases import SANCTIONS, CaseKind
from bot.i18n.marks import N_
from bot.ui import LayoutView, PersistentItem, palette, reply, update
from bot.ui.text import shortened
from cogs.conduct.access import MODERATE
from cogs.conduct.cases import card as cards
from cogs.conduct.cases import words
from cogs.conduct.cases.models import Notice
from cogs.conduct.cases.reading import PER_PAGE, CaseView
from cogs.conduct.cases.rules import State
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.deciding.undoing import shown

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

KIND = "|".join(kind.value for kind in CaseKind)
WHERE = rf"(?P<page>\d{{1,6}}):(?P<user>\d{{0,20}}):(?P<by>\d{{0,20}}):(?P<article>\d{{0,3}}):(?P<kind>(?:{KIND})?)"


@dataclass(frozen=True, slots=True)
class Where:
    """A page of the list (from 0) and what it is filtered by."""

    page: int = 0
    user_id: int | None = None
    moderator_id: int | None = None
    article: int | None = None
    kind: CaseKind | None = None

    def __str__(self) -> str:
        parts = (self.user_id, self.moderator_id, self.article, self.kind and self.kind.value)
        return ":".join([str(self.page), *("" if part is None else str(part) for part in parts)])

    @classmethod
    def parse(cls, match: re.Match[str]) -> Self:
        """What ``str`` wrote, as ``WHERE`` matched it."""
        user, by, article = (int(match[name]) if match[name] else None for name in ("user", "by", "article"))
        return cls(int(match["page"]), user, by, article, CaseKind(match["kind"]) if match["kind"] else None)


async def listed(bench: Bench, where: Where) -> LayoutView:
    """That page as it is now; the last one for a page beyond it."""
    filters = {"user_id": where.user_id, "moderator_id": where.moderator_id, "article": where.article}
    found, total = await bench.cases.read.page(bench.guild.id, where.page, **filters, kind=where.kind)
    pages = max(1, -(-total // PER_PAGE))
    if where.page >= pages:
        return await listed(bench, replace(where, page=pages - 1))
    t = bench.t
    people = [one for case in found for one in (case.user_id, case.moderator_id)]
    names = await cards.names_of_absent(bench.bot, bench.guild.id, [*people, where.user_id, where.moderator_id])
    count = t.plural("{n} case", "{n} cases", total) if total else t(N_("No case fits"))
    named = _filters(bench, where, names)
    if pages > 1:
        named.append(t(N_("page {page} of {pages}"), page=where.page + 1, pages=pages))
    title, said = t(N_("Cases")), " · ".join([count, *named])
    parts: list[ui.Item[Any]] = [ui.TextDisplay(f"### {title}\n-# {said}")]
    if found:
        parts.append(ui.TextDisplay("\n".join(_entry(bench, case, names) for case in found)))
        parts.append(ui.ActionRow(OpenMenu(_menu(bench, found))))
    if pages > 1:
        turns: list[ui.Item[Any]] = []
        if where.page > 0:
            turns.append(TurnButton(replace(where, page=where.page - 1), t(N_("Previous"))))
        if where.page + 1 < pages:
            turns.append(TurnButton(replace(where, page=where.page + 1), t(N_("Next"))))
        parts.append(ui.ActionRow(*turns))
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=palette.ACCENT))
    return view


def _filters(bench: Bench, where: Where, names: words.Names) -> list[str]:
    t, said = bench.t, []
    if where.user_id is not None:
        said.append(t(N_("about {who}"), who=words.person(t, where.user_id, names)))
    if where.moderator_id is not None:
        said.append(t(N_("by {who}"), who=words.person(t, where.moderator_id, names)))
    if where.article is not None:
        said.append(t(N_("article {number}"), number=where.article))
    if where.kind is not None:
        said.append(t(words.KINDS[where.kind]))
    return said


def _entry(bench: Bench, case: CaseView, names: words.Names) -> str:
    t = bench.t
    step = words.sanction(t, case.kind, words.length_of(case))
    who, by = words.person(t, case.user_id, names), words.decided_by(t, case, names)
    said = [words.moment(case.created_at, "R"), by]
    if case.article is not None:
        said.append(t(N_("article {number}"), number=case.article))
    if case.lifted_at is not None:
        said.append(t(N_("lifted early")))
    elif case.state is not State.ACTIVE:
        said.append(t(words.STATES[case.state]))
    if case.kind in SANCTIONS and case.notice is Notice.UNDELIVERED:
        said.append(t(N_("not notified")))
    return f"**{case.number}** · {step} · {who}\n-# {' · '.join(said)}"


def _menu(bench: Bench, found: Sequence[CaseView]) -> "ui.Select[Any]":
    t = bench.t
    options = [discord.SelectOption(label=shortened(words.title(t, one), 100), value=str(one.number)) for one in found]
    return ui.Select(options=options, placeholder=t(N_("Open a case")))


class TurnButton(PersistentItem[ui.Button[Any]], template=rf"deciding:list:{WHERE}"):
    """Turns to another page."""

    access: ClassVar = MODERATE

    def __init__(self, where: Where, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"deciding:list:{where}"))
        self.where = where

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Where.parse(match))

    async def run(self, interaction: "Interaction") -> None:
        await update(interaction, view=await listed(Bench.of(interaction), self.where))


class OpenMenu(PersistentItem[ui.Select[Any]], template=r"deciding:open"):
    """Opens the case that is chosen, beside the list."""

    access: ClassVar = MODERATE

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "deciding:open"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        bench = Bench.of(interaction)
        case = await bench.cases.read.case(bench.guild.id, int(self.item.values[0]))
        await reply(interaction, view=await shown(bench, case))
