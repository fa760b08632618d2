"""The list of what waits."""

import discord
from discord import ui

from bot.clock import now
from bot.contracts.inbox import InboxItem
from bot.i18n.marks import N_
from bot.inbox.rules import tally
from bot.ui import LayoutView, palette
from bot.ui.text import shortened
from cogs.administration.inbox import texts
from cogs.administration.inbox.items import GoButton, ShowMenu
from cogs.administration.inbox.office import Kind, Office, Screen, screen
from cogs.administration.inbox.places import ALL, FREE, MINE, OF_KIND, Place, kinds_of, page_of
from cogs.administration.inbox.screens.parts import OPTIONS, line, panel, said


@screen(Kind.LIST)
async def list_screen(office: Office, where: Screen, notice: str | None) -> LayoutView:
    """What waits, five items a page."""
    t, at = office.t, now()
    items = await office.open_items()
    chosen = [item for item in items if where.place.holds(item, office.person.id)]
    page, here, pages = page_of(chosen, where.place)
    figures = tally(items, at)
    names = await office.names([person for item in page for person in (item.subject, item.holder)])
    parts = said(notice)
    title = t(N_("Inbox"))
    parts.append(ui.TextDisplay(f"## {title}\n{texts.figures(t, figures)}"))
    if items:
        parts.append(ui.ActionRow(_show_menu(office, items, here)))
        parts.append(line())
    for item in page:
        button = GoButton(Screen(Kind.ITEM, item.id, here), t(N_("Open")))
        parts.append(ui.Section(ui.TextDisplay(_entry(office, item, names)), accessory=button))
    if items and not page:
        parts.append(ui.TextDisplay(t(N_("Nothing of this kind waits."))))
    parts += [line(), ui.ActionRow(*_turning(office, here, pages))]
    colour = palette.ATTENTION if figures.urgent else palette.ACCENT if figures.open else palette.GOOD
    return panel(*parts, colour=colour)


def _entry(office: Office, item: InboxItem, names: texts.Names) -> str:
    t = office.t
    mark = texts.mark(item, now())
    held = texts.taken(t, item, names, office.person.id)
    return f"{mark}**{texts.title(t, item, names)}**\n-# {texts.waits(t, item)} · {held}"


def _show_menu(office: Office, items: list[InboxItem], here: Place) -> ShowMenu:
    t, me = office.t, office.person.id
    counted = [
        (label, which, sum(Place(which).holds(i, me) for i in items)) for label, which in _choices(office, items)
    ]
    options = [
        discord.SelectOption(
            label=shortened(t(N_("{what} ({count})"), what=label, count=t.number(count)), 100),
            value=which,
            default=which == here.which,
        )
        for label, which, count in counted
    ]
    return ShowMenu(ui.Select(options=options[:OPTIONS], placeholder=t(N_("What to look at"))))


def _choices(office: Office, items: list[InboxItem]) -> list[tuple[str, str]]:
    t = office.t
    kinds = {name: found[0].kind.label for name, found in kinds_of(items).items()}
    return [
        (t(N_("Everything")), ALL),
        (t(N_("What nobody takes care of")), FREE),
        (t(N_("What I take care of")), MINE),
        *((t(label), OF_KIND + name) for name, label in kinds.items()),
    ]


def _turning(office: Office, here: Place, pages: int) -> list[GoButton]:
    t, buttons = office.t, []
    if here.page > 0:
        buttons.append(GoButton(Screen(Kind.LIST, place=here.at(here.page - 1)), t(N_("Previous"))))
    if here.page + 1 < pages:
        buttons.append(GoButton(Screen(Kind.LIST, place=here.at(here.page + 1)), t(N_("Next"))))
    buttons.append(GoButton(Screen(Kind.LIST, place=here), t(N_("Refresh"))))
    if office.kinds is None:
        buttons.append(GoButton(Screen(Kind.ME), t(N_("My availability"))))
    return buttons
