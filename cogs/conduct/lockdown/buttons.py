"""Buttons of lockdowns: one begins what was previewed, one ends it."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.permissions import STAFF
from bot.ui import PersistentItem, reply, update

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

DANGER, PRIMARY, SECONDARY = discord.ButtonStyle.danger, discord.ButtonStyle.primary, discord.ButtonStyle.secondary


class StartButton(PersistentItem[ui.Button[Any]], template=r"lockdown:start:(?P<minutes>\d{1,5})"):
    """Begins a lockdown as it would be by now; or prolongs the one in force."""

    access: ClassVar = STAFF

    def __init__(self, minutes: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=DANGER, custom_id=f"lockdown:start:{minutes}"))
        self.minutes = minutes

    async def run(self, interaction: "Interaction") -> None:
        # What is done is shown with these buttons, so it cannot be imported before this module.
        from cogs.conduct.lockdown.doing import Desk

        await Desk.of(interaction).start(self.minutes)


class AskButton(PersistentItem[ui.Button[Any]], template=r"lockdown:ask:(?P<guild>\d{1,20})"):
    """Opens the preview of a lockdown in private, wherever another part of the bot offers it."""

    access: ClassVar = STAFF

    def __init__(self, guild_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"lockdown:ask:{guild_id}"))
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.lockdown.doing import Desk

        await reply(interaction, view=await Desk.of(interaction).preview(None))


def end_key(lockdown_id: int) -> str:
    """The custom_id by which the post of a lockdown is found again."""
    return f"lockdown:end:{lockdown_id}"


class EndButton(PersistentItem[ui.Button[Any]], template=r"lockdown:end:(?P<lockdown>\d{1,18})"):
    """Ends the lockdown before its time."""

    access: ClassVar = STAFF

    def __init__(self, lockdown_id: int, label: str = "-", *, disabled: bool = False) -> None:
        button = ui.Button[Any](label=label, style=PRIMARY, custom_id=end_key(lockdown_id), disabled=disabled)
        super().__init__(button)
        self.lockdown_id = lockdown_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.lockdown.doing import Desk

        await update(interaction, view=await Desk.of(interaction).end_from_post(self.lockdown_id))


PARTS = (StartButton, AskButton, EndButton)
