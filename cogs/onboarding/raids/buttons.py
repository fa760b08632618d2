"""Buttons and the menu of the raid brake: each carries its raid in its custom_id, and looks again at every click."""

import re
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER, STAFF, Access
from bot.ui import PersistentItem, reply, update
from cogs.onboarding.raids.refusals import Lacking, NobodyToBan, RaidGone, RaidRefusal
from cogs.onboarding.raids.suspects import BULK_NEEDS, lacking

if TYPE_CHECKING:
    from bot.client import CommunityBot
    from cogs.onboarding.raids.room import Room

    Interaction = discord.Interaction[CommunityBot]

BANNING = Access("ban members", frozenset({"ban_members"}))
RAID = r"(?P<raid>\d{1,18})"
DANGER, PRIMARY, SECONDARY = discord.ButtonStyle.danger, discord.ButtonStyle.primary, discord.ButtonStyle.secondary


def _room(interaction: "discord.Interaction[Any]") -> "Room":
    # The pages are made of these buttons, so their module cannot be imported before this one.
    from cogs.onboarding.raids.room import Room

    return Room.of(interaction)


async def _decide(interaction: "Interaction", room: "Room", raid_id: int, work: Awaitable[object]) -> None:
    """Do it and draw the alert anew; so too when somebody else was faster, with the reason in private."""
    try:
        await work
    except RaidGone:
        raise
    except RaidRefusal as refusal:
        await update(interaction, view=await room.alert(raid_id))
        await reply(interaction, room.t(refusal.message, **refusal.params))
    else:
        await update(interaction, view=await room.alert(raid_id))


class PauseButton(PersistentItem[ui.Button[Any]], template=rf"raids:pause:{RAID}:(?P<on>[01])"):
    """Pauses invites until somebody ends it, or ends it."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, raid_id: int, label: str = "-", *, on: bool, disabled: bool = False) -> None:
        key, style = f"raids:pause:{raid_id}:{int(on)}", PRIMARY if on else SECONDARY
        super().__init__(ui.Button(label=label, style=style, custom_id=key, disabled=disabled))
        self.raid_id, self.on = raid_id, on

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["raid"]), on=match["on"] == "1")

    async def run(self, interaction: "Interaction") -> None:
        room = _room(interaction)
        if missing := lacking(room.guild, "manage_guild"):
            raise Lacking(missing)
        decide = room.brake.decisions.pause if self.on else room.brake.decisions.end_pause
        await _decide(interaction, room, self.raid_id, decide(room.guild.id, self.raid_id, room.person.id))


class HoldButton(PersistentItem[ui.Button[Any]], template=rf"raids:hold:{RAID}:(?P<on>[01])"):
    """Lets newcomers wait for the team, or ends that."""

    access: ClassVar = MANAGE_SERVER

    def __init__(self, raid_id: int, label: str = "-", *, on: bool) -> None:
        key, style = f"raids:hold:{raid_id}:{int(on)}", PRIMARY if on else SECONDARY
        super().__init__(ui.Button(label=label, style=style, custom_id=key))
        self.raid_id, self.on = raid_id, on

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["raid"]), on=match["on"] == "1")

    async def run(self, interaction: "Interaction") -> None:
        room = _room(interaction)
        where, by, decisions = room.guild.id, room.person.id, room.brake.decisions
        if self.on:
            level = await interaction.client.levels.before(room.guild)
            await _decide(interaction, room, self.raid_id, decisions.hold(where, self.raid_id, by, level))
        else:
            await _decide(interaction, room, self.raid_id, decisions.end_hold(where, self.raid_id, by))


class DismissButton(PersistentItem[ui.Button[Any]], template=rf"raids:dismiss:{RAID}"):
    """It is no raid, or it is dealt with."""

    access: ClassVar = STAFF

    def __init__(self, raid_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"raids:dismiss:{raid_id}"))
        self.raid_id = raid_id

    async def run(self, interaction: "Interaction") -> None:
        room = _room(interaction)
        dismissing = room.brake.decisions.dismiss(room.guild.id, self.raid_id, room.person.id)
        await _decide(interaction, room, self.raid_id, dismissing)


def who_key(raid_id: int, page: int) -> str:
    """The custom_id of the button that opens a page of those who came; the alert is known by that of the first."""
    return f"raids:who:{raid_id}:{page}"


class WhoButton(PersistentItem[ui.Button[Any]], template=rf"raids:who:{RAID}:(?P<page>\d{{1,4}})(?P<turn>t?)"):
    """Opens the list of those who came, or turns its pages."""

    access: ClassVar = STAFF

    def __init__(self, raid_id: int, page: int, label: str = "-", *, turn: bool = False) -> None:
        key = who_key(raid_id, page) + ("t" if turn else "")
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=key))
        self.raid_id, self.page, self.turn = raid_id, page, turn

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["raid"]), int(match["page"]), turn=bool(match["turn"]))

    async def run(self, interaction: "Interaction") -> None:
        view = await _room(interaction).who(self.raid_id, self.page)
        if self.turn:
            await update(interaction, view=view)
        else:
            await reply(interaction, view=view)


class OpenButton(PersistentItem[ui.Button[Any]], template=rf"raids:open:{RAID}"):
    """Opens the alert in private, where no channel shows it."""

    access: ClassVar = STAFF

    def __init__(self, raid_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=PRIMARY, custom_id=f"raids:open:{raid_id}"))
        self.raid_id = raid_id

    async def run(self, interaction: "Interaction") -> None:
        await reply(interaction, view=await _room(interaction).alert(self.raid_id))


class LetInMenu(PersistentItem[ui.Select[Any]], template=rf"raids:choose:{RAID}:(?P<page>\d{{1,4}})"):
    """Lets those in who are chosen."""

    access: ClassVar = STAFF

    def __init__(self, raid_id: int, page: int, menu: "ui.Select[Any]") -> None:
        menu.custom_id = f"raids:choose:{raid_id}:{page}"
        super().__init__(menu)
        self.raid_id, self.page = raid_id, page

    async def run(self, interaction: "Interaction") -> None:
        await _let_in(interaction, self.raid_id, self.page, [int(one) for one in self.item.values])


class LetAllInButton(PersistentItem[ui.Button[Any]], template=rf"raids:all:{RAID}"):
    """Lets everybody in who waits by now; the hold goes on."""

    access: ClassVar = STAFF

    def __init__(self, raid_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=PRIMARY, custom_id=f"raids:all:{raid_id}"))
        self.raid_id = raid_id

    async def run(self, interaction: "Interaction") -> None:
        await _let_in(interaction, self.raid_id, 0, None)


async def _let_in(interaction: "Interaction", raid_id: int, page: int, people: list[int] | None) -> None:
    room = _room(interaction)
    count = await room.brake.decisions.release(room.guild.id, raid_id, room.person.id, people)
    said = room.t.plural("{n} person is let in.", "{n} people are let in.", count)
    notice = said if count else room.t(N_("They had been let in already."))
    await update(interaction, view=await room.who(raid_id, page, notice))


class BanButton(
    PersistentItem[ui.Button[Any]], template=rf"raids:ban:{RAID}:(?P<stage>ask|sure|do):(?P<people>[0-9a-f]{{8}}|-)"
):
    """Asks twice, naming everybody, then bans exactly those who were named."""

    access: ClassVar = BANNING

    def __init__(
        self, raid_id: int, label: str = "-", *, stage: str = "ask", people: str = "-", disabled: bool = False
    ) -> None:
        key = f"raids:ban:{raid_id}:{stage}:{people}"
        super().__init__(ui.Button(label=label, style=DANGER, custom_id=key, disabled=disabled))
        self.raid_id, self.stage, self.people = raid_id, stage, people

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["raid"]), stage=match["stage"], people=match["people"])

    async def run(self, interaction: "Interaction") -> None:
        room = _room(interaction)
        if missing := lacking(room.guild, *BULK_NEEDS):
            raise Lacking(missing)
        judged = await room.judged(self.raid_id)
        if self.stage == "ask":
            if not judged.banned:
                raise NobodyToBan
            await reply(interaction, view=room.ban_question(self.raid_id, judged))
        elif judged.digest != self.people:
            changed = room.t(N_("The list has changed meanwhile. Here is the new one."))
            await update(interaction, view=room.ban_question(self.raid_id, judged, changed))
        elif self.stage == "sure":
            await update(interaction, view=room.ban_confirmation(self.raid_id, judged))
        else:
            people = [one.user_id for one in judged.banned]
            count = await room.brake.decisions.ban(room.guild.id, self.raid_id, room.person.id, people)
            await update(interaction, view=room.ban_begun(count))


PARTS = (PauseButton, HoldButton, DismissButton, WhoButton, OpenButton, LetInMenu, LetAllInButton, BanButton)
