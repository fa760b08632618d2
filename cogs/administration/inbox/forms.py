"""Forms for quiet hours and holidays, filled with what is kept."""

import re
from collections.abc import Sequence
from datetime import time
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.clock import now
from bot.errors import UserError
from bot.guilds.time_zones import is_time_zone
from bot.i18n.marks import N_
from bot.inbox.rules import Holiday, QuietHours
from bot.permissions import STAFF
from bot.ui import PersistentModal, Submitted
from cogs.administration.inbox.days import parse_day
from cogs.administration.inbox.office import Kind, Office, Screen, show

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

FROM, TO, ZONE, FIRST_DAY, LAST_DAY = "from", "to", "zone", "first", "last"
_ME = Screen(Kind.ME)
_NIGHT = QuietHours(time(22), time(8))


class NoZone(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no such time zone. Write it like Europe/Paris or America/Montreal."))


class NoHours(UserError):
    def __init__(self) -> None:
        super().__init__(N_("Quiet hours need an end that differs from their beginning."))


class QuietForm(PersistentModal):
    """When each day somebody of the team wants to be left alone."""

    access: ClassVar = STAFF
    template = re.compile(r"inbox:quiet")

    @classmethod
    def of(cls, office: Office) -> Self:
        t, kept = office.t, office.inbox.people.of(office.guild.id, office.person.id)
        quiet = kept.quiet or _NIGHT
        form = cls(title=t(N_("Quiet hours")), custom_id="inbox:quiet")
        form.add_item(ui.Label(text=t(N_("From")), component=_hours(FROM, quiet.start)))
        form.add_item(ui.Label(text=t(N_("To")), component=_hours(TO, quiet.end)))
        zone = office.bot.time_zone_of(office.guild.id)
        form.add_item(
            ui.Label(
                text=t(N_("Your time zone")),
                description=t(N_("Left empty: the server’s, {zone}."), zone=zone),
                component=ui.TextInput(
                    custom_id=ZONE, required=False, max_length=64, default=kept.zone, placeholder=zone
                ),
            )
        )
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        office, zone = Office.of(interaction), str(values.get(ZONE) or "").strip()
        quiet = QuietHours(_hour(values.get(FROM)), _hour(values.get(TO)))
        if zone and not is_time_zone(zone):
            raise NoZone
        if quiet.start == quiet.end:
            raise NoHours
        await office.inbox.people.set_quiet(office.guild.id, office.person.id, quiet, zone or None)
        await show(interaction, _ME)


class HolidayForm(PersistentModal):
    """From which day to which somebody of the team is away."""

    access: ClassVar = STAFF
    template = re.compile(r"inbox:holiday")

    @classmethod
    def of(cls, office: Office) -> Self:
        t, people = office.t, office.inbox.people
        kept = people.of(office.guild.id, office.person.id).holiday
        today = now().astimezone(people.zone(office.guild.id, office.person.id)).date()
        form = cls(title=t(N_("Holiday")), custom_id="inbox:holiday")
        hint = t(N_("Like 2026-07-14 or 14/07."))
        for field, text, day in (
            (FIRST_DAY, t(N_("First day away")), kept.first if kept else today),
            (LAST_DAY, t(N_("Last day away")), kept.last if kept else None),
        ):
            default = day.isoformat() if day else None
            line = ui.TextInput[Any](custom_id=field, default=default, max_length=10, required=True)
            form.add_item(ui.Label(text=text, description=hint, component=line))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        office = Office.of(interaction)
        guild_id, user_id, people = office.guild.id, office.person.id, office.inbox.people
        today = now().astimezone(people.zone(guild_id, user_id)).date()
        first = parse_day(str(values.get(FIRST_DAY) or ""), today)
        last = parse_day(str(values.get(LAST_DAY) or ""), max(first, today))
        await people.set_holiday(guild_id, user_id, Holiday(first, last))
        await show(interaction, _ME)


def _hours(custom_id: str, chosen: time) -> ui.Select[Any]:
    at = [time(hour) for hour in range(24)]
    options = [
        discord.SelectOption(label=f"{one:%H:%M}", value=str(one.hour), default=one.hour == chosen.hour) for one in at
    ]
    return ui.Select(custom_id=custom_id, options=options)


def _hour(given: str | Sequence[str] | bool | None) -> time:
    """The hour chosen in a menu; Discord sends one of those offered."""
    assert isinstance(given, list), given
    return time(int(given[0]))
