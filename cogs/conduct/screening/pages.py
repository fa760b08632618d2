"""What people see of the filters: the list, and one filter with everything that can be decided about it."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.ui import LayoutView, palette
from bot.ui.text import escaped, shortened
from cogs.conduct.cases.words import row
from cogs.conduct.filters.lists import LANGUAGES
from cogs.conduct.filters.model import FilterKind
from cogs.conduct.screening import buttons, menus, words
from cogs.conduct.screening.native_rules import Why
from cogs.conduct.screening.place import Place
from cogs.conduct.screening.rules import FILTERS, LISTED, Doing, Kept, Outcome, Watch
from cogs.conduct.screening.settings import FilterSettings
from cogs.conduct.screening.standing import obstacles
from cogs.conduct.settings import ConductSettings

Part = ui.Item[Any]
SHOWN = 600
"""Characters of the entries on a page."""
PRIMARY, DANGER, SECONDARY = discord.ButtonStyle.primary, discord.ButtonStyle.danger, discord.ButtonStyle.secondary


def framed(parts: Sequence[Part], *, notice: str | None = None, colour: discord.Colour = palette.ACCENT) -> LayoutView:
    """The parts in one box, below what there is to say first."""
    said: list[Part] = [ui.TextDisplay(notice), ui.Separator()] if notice else []
    view = LayoutView()
    view.add_item(ui.Container(*said, *parts, accent_colour=colour))
    return view


async def list_page(place: Place, notice: str | None = None) -> LayoutView:
    """Every filter of the server on two lines."""
    t, kept = place.t, place.filters.of(place.guild.id)
    counts = await place.hits.counts(place.guild.id)
    parts: list[Part] = [ui.TextDisplay("\n".join([t(N_("## Filters")), *_standing(place)])), ui.Separator()]
    lines = [words.line(t, one, counts.get(one.id, 0), native=_is_native(place, one)) for one in kept]
    nothing = t(N_("There is no filter yet. A new one only watches, until you arm it."))
    parts.append(ui.TextDisplay("\n".join(lines) or nothing))
    if kept:
        options = [
            discord.SelectOption(
                label=shortened(f"{one.number}. {one.name}", 100),
                value=str(one.number),
                description=shortened(f"{t(words.KINDS[one.kind])} · {t(words.WATCHES[one.watch])}", 100),
            )
            for one in kept
        ]
        parts.append(ui.ActionRow(menus.OpenMenu.of(options, t(N_("Choose a filter")))))
    full = len(kept) >= FILTERS
    parts.append(
        ui.ActionRow(
            buttons.AddButton(t(N_("Add a filter")), disabled=full),
            buttons.TryButton(t(N_("Test a text")), disabled=not kept),
        )
    )
    return framed(parts, notice=notice)


async def filter_page(place: Place, number: int, notice: str | None = None) -> LayoutView:
    """One filter, and everything that can be decided about it. Raises FilterGone."""
    t, kept = place.t, place.kept(number)
    outcomes, wrong = await place.hits.by_outcome(kept), await place.judging.wrong(kept)
    title = f"## {kept.number}. {escaped(kept.name)}"
    parts: list[Part] = [ui.TextDisplay("\n".join([title, *_facts(place, kept), *_found(place, outcomes, wrong)]))]
    parts += [ui.TextDisplay(_entries(place, kept))]
    problems = [f"{palette.WARNING} {one}" for one in obstacles(place.guild, t, kept)]
    if problems:
        parts.append(ui.TextDisplay("\n".join(problems)))
    parts += [
        ui.ActionRow(menus.WatchMenu.of(place, kept)),
        ui.ActionRow(menus.DoingMenu.of(place, kept)),
        ui.ActionRow(menus.ArticleMenu.of(place, kept)),
        ui.ActionRow(menus.RolesMenu.of(place, kept)),
        ui.ActionRow(menus.ChannelsMenu.of(place, kept)),
    ]
    act = buttons.ActButton
    first: list[Part] = [act("edit", number, t(N_("Entries")))] if kept.kind in LISTED else []
    first.append(act("name", number, t(N_("Name and details"))))
    if kept.kind is FilterKind.WORDS:
        first += [_list_button(place, kept, language) for language in LANGUAGES]
        placed = place.native.standing(place.guild, kept)
        if placed is not None and placed.why is Why.REMOVED:
            first.append(act("native", number, t(N_("Back into AutoMod"))))
    more: list[Part] = [
        act("backtest", number, t(N_("Back-test")), PRIMARY),
        act("hits", number, t(N_("What it found"))),
        act("drop", number, t(N_("Remove")), DANGER),
        buttons.FiltersButton(t(N_("All filters"))),
    ]
    parts += [ui.ActionRow(*first), ui.ActionRow(*more)]
    return framed(parts, notice=notice, colour=_colour(kept))


def drop_page(place: Place, number: int) -> LayoutView:
    """The question before a filter is removed. Raises FilterGone."""
    t, kept = place.t, place.kept(number)
    text = t(N_("Its entries and its hits go; cases stay. To keep it for later, switch it off instead."))
    parts: list[Part] = [
        ui.TextDisplay(t(N_("## Remove “{name}”?"), name=escaped(kept.name)) + f"\n{text}"),
        ui.ActionRow(
            buttons.ActButton("gone", number, t(N_("Remove")), DANGER),
            buttons.ActButton("open", number, t(N_("Keep it"))),
        ),
    ]
    return framed(parts, colour=palette.ATTENTION)


def _standing(place: Place) -> list[str]:
    """Why nothing may be looked at, or how it is."""
    t, settings = place.t, place.bot.guild_settings
    if not place.screens.reads_content:
        return [
            f"{palette.WARNING} "
            + t(N_("I cannot read messages here: whoever runs me went without Message Content. Own filters stay off."))
        ]
    if not settings.get(place.guild.id, ConductSettings).enabled:
        return [f"{palette.WARNING} " + t(N_("Moderation is off in the settings, so nothing is looked at."))]
    if not settings.get(place.guild.id, FilterSettings).enabled:
        return [f"{palette.WARNING} " + t(N_("Filters are off in the settings, so nothing is looked at."))]
    return [t(N_("The team, the owner, bots, and whoever has power over others are left alone."))]


def _facts(place: Place, kept: Kept) -> list[str]:
    t = place.t
    facts = [f"{t(words.KINDS[kept.kind])} · **{t(words.WATCHES[kept.watch])}**"]
    facts.append(row(t, t(N_("When armed")), words.doing(t, kept)))
    if kept.kind is FilterKind.WORDS:
        facts.append(row(t, t(N_("Discord’s AutoMod")), words.native(t, place.native.standing(place.guild, kept))))
    if kept.kind is FilterKind.MENTIONS:
        facts.append(row(t, t(N_("More mentions than")), t.number(kept.most_mentions)))
    return facts


def _is_native(place: Place, kept: Kept) -> bool:
    placed = place.native.standing(place.guild, kept)
    return placed is not None and placed.why is None


def _found(place: Place, outcomes: dict[Outcome, int], wrong: int) -> list[str]:
    t = place.t
    counted = [f"{t(words.OUTCOMES[outcome])} {t.number(count)}" for outcome, count in sorted(outcomes.items())]
    if wrong:
        counted.append(t.plural("{n} of them wrong", "{n} of them wrong", wrong))
    return [row(t, t(N_("Found in 30 days")), ", ".join(counted) or t(N_("nothing")))]


def _entries(place: Place, kept: Kept) -> str:
    t = place.t
    about = f"-# {t(words.ABOUT[kept.kind])}"
    if kept.kind not in LISTED:
        return about
    shown = shortened(", ".join(f"`{one.replace('`', 'ˋ')}`" for one in kept.entries), SHOWN) if kept.entries else ""
    count = t.plural("{n} entry", "{n} entries", len(kept.entries))
    lists = [t(words.LISTS[language]) for language in kept.shipped if language in words.LISTS]
    heading = " · ".join([f"**{count}**", *lists])
    return "\n".join(part for part in (heading, f"||{shown}||" if shown else "", about) if part)


def _list_button(place: Place, kept: Kept, language: str) -> "buttons.ListButton":
    on = language in kept.shipped
    return buttons.ListButton(language, kept.number, place.t(words.LISTS[language]), on=not on)


def _colour(kept: Kept) -> discord.Colour:
    if kept.watch is Watch.ARMED:
        return palette.ATTENTION if kept.doing is not Doing.REPORT else palette.ACCENT
    return palette.ACCENT if kept.watch is Watch.SHADOW else palette.QUIET
