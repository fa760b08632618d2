"""The button that makes a report public."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.permissions import STAFF
from bot.ui import PersistentItem
from cogs.conduct.deciding.bench import Bench

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class PostButton(PersistentItem[ui.Button[Any]], template=r"transparency:post:(?P<month>\d{4}-\d{2})"):
    """Posts the report of that month in the channel where it is pressed."""

    access: ClassVar = STAFF

    def __init__(self, month: str, label: str = "-") -> None:
        key = f"transparency:post:{month}"
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=key))
        self.month = month

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.transparency.posting import post  # which shows what has this button

        await post(Bench.of(interaction), self.month)
