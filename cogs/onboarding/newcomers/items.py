"""Buttons and the menu of `/newcomers`: each carries where it leads and whom it is about in its custom_id."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.permissions import STAFF
from bot.ui import PersistentItem
from bot.ui.text import escaped
from cogs.onboarding.newcomers.nudging import Asked, Nudges
from cogs.onboarding.newcomers.place import PLACE, STEP, Place
from cogs.onboarding.rules import Step, step_named

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

ABOUT = rf"(?P<step>{STEP}):(?P<user>\d{{15,20}}):(?P<place>{PLACE})"

SAID = {
    Asked.SOON: N_("{name} is reminded within the hour, in private."),
    Asked.LATER: N_("{name} is reminded as soon as it is day and they may be written to again."),
    Asked.WAITING: N_("A reminder of {name} is on its way already."),
    Asked.TOLD: N_("{name} was reminded of this step already. There is one reminder per step: write to them yourself."),
    Asked.SILENT: N_("{name} wants no messages they did not ask for. Greet them where they read."),
    Asked.TOO_LATE: N_("{name} joined more than 14 days ago, too long for a reminder. Write to them yourself."),
    Asked.MOVED: N_("{name} is not at this step any more."),
}


async def turn_to(interaction: "discord.Interaction[Any]", place: Place, notice: str | None = None) -> None:
    """Show that part of the list."""
    # The screen is made of these buttons, so its module cannot be imported before this one.
    from cogs.onboarding.newcomers.screen import show

    await show(interaction, place, notice)


class GoButton(PersistentItem[ui.Button[Any]], template=rf"newcomers:go:(?P<place>{PLACE})"):
    """Turns to another page, or draws this one again."""

    access: ClassVar = STAFF

    def __init__(self, place: Place, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"newcomers:go:{place}"))
        self.place = place

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Place.parse(match["place"]))

    async def run(self, interaction: "Interaction") -> None:
        await turn_to(interaction, self.place)


class StepMenu(PersistentItem[ui.Select[Any]], template=r"newcomers:step"):
    """Chooses at which step the people shown are stuck."""

    access: ClassVar = STAFF

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "newcomers:step"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        await turn_to(interaction, Place(self.item.values[0]))


class _AboutButton(PersistentItem[ui.Button[Any]], template=r"(?!)"):
    """About somebody who is stuck at a step, from one part of the list."""

    access: ClassVar = STAFF
    what: ClassVar[str]
    style: ClassVar = discord.ButtonStyle.secondary

    def __init__(self, step: Step, user_id: int, place: Place, label: str = "-") -> None:
        key = f"newcomers:{self.what}:{step.value}:{user_id}:{place}"
        super().__init__(ui.Button(label=label, style=self.style, custom_id=key))
        self.step, self.user_id, self.place = step, user_id, place

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(step_named(match["step"]), int(match["user"]), Place.parse(match["place"]))


class RemindButton(_AboutButton, template=rf"newcomers:remind:{ABOUT}"):
    """Has a newcomer reminded of the step they are stuck at."""

    what, style = "remind", discord.ButtonStyle.primary

    async def run(self, interaction: "Interaction") -> None:
        assert interaction.guild_id is not None
        nudges = interaction.client.service(Nudges)
        asked = await nudges.ask(interaction.guild_id, self.user_id, self.step, interaction.user.id)
        await turn_to(interaction, self.place, await _said(interaction, self.user_id, SAID[asked]))


class HandledButton(_AboutButton, template=rf"newcomers:handled:{ABOUT}"):
    """Takes a newcomer off the list: somebody of the team took care of them."""

    what = "handled"

    async def run(self, interaction: "Interaction") -> None:
        assert interaction.guild_id is not None
        nudges = interaction.client.service(Nudges)
        done = await nudges.handled(interaction.guild_id, self.user_id, self.step, interaction.user.id)
        text = N_("{name} is off the list for this step.") if done else N_("{name} is not on the list any more.")
        await turn_to(interaction, self.place, await _said(interaction, self.user_id, text))


async def _said(interaction: "Interaction", user_id: int, text: str) -> str:
    """The sentence with the person's name, also that of somebody who has left."""
    bot, guild = interaction.client, interaction.guild
    assert guild is not None
    member = guild.get_member(user_id)
    known = None if member else await bot.community.members.get(guild.id, user_id)
    t = bot.i18n.for_interaction(interaction)
    name = member.display_name if member else known.display_name if known else t(N_("This person"))
    return t(text, name=f"**{escaped(name)}**")


PARTS = (GoButton, StepMenu, RemindButton, HandledButton)
