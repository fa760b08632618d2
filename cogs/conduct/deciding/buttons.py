"""Buttons of decisions: each carries the number of its draft, and everything is looked at again at every click."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.ui import PersistentItem, open_modal, update
from cogs.conduct.deciding.bench import DECIDE, Bench

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

DRAFT = r"(?P<draft>\d{1,18})"
SECONDARY, DANGER = discord.ButtonStyle.secondary, discord.ButtonStyle.danger


class TakeButton(PersistentItem[ui.Button[Any]], template=rf"deciding:take:{DRAFT}:(?P<proposed>[01])"):
    """Does what the draft says, or what is proposed instead."""

    access: ClassVar = DECIDE

    def __init__(self, draft_id: int, proposed: int, label: str = "-", style: discord.ButtonStyle = SECONDARY) -> None:
        key = f"deciding:take:{draft_id}:{int(proposed)}"
        super().__init__(ui.Button(label=label, style=style, custom_id=key))
        self.draft_id, self.proposed = draft_id, bool(proposed)

    async def run(self, interaction: "Interaction") -> None:
        # The pages are made of these buttons, so what draws them cannot be imported before this module.
        from cogs.conduct.deciding.flow import confirm

        bench = Bench.of(interaction)
        decision = await bench.deciding.draft(bench.guild.id, self.draft_id, bench.actor.id)
        await confirm(bench, decision.as_proposed() if self.proposed else decision, self.draft_id)


class WhyButton(PersistentItem[ui.Button[Any]], template=rf"deciding:why:{DRAFT}"):
    """Opens the form in which a departure from the proposal is explained."""

    access: ClassVar = DECIDE

    def __init__(self, draft_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=DANGER, custom_id=f"deciding:why:{draft_id}"))
        self.draft_id = draft_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.deciding.forms import WhyForm

        await open_modal(interaction, WhyForm.of(Bench.of(interaction), self.draft_id))


class DropButton(PersistentItem[ui.Button[Any]], template=rf"deciding:drop:{DRAFT}"):
    """Nothing comes of the draft."""

    access: ClassVar = DECIDE

    def __init__(self, draft_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"deciding:drop:{draft_id}"))
        self.draft_id = draft_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.deciding.pages import nothing_done

        bench = Bench.of(interaction)
        await bench.deciding.draft(bench.guild.id, self.draft_id, bench.actor.id)
        await bench.deciding.forget(self.draft_id)
        await update(interaction, view=nothing_done(bench.t))
