"""Buttons and menus of the inbox: each carries where it leads, and what it is about, in its custom_id."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.permissions import STAFF
from bot.permissions.team import is_staff
from bot.ui import PersistentItem, open_modal, reply
from cogs.administration.inbox.access import INBOX
from cogs.administration.inbox.forms import HolidayForm, QuietForm
from cogs.administration.inbox.office import (
    SCREEN,
    Kind,
    NotOnTheTeam,
    Office,
    Screen,
    attempt,
    render,
    show,
)
from cogs.administration.inbox.places import PLACE, Place

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

SECONDARY = discord.ButtonStyle.secondary


class OpenInboxButton(PersistentItem[ui.Button[Any]], template=r"inbox:open:(?P<number>\d{1,9})"):
    """On the message in the staff channel: opens the inbox for whoever presses it. The number is the message's."""

    access: ClassVar = INBOX

    def __init__(self, number: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=f"inbox:open:{number}"))
        self.number = number

    async def run(self, interaction: "Interaction") -> None:
        await reply(interaction, view=await render(Office.of(interaction), Screen(Kind.LIST)))


class GoButton(PersistentItem[ui.Button[Any]], template=rf"inbox:go:(?P<screen>{SCREEN})"):
    """Turns to another screen."""

    access: ClassVar = INBOX

    def __init__(
        self, to: Screen, label: str = "-", style: discord.ButtonStyle = SECONDARY, emoji: str | None = None
    ) -> None:
        super().__init__(ui.Button(label=label, style=style, emoji=emoji, custom_id=f"inbox:go:{to}"))
        self.to = to

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Screen.parse(match["screen"]))

    async def run(self, interaction: "Interaction") -> None:
        await show(interaction, self.to)


class ShowMenu(PersistentItem[ui.Select[Any]], template=r"inbox:show"):
    """Chooses which items to look at."""

    access: ClassVar = INBOX

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "inbox:show"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        await show(interaction, Screen(Kind.LIST, place=Place(self.item.values[0])))


class ActButton(
    PersistentItem[ui.Button[Any]],
    template=rf"inbox:act:(?P<act>claim|release|settle):(?P<item>\d{{1,19}}):(?P<place>{PLACE})",
):
    """Claims an item, gives it back, or marks it as done."""

    access: ClassVar = INBOX

    def __init__(
        self, act: str, item_id: int, place: Place, label: str = "-", style: discord.ButtonStyle = SECONDARY
    ) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"inbox:act:{act}:{item_id}:{place}"))
        self.act = act
        self.item_id = item_id
        self.place = place

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["act"], int(match["item"]), Place.parse(match["place"]))

    async def run(self, interaction: "Interaction") -> None:
        here = Screen(Kind.ITEM, self.item_id, self.place)
        await attempt(interaction, self._do, here, here)

    async def _do(self, office: Office) -> None:
        guild_id, by = office.guild.id, office.person.id
        await office.item(self.item_id)
        if self.act == "claim":
            await office.inbox.claim(guild_id, self.item_id, by)
        elif self.act == "release":
            await office.inbox.release(guild_id, self.item_id, by, manages=office.manages)
        else:
            await office.inbox.settle(guild_id, self.item_id, by)


class TeamMenu(PersistentItem[ui.Select[Any]], template=rf"inbox:hand:(?P<item>\d{{1,19}}):(?P<place>{PLACE})"):
    """Hands an item over to one of the team, who are all on the menu."""

    access: ClassVar = INBOX

    def __init__(self, item_id: int, place: Place, menu: "ui.Select[Any]") -> None:
        menu.custom_id = f"inbox:hand:{item_id}:{place}"
        super().__init__(menu)
        self.item_id = item_id
        self.place = place

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        assert isinstance(item, ui.Select)
        return cls(int(match["item"]), Place.parse(match["place"]), item)

    async def run(self, interaction: "Interaction") -> None:
        await hand_over(interaction, self.item_id, self.place, int(self.item.values[0]))


class PersonMenu(PersistentItem[ui.UserSelect[Any]], template=rf"inbox:give:(?P<item>\d{{1,19}}):(?P<place>{PLACE})"):
    """The same for a team that is too large for a menu: Discord offers every member, and only the team is taken."""

    access: ClassVar = INBOX

    def __init__(self, item_id: int, place: Place, menu: "ui.UserSelect[Any]") -> None:
        menu.custom_id = f"inbox:give:{item_id}:{place}"
        super().__init__(menu)
        self.item_id = item_id
        self.place = place

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        assert isinstance(item, ui.UserSelect)
        return cls(int(match["item"]), Place.parse(match["place"]), item)

    async def run(self, interaction: "Interaction") -> None:
        await hand_over(interaction, self.item_id, self.place, self.item.values[0].id)


async def hand_over(interaction: "Interaction", item_id: int, place: Place, to: int) -> None:
    """Hand the item over to somebody who is on the team at this moment."""

    async def act(office: Office) -> None:
        member = office.guild.get_member(to)
        if member is None or not is_staff(office.bot, member):
            raise NotOnTheTeam
        await office.item(item_id)
        await office.inbox.hand_over(office.guild.id, item_id, office.person.id, to, manages=office.manages)

    here = Screen(Kind.ITEM, item_id, place)
    await attempt(interaction, act, here, here)


class MyHoursButton(PersistentItem[ui.Button[Any]], template=r"inbox:me:(?P<what>quiet|holiday|loud|home)"):
    """Opens the forms of one's quiet hours and holiday, or clears them (``loud``, ``home``)."""

    access: ClassVar = STAFF

    def __init__(self, what: str, label: str = "-", style: discord.ButtonStyle = SECONDARY) -> None:
        super().__init__(ui.Button(label=label, style=style, custom_id=f"inbox:me:{what}"))
        self.what = what

    async def run(self, interaction: "Interaction") -> None:
        office = Office.of(interaction)
        people, guild_id, user_id = office.inbox.people, office.guild.id, office.person.id
        if self.what == "quiet":
            await open_modal(interaction, QuietForm.of(office))
        elif self.what == "holiday":
            await open_modal(interaction, HolidayForm.of(office))
        else:
            if self.what == "loud":
                await people.set_quiet(guild_id, user_id, None, people.of(guild_id, user_id).zone)
            else:
                await people.set_holiday(guild_id, user_id, None)
            await show(interaction, Screen(Kind.ME))


PARTS = (
    OpenInboxButton,
    GoButton,
    ShowMenu,
    ActButton,
    TeamMenu,
    PersonMenu,
    MyHoursButton,
    QuietForm,
    HolidayForm,
)
