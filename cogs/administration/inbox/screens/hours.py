"""When somebody of the team wants to be left alone."""

from typing import Any

from discord import ui

from bot.clock import now
from bot.i18n.marks import N_
from bot.inbox.rules import Presence
from bot.permissions import NotAllowed
from bot.ui import LayoutView, palette
from cogs.administration.inbox.items import GoButton, MyHoursButton
from cogs.administration.inbox.office import Kind, Office, Screen, screen
from cogs.administration.inbox.screens.parts import line, panel, said


@screen(Kind.ME)
async def my_screen(office: Office, where: Screen, notice: str | None) -> LayoutView:
    """When this person of the team wants to be left alone. Raises NotAllowed for whoever is not on it."""
    if office.kinds is not None:
        raise NotAllowed
    t, people = office.t, office.inbox.people
    kept = people.of(office.guild.id, office.person.id)
    present = people.presence(office.guild.id, office.person.id, now())
    parts = said(notice)
    intro = t(N_("I do not ping you in your quiet hours. On holiday, what you took care of goes back to the team."))
    title = t(N_("My availability"))
    parts.append(ui.TextDisplay(f"## {title}\n-# {intro}"))
    change = t(N_("Change"))
    quiet = MyHoursButton("quiet", change if kept.quiet else t(N_("Set")))
    parts.append(ui.Section(ui.TextDisplay(_quiet_text(office, present)), accessory=quiet))
    holiday = MyHoursButton("holiday", change if kept.holiday else t(N_("Set")))
    parts.append(ui.Section(ui.TextDisplay(_holiday_text(office, present)), accessory=holiday))
    buttons: list[ui.Item[Any]] = [GoButton(Screen(Kind.LIST), t(N_("Inbox")), emoji=palette.BACK)]
    if kept.quiet:
        buttons.append(MyHoursButton("loud", t(N_("No quiet hours"))))
    if kept.holiday:
        label = t(N_("End the holiday")) if present is Presence.AWAY else t(N_("No holiday"))
        buttons.append(MyHoursButton("home", label))
    parts += [line(), ui.ActionRow(*buttons)]
    return panel(*parts, colour=palette.GOOD if present is Presence.FREE else palette.QUIET)


def _quiet_text(office: Office, present: Presence) -> str:
    t, kept = office.t, office.inbox.people.of(office.guild.id, office.person.id)
    if kept.quiet is None:
        said = t(N_("no quiet hours"))
    else:
        said = t(
            N_("from {start} to {end}, every day"), start=f"{kept.quiet.start:%H:%M}", end=f"{kept.quiet.end:%H:%M}"
        )
    zone = kept.zone or office.bot.time_zone_of(office.guild.id)
    title, where = t(N_("Quiet hours")), t(N_("Time zone: {zone}"), zone=zone)
    lines = [f"**{title}**", said, f"-# {where}"]
    if present is Presence.QUIET:
        lines.append("-# " + t(N_("They are on now.")))
    return "\n".join(lines)


def _holiday_text(office: Office, present: Presence) -> str:
    t, kept = office.t, office.inbox.people.of(office.guild.id, office.person.id).holiday
    if kept is None:
        said = t(N_("no holiday planned"))
    elif kept.first == kept.last:
        said = t.day(kept.first)
    else:
        said = t(N_("from {first} to {last}"), first=t.day(kept.first), last=t.day(kept.last))
    title = t(N_("Holiday"))
    lines = [f"**{title}**", said]
    if present is Presence.AWAY:
        lines.append("-# " + t(N_("You are on holiday now.")))
    return "\n".join(lines)
