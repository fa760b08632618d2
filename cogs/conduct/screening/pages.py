"""What people see of the filters: the list, one filter, what it found, and what a trial found."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.ui import LayoutView, palette
from bot.ui.text import escaped, shortened
from cogs.conduct.cases.words import moment, row
from cogs.conduct.filters.lists import LANGUAGES
from cogs.conduct.filters.model import FilterKind, Hit
from cogs.conduct.screening import buttons, menus, words
from cogs.conduct.screening.native_rules import Why
from cogs.conduct.screening.place import Place
from cogs.conduct.screening.rules import FILTERS, LISTED, Doing, Kept, Outcome, Watch
from cogs.conduct.screening.settings import FilterSettings
from cogs.conduct.screening.standing import obstacles
from cogs.conduct.screening.trying import BackTest
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
    outcomes = await place.hits.by_outcome(kept)
    title = f"## {kept.number}. {escaped(kept.name)}"
    parts: list[Part] = [ui.TextDisplay("\n".join([title, *_facts(place, kept), *_found(place, outcomes)]))]
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


async def hits_page(place: Place, number: int) -> LayoutView:
    """The newest hits of a filter, with the way to each. Raises FilterGone."""
    t, kept = place.t, place.kept(number)
    lines = []
    for hit in await place.hits.newest(kept):
        facts = [moment(hit.at, "R"), f"<@{hit.user_id}>", t(words.WHERES[hit.place]), t(words.OUTCOMES[hit.outcome])]
        if hit.channel_id is not None:
            facts.append(_link(place, hit.channel_id, hit.message_id))
        lines.append("- " + " · ".join(facts))
    title = t(N_("## What “{name}” found"), name=escaped(kept.name))
    kept_for = t(N_("Who, where and when is kept for 30 days, 180 where a case came of it; never what was written."))
    parts: list[Part] = [
        ui.TextDisplay(title),
        ui.TextDisplay("\n".join(lines) or t(N_("Nothing yet."))),
        ui.TextDisplay(f"-# {kept_for}"),
        ui.ActionRow(buttons.ActButton("open", number, t(N_("Back")))),
    ]
    return framed(parts)


def back_test_page(place: Place, kept: Kept, result: BackTest, *, arming: bool) -> LayoutView:
    """What a filter would have found; ``arming``: somebody wants to arm it, and it would find much."""
    t = place.t
    title = t(N_("## Back-test of “{name}”"), name=escaped(kept.name))
    said = [_share(place, result)]
    if result.guesses:
        said.append(
            t.plural(
                "{n} more is a guess: the team would look at it.",
                "{n} more are guesses: the team would look at them.",
                result.guesses,
            )
        )
    if result.decisions:
        said.append(
            t.plural(
                "Of {n} message kept with a decision of the team, it would have found {found}.",
                "Of {n} messages kept with decisions of the team, it would have found {found}.",
                result.decisions,
                found=t.number(result.decision_hits),
            )
        )
    links = [f"- <#{channel}> · {_link(place, channel, message)}" for channel, message in result.newest]
    parts: list[Part] = [ui.TextDisplay("\n".join([title, *said]))]
    if links:
        heading = t(N_("The newest of them"))
        parts.append(ui.TextDisplay("\n".join([f"**{heading}**", *links])))
    back = buttons.ActButton("open", kept.number, t(N_("Back")))
    if arming:
        question = t(N_("That is more than 5%. Is the filter meant to act on so many messages?"))
        parts.append(ui.TextDisplay(f"{palette.WARNING} {question}"))
        parts.append(ui.ActionRow(buttons.ArmButton(kept.number, kept.revision, t(N_("Arm it all the same"))), back))
    else:
        nothing = t(N_("Messages of the team, of bots and of who has left are not looked at. Nothing was recorded."))
        parts += [ui.TextDisplay(f"-# {nothing}"), ui.ActionRow(back)]
    return framed(parts, colour=palette.ATTENTION if arming else palette.ACCENT)


def text_page(place: Place, found: Sequence[tuple[Kept, Hit]]) -> LayoutView:
    """What the filters find in a text that was tried."""
    t = place.t
    lines = []
    for kept, hit in found[:20]:
        facts = [f"**{kept.number}. {escaped(kept.name)}**", f"`{shortened(hit.what, 80).replace('`', 'ˋ')}`"]
        facts.append(t(words.WATCHES[kept.watch]))
        if hit.review:
            facts.append(t(N_("a guess: never acted on")))
        lines.append("- " + " · ".join(facts))
    tried = t(
        N_(
            "Every filter was tried, those that are off too. Mentions and floods are no matter of a text. "
            "Nothing was recorded."
        )
    )
    parts: list[Part] = [
        ui.TextDisplay(t(N_("## Test of a text"))),
        ui.TextDisplay("\n".join(lines) or t(N_("No filter finds anything in it."))),
        ui.TextDisplay(f"-# {tried}"),
        ui.ActionRow(buttons.TryButton(t(N_("Test another text"))), buttons.FiltersButton(t(N_("All filters")))),
    ]
    return framed(parts)


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


def _link(place: Place, channel_id: int, message_id: int | None) -> str:
    label = place.t(N_("go there"))
    return f"[{label}]({words.jump(place.guild.id, channel_id, message_id)})"


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


def _found(place: Place, outcomes: dict[Outcome, int]) -> list[str]:
    t = place.t
    counted = [f"{t(words.OUTCOMES[outcome])} {t.number(count)}" for outcome, count in sorted(outcomes.items())]
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


def _share(place: Place, result: BackTest) -> str:
    t = place.t
    if not result.looked_at:
        return t(N_("There is no message to look at yet."))
    return t(
        N_("Of the last {all} messages it would have found {found} ({share})."),
        all=t.number(result.looked_at),
        found=t.number(result.hits),
        share=t.percent(result.hits / result.looked_at),
    )


def _colour(kept: Kept) -> discord.Colour:
    if kept.watch is Watch.ARMED:
        return palette.ATTENTION if kept.doing is not Doing.REPORT else palette.ACCENT
    return palette.ACCENT if kept.watch is Watch.SHADOW else palette.QUIET
