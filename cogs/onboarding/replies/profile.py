"""Greeting newcomers as a page of the profile: on call or not, on which days, at which hours, and a pause."""

import re
from collections.abc import Sequence
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from babel.dates import get_day_names
from discord import ui

from bot.clock import now
from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.profile import Look, Part, ProfilePage, show_page
from bot.ui import PersistentItem, PersistentModal, Submitted, open_modal, palette
from cogs.onboarding.replies.greeters import Greeters
from cogs.onboarding.replies.reach import Reach
from cogs.onboarding.replies.rules import EVERY_DAY, Hours, OnCall
from cogs.onboarding.replies.service import Replies
from cogs.onboarding.replies.settings import RepliesSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

KEY = "greeter"
PAUSES = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
ZONE = "zone"


class CannotGreet(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("You cannot be on call here: the greeters’ channel or their role is not yours. Ask the team.")
        )


def hours_text(t: Localizer, hours: Hours) -> str:
    """On which days and at which hours, on the greeter's own clock."""
    days = (
        t(N_("every day"))
        if hours.days == EVERY_DAY
        else t.enumeration([day_name(t, one) for one in sorted(hours.days)])
    )
    if hours.start == hours.end:
        return t(N_("{days}, at any hour"), days=days)
    return t(N_("{days}, from {start} to {end}"), days=days, start=f"{hours.start:%H:%M}", end=f"{hours.end:%H:%M}")


def day_name(t: Localizer, day: int) -> str:
    return str(get_day_names("wide", locale=t.language)[day])


async def _own(look: Look) -> Sequence[Part] | None:
    bot, guild = look.bot, look.guild
    if not bot.service(Replies).active(guild.id):
        return None
    found = await bot.service(Greeters).find(guild.id, look.member.id)
    on_call = found is not None and now() < found.until
    fits = bot.service(Reach).fits(look.member)
    if not fits and not on_call:
        return None
    t, channel = look.t, bot.guild_settings.get(guild.id, RepliesSettings).channel
    where = f"<#{channel}>" if channel else t(N_("the greeters’ channel"))
    lines = [t(N_("On call, you are asked in {place}, in turn, to answer a newcomer who waits."), place=where)]
    if found is None or not on_call:
        lines.append(t(N_("You are not on call.")))
        row: ui.ActionRow[Any] = ui.ActionRow()
        return ["\n".join(lines), row.add_item(DutyButton("on", t(N_("Go on call")), discord.ButtonStyle.primary))]
    lines += _state(look, found, fits)
    return ["\n".join(lines), *_menus(t, found), _buttons(t, found)]


def _state(look: Look, found: OnCall, fits: bool) -> list[str]:
    t = look.t
    until = discord.utils.format_dt(found.until, "D")
    zone = look.bot.service(Greeters).zone(look.guild.id, found)
    lines = [
        t(N_("**On call** until {until}; each call you answer begins this time anew."), until=until),
        t(N_("**Hours**: {hours} ({zone})"), hours=hours_text(t, found.hours), zone=zone.key),
    ]
    if found.paused_until is not None and now() < found.paused_until:
        lines.append(t(N_("**Paused** until {until}"), until=discord.utils.format_dt(found.paused_until, "f")))
    if not fits:
        lines.append(
            f"{palette.WARNING} " + t(N_("You cannot be asked: the greeters’ channel or their role is not yours."))
        )
    lines.append("-# " + t(N_("Quiet hours and holidays that you set elsewhere come first.")))
    return lines


def _menus(t: Localizer, found: OnCall) -> list[Part]:
    every = [time(hour) for hour in range(24)]
    days = [
        discord.SelectOption(label=day_name(t, day).capitalize(), value=str(day), default=day in found.hours.days)
        for day in range(7)
    ]
    pauses = [discord.SelectOption(label=t.duration(span), value=str(span.days)) for span in PAUSES]
    menus: list[ui.Item[Any]] = [
        DaysMenu(ui.Select(options=days, min_values=1, max_values=7, placeholder=t(N_("Days")))),
        HourMenu("from", ui.Select(options=_hours(t, N_("From {hour}"), every, found.hours.start))),
        HourMenu("to", ui.Select(options=_hours(t, N_("To {hour}"), every, found.hours.end))),
        PauseMenu(ui.Select(options=pauses, placeholder=t(N_("Pause for …")))),
    ]
    return [_row(menu) for menu in menus]


def _row(item: ui.Item[Any]) -> ui.ActionRow[Any]:
    row: ui.ActionRow[Any] = ui.ActionRow()
    return row.add_item(item)


def _hours(t: Localizer, text: str, every: list[time], chosen: time) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=t(text, hour=f"{one:%H:%M}"), value=str(one.hour), default=one.hour == chosen.hour)
        for one in every
    ]


def _buttons(t: Localizer, found: OnCall) -> ui.ActionRow[Any]:
    row: ui.ActionRow[Any] = ui.ActionRow()
    if found.paused_until is not None and now() < found.paused_until:
        row.add_item(DutyButton("resume", t(N_("End the pause")), discord.ButtonStyle.primary))
    row.add_item(DutyButton("zone", t(N_("Time zone"))))
    return row.add_item(DutyButton("off", t(N_("No longer on call"))))


class DutyButton(PersistentItem[ui.Button[Any]], template=r"replies:duty:(?P<act>on|off|resume|zone)"):
    """Begins or ends being on call, or a pause; or opens the form of the time zone."""

    access: ClassVar = EVERYONE

    def __init__(self, act: str, label: str = "-", style: discord.ButtonStyle = discord.ButtonStyle.secondary) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"replies:duty:{act}"))
        self.act = act

    async def run(self, interaction: "Interaction") -> None:
        greeters, guild_id = interaction.client.service(Greeters), interaction.guild_id or 0
        if self.act == "zone":
            await open_modal(interaction, ZoneForm.of(interaction))
            return
        if self.act == "on":
            member = interaction.user
            if not isinstance(member, discord.Member) or not interaction.client.service(Reach).fits(member):
                raise CannotGreet
            await greeters.go_on_call(guild_id, member.id)
        elif self.act == "off":
            await greeters.stop(guild_id, interaction.user.id)
        else:
            await greeters.pause(guild_id, interaction.user.id, None)
        await show_page(interaction, KEY)


class _Menu(PersistentItem["ui.Select[Any]"], template=r"(?!)"):
    access: ClassVar = EVERYONE

    def __init__(self, menu: "ui.Select[Any]") -> None:
        super().__init__(menu)


class DaysMenu(_Menu, template=r"replies:days"):
    """Chooses the days."""

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "replies:days"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        days = [int(value) for value in self.item.values]
        await interaction.client.service(Greeters).set_days(interaction.guild_id or 0, interaction.user.id, days)
        await show_page(interaction, KEY)


class PauseMenu(_Menu, template=r"replies:pause"):
    """Chooses how long to rest."""

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "replies:pause"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        span = timedelta(days=int(self.item.values[0]))
        await interaction.client.service(Greeters).pause(interaction.guild_id or 0, interaction.user.id, span)
        await show_page(interaction, KEY)


class HourMenu(PersistentItem["ui.Select[Any]"], template=r"replies:hour:(?P<which>from|to)"):
    """Chooses when the day on call begins or ends."""

    access: ClassVar = EVERYONE

    def __init__(self, which: str, menu: "ui.Select[Any]") -> None:
        menu.custom_id = f"replies:hour:{which}"
        super().__init__(menu)
        self.which = which

    async def run(self, interaction: "Interaction") -> None:
        chosen = time(int(self.item.values[0]))
        greeters, guild_id, me = interaction.client.service(Greeters), interaction.guild_id or 0, interaction.user.id
        if self.which == "from":
            await greeters.set_hours(guild_id, me, start=chosen)
        else:
            await greeters.set_hours(guild_id, me, end=chosen)
        await show_page(interaction, KEY)


class ZoneForm(PersistentModal):
    """The time zone in which the hours are meant."""

    access: ClassVar = EVERYONE
    template = re.compile(r"replies:zone")

    @classmethod
    def of(cls, interaction: "Interaction") -> Self:
        bot, guild_id = interaction.client, interaction.guild_id or 0
        t, zone = bot.i18n.for_interaction(interaction), bot.inbox.people.zone(guild_id, interaction.user.id).key
        form = cls(title=t(N_("Time zone")), custom_id="replies:zone")
        line = ui.TextInput[Any](custom_id=ZONE, required=False, max_length=64, placeholder=zone)
        text, hint = t(N_("Your time zone")), t(N_("Left empty: {zone}."), zone=zone)
        form.add_item(ui.Label(text=text, description=hint, component=line))
        return form

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        zone = str(values.get(ZONE) or "").strip() or None
        await interaction.client.service(Greeters).set_zone(interaction.guild_id or 0, interaction.user.id, zone)
        await show_page(interaction, KEY)


DUTY_PARTS = (DutyButton, DaysMenu, HourMenu, PauseMenu, ZoneForm)
greeter_page = ProfilePage(KEY, N_("Greeting newcomers"), 31, own=_own)
