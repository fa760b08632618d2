"""What a moderator reads before and after a cleaning, and the post in the moderation log."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView, palette
from bot.ui.text import escaped, shortened
from cogs.conduct.cleaning.buttons import AuthorsButton, CleanButton
from cogs.conduct.cleaning.rules import Picked
from cogs.conduct.cleaning.service import CleaningView
from cogs.conduct.cleaning.sweeping import Preview

NAMED = 10
LINE = 60
Parts = list[ui.Item[Any]]


def preview(t: Localizer, cleaning_id: int, found: Preview) -> LayoutView:
    """How many, by whom, their first lines, what is spared, and the button that deletes exactly these."""
    count = len(found.picked.messages)
    title = t.plural("Delete {n} message?", "Delete {n} messages?", count)
    lines = [t(N_("By {people}."), people=people(t, found.picked.authors, found.names))]
    lines += [f"> {_name(one.author.display_name)}: {_first_line(t, one)}" for one in found.samples]
    if count > len(found.samples):
        lines.append("> …")
    parts: Parts = [ui.TextDisplay(f"### {title}"), ui.TextDisplay("\n".join(lines))]
    if said := _spared(t, found.picked):
        parts.append(ui.TextDisplay("\n".join(f"-# {line}" for line in said)))
    parts.append(ui.TextDisplay("-# " + t(N_("They are gone for good. This preview can be confirmed for an hour."))))
    label = t.plural("Delete {n} message", "Delete {n} messages", count)
    parts.append(ui.ActionRow(CleanButton(cleaning_id, label)))
    return _framed(parts, palette.ATTENTION)


def deleted(t: Localizer, cleaning: CleaningView, spared: int = 0) -> LayoutView:
    """What the moderator reads once it is done; a second click reads the same."""
    text = t.plural("{n} message was deleted.", "{n} messages were deleted.", cleaning.deleted)
    lines = [f"{palette.DONE} {text}"]
    if spared:
        line = t.plural(
            "{n} was spared: its author’s rank is not below yours any more.",
            "{n} were spared: their authors’ ranks are not below yours any more.",
            spared,
        )
        lines.append(f"-# {line}")
    return _framed([ui.TextDisplay("\n".join(lines))], palette.GOOD)


def log_post(t: Localizer, cleaning: CleaningView, by: str, authors: Mapping[int, int]) -> LayoutView:
    """The post in the moderation log: who, where, how many, and of how many people."""
    text = t.plural(
        "**{name}** deleted {n} message in {place}.",
        "**{name}** deleted {n} messages in {place}.",
        cleaning.deleted,
        name=_name(by),
        place=f"<#{cleaning.channel_id}>",
    )
    whose = t.plural("They were written by {n} person.", "They were written by {n} people.", len(authors))
    when = f"<t:{int((cleaning.done_at or cleaning.made_at).timestamp())}:f>"
    parts: Parts = [ui.TextDisplay("### " + t(N_("Messages deleted"))), ui.TextDisplay(f"{text} {whose}\n-# {when}")]
    parts.append(ui.ActionRow(AuthorsButton(cleaning.id, t(N_("Whose messages")))))
    return _framed(parts, palette.QUIET)


def whose(t: Localizer, authors: Mapping[int, int], names: Mapping[int, str]) -> LayoutView:
    """How many messages of whom."""
    said = people(t, authors, names) if authors else t(N_("Nobody is named any more."))
    return _framed([ui.TextDisplay("### " + t(N_("Whose messages"))), ui.TextDisplay(said)], palette.QUIET)


def people(t: Localizer, authors: Mapping[int, int], names: Mapping[int, str]) -> str:
    """Names with numbers, the most first; the last of many as a number."""
    shown = [f"**{_name(names.get(one, '?'))}** ({t.number(n)})" for one, n in list(authors.items())[:NAMED]]
    left = len(authors) - NAMED
    if left > 0:
        shown.append(t.plural("{n} other", "{n} others", left))
    return t.enumeration(shown)


def _spared(t: Localizer, picked: Picked) -> list[str]:
    lines = []
    if picked.pinned:
        lines.append(t.plural("{n} pinned message is spared.", "{n} pinned messages are spared.", picked.pinned))
    if picked.seniors:
        line = t.plural(
            "{n} message is spared: its author’s rank is not below yours.",
            "{n} messages are spared: their authors’ ranks are not below yours.",
            picked.seniors,
        )
        lines.append(line)
    if picked.old:
        line = t.plural(
            "{n} message stays: Discord deletes none older than 14 days in bulk.",
            "{n} messages stay: Discord deletes none older than 14 days in bulk.",
            picked.old,
        )
        lines.append(line)
    return lines


def _first_line(t: Localizer, message: discord.Message) -> str:
    text = next((line for line in message.content.splitlines() if line.strip()), "")
    if not text:
        return "*" + t(N_("no text")) + "*"
    return escaped(shortened(text.strip(), LINE))


def _name(name: str) -> str:
    return escaped(shortened(name, 40))


def _framed(parts: Parts, colour: discord.Colour) -> LayoutView:
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view
