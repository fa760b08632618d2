"""The newcomer's checklist, and the Start button that opens it."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.ui import LayoutView, PersistentItem, palette
from bot.ui.text import escaped
from cogs.onboarding.buddies.items import AskButton, name_of
from cogs.onboarding.buddies.service import Buddies
from cogs.onboarding.rules import Checklist, Line, Progress, State, Step
from cogs.onboarding.rules.holds import Hold
from cogs.onboarding.texts import STEP_HINTS
from cogs.onboarding.views.introduction import WriteButton
from cogs.onboarding.views.navigation import OpenButton, show
from cogs.onboarding.views.visit import Visit, visit

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

_ICONS = {
    State.DONE: palette.DONE,
    State.NEXT: palette.NEXT,
    State.OPEN: palette.OPEN,
    State.WAITING: palette.OPEN,
}
HELD = {
    Hold.TEAM: N_(
        "Many people are arriving, so the team lets newcomers in one by one. Your roles come once it has let you in."
    ),
    Hold.LOCKDOWN: N_(
        "The server is closed to newcomers for a while. Your roles come by themselves when it opens again."
    ),
}


def start_key(guild_id: int, panel: int | None = None) -> str:
    """The custom_id of a Start button; a panel's has its serial number, so that each panel is known."""
    return f"onboarding:start:{guild_id}" + ("" if panel is None else f":{panel}")


class StartButton(
    PersistentItem[ui.Button[Any]], template=r"onboarding:start:(?P<guild>\d{15,20})(?::(?P<panel>\d{1,9}))?"
):
    """Opens the presser's own checklist; it stands on the panel, in private threads and in DMs."""

    access = EVERYONE

    def __init__(self, guild_id: int, label: str = "-", *, panel: int | None = None) -> None:
        custom_id = start_key(guild_id, panel)
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=custom_id))
        self.guild_id = guild_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["guild"]), panel=int(match["panel"]) if match["panel"] else None)

    async def run(self, interaction: "Interaction") -> None:
        await open_checklist(interaction, self.guild_id)


async def open_checklist(interaction: "Interaction", guild_id: int) -> None:
    """Begin, or go on with, the way of the person behind the interaction."""
    where = visit(interaction, guild_id)
    progress = await where.journeys.begin(guild_id, where.member.id)
    await show_checklist(interaction, where, progress)


async def show_checklist(
    interaction: "Interaction", where: Visit, progress: Progress, notice: str | None = None
) -> None:
    """Put the checklist where the person is, with the buddy they have."""
    bot, guild_id = interaction.client, where.guild.id
    pair = await bot.service(Buddies).present(guild_id, where.member.id) if where.buddies else None
    buddy = None if pair is None else name_of(bot, guild_id, pair.buddy_id)
    await show(interaction, checklist_view(where, progress, notice, buddy))


def checklist_view(where: Visit, progress: Progress, notice: str | None = None, buddy: str | None = None) -> LayoutView:
    """Every step with its state and its button; the next one stands out. ``buddy`` is what theirs is called."""
    way = where.way(progress)
    box: ui.Container[LayoutView] = ui.Container(accent_colour=palette.GOOD if way.complete else palette.ACCENT)
    box.add_item(ui.TextDisplay(_heading(where, way, notice)))
    box.add_item(ui.Separator())
    for line in way.lines:
        box.add_item(_line(where, line))
    if where.buddies:
        box.add_item(_buddy(where, buddy))
    if closing := _closing(where, way):
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(closing))
    view = LayoutView()
    view.add_item(box)
    return view


def _heading(where: Visit, way: Checklist, notice: str | None) -> str:
    t = where.t
    parts = [t(N_("## Welcome to {server}"), server=escaped(where.guild.name))]
    if notice:
        parts.append(f"**{notice}**")
    elif purpose := where.welcome.purpose(t.language):
        parts.append(purpose)
    if way.lines:
        bar = "▰" * way.done + "▱" * (len(way.lines) - way.done)
        parts.append("-# " + bar + "\u2003" + t(N_("{done} of {total} done"), done=way.done, total=len(way.lines)))
    return "\n".join(parts)


def _line(where: Visit, line: Line) -> "ui.Item[LayoutView]":
    t = where.t
    icon, title = _ICONS[line.state], t(line.step.label)
    text = f"{icon} " + (f"**{title}**" if line.state is State.NEXT else title)
    if line.state is not State.DONE:
        hint = t(STEP_HINTS[line.step])
        text += "\n-# " + (t(N_("Required. {hint}"), hint=hint) if line.required else hint)
    button = _button(where, line)
    return ui.Section(text, accessory=button) if button else ui.TextDisplay(text)


def _buddy(where: Visit, buddy: str | None) -> "ui.Item[LayoutView]":
    """No step: nobody is given a buddy who did not ask for one."""
    t = where.t
    if buddy is not None:
        mine: ui.Item[Any] = AskButton(where.guild.id, t(N_("My buddy")))
        return ui.Section(f"{palette.WAVE} " + t(N_("Your buddy is **{name}**."), name=buddy), accessory=mine)
    hint = t(N_("Somebody who knows this place, for your first two weeks. Only if you want one."))
    button: ui.Item[Any] = AskButton(where.guild.id, t(N_("I would like a buddy")))
    return ui.Section(f"{palette.WAVE} " + t(N_("Buddy")) + f"\n-# {hint}", accessory=button)


def _button(where: Visit, line: Line) -> ui.Item[Any] | None:
    t, guild_id = where.t, where.guild.id
    style = discord.ButtonStyle.primary if line.state is State.NEXT else discord.ButtonStyle.secondary
    done = line.state is State.DONE
    match line.step:
        case Step.CODE:
            return OpenButton("code", guild_id, t(N_("Read again")) if done else t(N_("Read")), style)
        case Step.GROUPS:
            return OpenButton("groups", guild_id, t(N_("Change")) if done else t(N_("Choose")), style)
        case Step.INTRODUCTION if not done:
            return WriteButton(guild_id, t(N_("Write")), style)
        case Step.FIRST_MESSAGE if not done and where.welcome.places:
            place = where.guild.get_channel(where.welcome.places[0])
            return ui.Button(label=f"#{place.name}"[:80], url=place.jump_url) if place else None
    return None


def _closing(where: Visit, way: Checklist) -> str | None:
    """What to do next, once the way is behind them."""
    t = where.t
    if not way.ready:
        return None
    role = where.guild.get_role(where.welcome.member_role or 0)
    parts = []
    waits = where.held if role is None or role not in where.member.roles else None
    if waits is not None:
        parts.append(t(HELD[waits]))
    elif role is not None:
        parts.append(t(N_("You are a full member: {role}."), role=role.mention))
    if way.complete:
        parts.append(t(N_("All steps are done.")))
    places = [place.mention for id_ in where.welcome.places if (place := where.guild.get_channel(id_))]
    if places and waits is None:  # whoever waits may not be able to write there yet
        parts.append(t(N_("Good places to go on: {places}."), places=t.enumeration(places)))
    return " ".join(parts) or None
