"""What the message in the staff channel says: figures, and what has waited longest."""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import discord
from discord import ui

from bot.contracts.inbox import InboxItem
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.inbox.rules import tally
from bot.ui import LayoutView, palette
from cogs.administration.inbox import texts
from cogs.administration.inbox.items import OpenInboxButton
from cogs.administration.inbox.places import kinds_of

LISTED = 8
"""Items shown; the rest is a number and the button."""
KINDS = 6
LENGTH = 3600
"""Characters of the list; Discord's limit of a whole message is 4,000."""


def notice(
    t: Localizer,
    items: Sequence[InboxItem],
    names: texts.Names,
    hidden: Collection[int],
    *,
    at: datetime,
    number: int,
) -> LayoutView:
    """The message of a server whose open items are these, in order. ``hidden``: the team itself, who reads along."""
    figures = tally(items, at)
    title = t(N_("Inbox of the team"))
    heading = f"## {title}\n{texts.figures(t, figures)}"
    if kinds := kinds_of(items):
        counted = sorted(kinds.values(), key=len, reverse=True)[:KINDS]
        said = [f"{t(found[0].kind.label)} {t.number(len(found))}" for found in counted]
        heading += f"\n-# {' · '.join(said)}"
    parts: list[ui.Item[Any]] = [ui.TextDisplay(heading)]
    if items:
        thin = ui.Separator[Any](spacing=discord.SeparatorSpacing.small)
        parts += [thin, *(ui.TextDisplay[Any](entry) for entry in _list(t, items, names, hidden, at))]
    parts.append(ui.ActionRow(OpenInboxButton(number, t(N_("Open the inbox")))))
    colour = palette.ATTENTION if figures.urgent else palette.ACCENT if figures.open else palette.GOOD
    view = LayoutView()
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view


def _list(
    t: Localizer, items: Sequence[InboxItem], names: texts.Names, hidden: Collection[int], at: datetime
) -> list[str]:
    entries: list[str] = []
    for item in items[:LISTED]:
        entry = _entry(t, item, names, hidden, at)
        if sum(map(len, entries)) + len(entry) > LENGTH:
            break
        entries.append(entry)
    if left := len(items) - len(entries):
        entries.append("-# " + t.plural("and {n} more", "and {n} more", left))
    return entries


def _entry(t: Localizer, item: InboxItem, names: texts.Names, hidden: Collection[int], at: datetime) -> str:
    unseen = hidden if item.kind.personal else ()
    title = texts.title(t, item, names, unseen)
    said = [texts.waits(t, item)]
    if item.holder is not None:
        said.append(texts.taken(t, item, names))
    if item.link is not None and item.subject not in unseen:
        there = t(N_("go there"))
        said.append(f"[{there}]({texts.address(item)})")
    return f"{texts.mark(item, at)}**{title}**\n-# {' · '.join(said)}"


def fingerprint(view: LayoutView) -> str:
    """Two messages that show the same have the same one."""
    components = view.to_components()  # type: ignore[no-untyped-call]
    return hashlib.sha256(json.dumps(components, sort_keys=True).encode()).hexdigest()[:32]
