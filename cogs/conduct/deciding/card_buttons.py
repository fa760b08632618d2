"""Buttons on the card of a case."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.ui import PersistentItem
from cogs.conduct.cases.models import DraftOf
from cogs.conduct.deciding.bench import DECIDE, Bench
from cogs.conduct.deciding.undoing import ask

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class UndoButton(PersistentItem[ui.Button[Any]], template=r"deciding:undo:(?P<what>lift|void):(?P<number>\d{1,9})"):
    """Asks whether the case is to be lifted or voided."""

    access: ClassVar = DECIDE

    def __init__(self, what: str, number: int, label: str = "-") -> None:
        key = f"deciding:undo:{DraftOf(what).value}:{number}"
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.secondary, custom_id=key))
        self.number, self.what = number, DraftOf(what)

    async def run(self, interaction: "Interaction") -> None:
        bench = Bench.of(interaction)
        await ask(bench, await bench.cases.read.case(bench.guild.id, self.number), self.what)
