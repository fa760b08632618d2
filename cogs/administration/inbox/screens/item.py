"""One item, and the question before it is marked as done."""

from typing import Any

import discord
from discord import ui

from bot.clock import now
from bot.contracts.inbox import InboxItem
from bot.i18n.marks import N_
from bot.inbox.refusals import moment
from bot.inbox.rules import Presence
from bot.permissions.team import team
from bot.ui import LayoutView, palette
from bot.ui.text import shortened
from cogs.administration.inbox import texts
from cogs.administration.inbox.items import ActButton, GoButton, PersonMenu, TeamMenu
from cogs.administration.inbox.office import Kind, Office, Screen, screen
from cogs.administration.inbox.places import Place
from cogs.administration.inbox.screens.parts import OPTIONS, Parts, line, panel, said


@screen(Kind.ITEM)
async def item_screen(office: Office, where: Screen, notice: str | None) -> LayoutView:
    """One item, with what this person can do about it. Raises ItemGone or ConcernsYou."""
    t = office.t
    item = await office.item(where.item)
    history = await office.inbox.history(item)
    people = [item.subject, item.holder, item.settled_by]
    people += [person for done in history for person in (done.actor, done.target)]
    names = await office.names(people)
    parts = [*said(notice), ui.TextDisplay(_about(office, item, names))]
    if item.settled_at is None:
        parts += _controls(office, item, where.place)
    parts += [line(), ui.TextDisplay(_past(office, item, history, names))]
    parts.append(ui.ActionRow(GoButton(Screen(Kind.LIST, place=where.place), t(N_("Back")), emoji=palette.BACK)))
    colour = palette.GOOD if item.settled_at else palette.ATTENTION if item.is_urgent(now()) else palette.ACCENT
    return panel(*parts, colour=colour)


def _about(office: Office, item: InboxItem, names: texts.Names) -> str:
    t = office.t
    lines = [f"## {texts.title(t, item, names)}"]
    if item.settled_at is not None:
        settled = t(N_("Settled {when}."), when=moment(item.settled_at))
        lines.append(f"{palette.DONE} {settled}")
        return "\n".join(lines)
    lines.append(t(item.kind.hint))
    if item.is_urgent(now()) and item.urgent_at:
        urgent = t(N_("Urgent since {when}."), when=moment(item.urgent_at, "f"))
        lines.append(f"{palette.WARNING} {urgent}")
    held = texts.held(t, item, names, office.person.id)
    lines.append(f"-# {texts.waits(t, item)} · {held}")
    return "\n".join(lines)


def _controls(office: Office, item: InboxItem, place: Place) -> Parts:
    t, free, mine = office.t, item.holder is None, item.holder == office.person.id
    buttons: list[ui.Item[Any]] = []
    if free or mine:
        style = discord.ButtonStyle.primary if free else discord.ButtonStyle.secondary
        label = t(N_("Claim")) if free else t(N_("Claim for longer"))
        buttons.append(ActButton("claim", item.id, place, label, style))
    if mine or (office.manages and not free):
        buttons.append(ActButton("release", item.id, place, t(N_("Give back")) if mine else t(N_("Take back"))))
    if item.kind.by_hand and (free or mine):
        buttons.append(_done_button(office, item, place))
    if item.link is not None:
        buttons.append(ui.Button(label=t(N_("Go there")), url=texts.address(item)))
    actions = [action(item, t) for action in office.inbox.kinds.actions(item.kind)]
    rows: Parts = [ui.ActionRow(*made)] if (made := [one for one in actions if one is not None]) else []
    rows += [ui.ActionRow(*buttons)] if buttons else []
    if free or mine or office.manages:
        rows += _hand_over(office, item, place)
    return rows


def _done_button(office: Office, item: InboxItem, place: Place) -> ui.Item[Any]:
    label = office.t(N_("Done"))
    if item.kind.confirm is not None:
        return GoButton(Screen(Kind.CONFIRM, item.id, place), label, discord.ButtonStyle.success)
    return ActButton("settle", item.id, place, label, discord.ButtonStyle.success)


def _hand_over(office: Office, item: InboxItem, place: Place) -> Parts:
    """A menu of those who can take the item on; for a large team, of everybody."""
    t, at, inbox = office.t, now(), office.inbox
    here = {member: inbox.people.presence(office.guild.id, member.id, at) for member in team(office.bot, office.guild)}
    can = [
        member
        for member, presence in here.items()
        if presence is not Presence.AWAY and member.id != item.holder and not item.concerns(member.id)
    ]
    others = [member for member in can if member.id != office.person.id or item.holder is not None]
    placeholder = t(N_("Hand over to …"))
    if not others:
        return []
    if len(others) > OPTIONS:
        return [ui.ActionRow(PersonMenu(item.id, place, ui.UserSelect(placeholder=placeholder)))]
    quiet = t(N_("in quiet hours"))
    options = [
        discord.SelectOption(
            label=shortened(member.display_name, 100),
            value=str(member.id),
            description=quiet if here[member] is Presence.QUIET else None,
        )
        for member in others
    ]
    return [ui.ActionRow(TeamMenu(item.id, place, ui.Select(options=options, placeholder=placeholder)))]


def _past(office: Office, item: InboxItem, history: list[Any], names: texts.Names) -> str:
    lines = [f"- {texts.history_line(office.t, done, names)}" for done in history]
    title = office.t(N_("What was done"))
    return "\n".join([f"**{title}**", *lines])


@screen(Kind.CONFIRM)
async def confirm_screen(office: Office, where: Screen, notice: str | None) -> LayoutView:
    """What marking the item as done entails. Raises ItemGone or ConcernsYou."""
    t = office.t
    item = await office.item(where.item)
    names = await office.names([item.subject])
    question = t(N_("Mark this as done?"))
    entails = t(item.kind.confirm) if item.kind.confirm else ""
    yes = ActButton("settle", item.id, where.place, t(N_("Mark as done")), discord.ButtonStyle.danger)
    back = GoButton(Screen(Kind.ITEM, item.id, where.place), t(N_("Back")), emoji=palette.BACK)
    return panel(
        *said(notice),
        ui.TextDisplay(f"## {question}\n**{texts.title(t, item, names)}**\n{entails}"),
        ui.ActionRow(yes, back),
        colour=palette.ATTENTION,
    )
