"""What people see of what filters found: the newest hits, a back-test, and the test of a text."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.ui import LayoutView, palette
from bot.ui.text import escaped, shortened
from cogs.conduct.cases.words import moment
from cogs.conduct.filters.model import Hit
from cogs.conduct.screening import buttons, words
from cogs.conduct.screening.findings import HitView
from cogs.conduct.screening.objections import HitsMenu
from cogs.conduct.screening.pages import Part, framed
from cogs.conduct.screening.place import Place
from cogs.conduct.screening.rules import Kept
from cogs.conduct.screening.trying import BackTest


async def hits_page(place: Place, number: int, notice: str | None = None) -> LayoutView:
    """The newest hits of a filter, with the way to each, and the menu that calls one wrong. Raises FilterGone."""
    t, kept = place.t, place.kept(number)
    hits = await place.hits.newest(kept)
    lines = [f"{count}. {_hit_line(place, hit)}" for count, hit in enumerate(hits, 1)]
    title = t(N_("## What “{name}” found"), name=escaped(kept.name))
    kept_for = t(N_("Who, where and when is kept for 30 days, 180 where a case came of it; never what was written."))
    parts: list[Part] = [
        ui.TextDisplay(title),
        ui.TextDisplay("\n".join(lines) or t(N_("Nothing yet."))),
        ui.TextDisplay(f"-# {kept_for}"),
    ]
    if hits:
        options = [_hit_option(place, count, hit) for count, hit in enumerate(hits, 1)]
        parts.append(ui.ActionRow(HitsMenu.of(number, options, t(N_("Say that a hit was wrong")))))
    parts.append(ui.ActionRow(buttons.ActButton("open", number, t(N_("Back")))))
    return framed(parts, notice=notice)


def _hit_line(place: Place, hit: HitView) -> str:
    t = place.t
    facts = [moment(hit.at, "R"), f"<@{hit.user_id}>", t(words.WHERES[hit.place]), t(words.OUTCOMES[hit.outcome])]
    if hit.wrong:
        wrong = t(N_("wrong"))
        facts.append(f"**{wrong}**")
    if hit.channel_id is not None:
        facts.append(_link(place, hit.channel_id, hit.message_id))
    return " · ".join(facts)


def _hit_option(place: Place, count: int, hit: HitView) -> discord.SelectOption:
    """Choosing it turns what is said about the hit round."""
    t = place.t
    text = N_("Hit {number} was right after all") if hit.wrong else N_("Hit {number} was wrong")
    return discord.SelectOption(
        label=t(text, number=count),
        value=f"{int(not hit.wrong)}:{hit.source}",
        description=f"{t(words.WHERES[hit.place])} · {t(words.OUTCOMES[hit.outcome])}",
    )


def back_test_page(place: Place, kept: Kept, result: BackTest, *, arming: bool) -> LayoutView:
    """What a filter would have found; ``arming``: somebody wants to arm it, and there is a reason to ask first."""
    t = place.t
    title = t(N_("## Back-test of “{name}”"), name=escaped(kept.name))
    links = [f"- <#{channel}> · {_link(place, channel, message)}" for channel, message in result.newest]
    parts: list[Part] = [ui.TextDisplay("\n".join([title, _share(place, result), *_known(place, result)]))]
    if links:
        heading = t(N_("The newest of them"))
        parts.append(ui.TextDisplay("\n".join([f"**{heading}**", *links])))
    back = buttons.ActButton("open", kept.number, t(N_("Back")))
    if arming:
        parts.append(ui.TextDisplay("\n".join(f"{palette.WARNING} {one}" for one in _questions(place, result))))
        parts.append(ui.ActionRow(buttons.ArmButton(kept.number, kept.revision, t(N_("Arm it all the same"))), back))
    else:
        nothing = t(N_("Messages of the team, of bots and of who has left are not looked at. Nothing was recorded."))
        parts += [ui.TextDisplay(f"-# {nothing}"), ui.ActionRow(back)]
    return framed(parts, colour=palette.ATTENTION if arming else palette.ACCENT)


def _questions(place: Place, result: BackTest) -> list[str]:
    t, asked = place.t, []
    if result.finds_much:
        asked.append(t(N_("That is more than 5%. Is the filter meant to act on so many messages?")))
    if result.wrong_in_shadow:
        text = N_("{n} of its newest hits while it watched were wrong. Is it meant to act all the same?")
        asked.append(t(text, n=result.wrong_in_shadow))
    return asked


def _known(place: Place, result: BackTest) -> list[str]:
    """What people have said or decided about what it would have found."""
    t, said = place.t, []
    if result.wrong:
        said.append(
            t.plural("{n} of these the team called wrong.", "{n} of these the team called wrong.", result.wrong)
        )
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
    if result.undone:
        said.append(
            t.plural(
                "Of {n} message whose decision was undone, it would have found {found}: wrongly.",
                "Of {n} messages whose decisions were undone, it would have found {found}: wrongly.",
                result.undone,
                found=t.number(result.undone_hits),
            )
        )
    return said


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


def _link(place: Place, channel_id: int, message_id: int | None) -> str:
    label = place.t(N_("go there"))
    return f"[{label}]({words.jump(place.guild.id, channel_id, message_id)})"


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
