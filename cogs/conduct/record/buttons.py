"""Buttons, the menu and the form of a record: all of them work after a restart."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.ui import PersistentItem, PersistentModal, Submitted, open_modal, update
from cogs.conduct.access import MODERATE
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.record.rules import What

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

NOTE = "note"
LONGEST = 1000
"""Characters of a note, as of a reason."""
SECONDARY = discord.ButtonStyle.secondary


class TurnButton(PersistentItem[ui.Button[Any]], template=r"record:turn:(?P<user>\d{1,20}):(?P<page>\d{1,6})"):
    """Turns to another page of the record."""

    access: ClassVar = MODERATE

    def __init__(self, user_id: int, page: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"record:turn:{user_id}:{page}"))
        self.user_id, self.page = user_id, page

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.record.page import record_view  # which is made of these buttons

        await update(interaction, view=await record_view(Bench.of(interaction), self.user_id, self.page))


class OpenMenu(PersistentItem[ui.Select[Any]], template=r"record:open"):
    """Opens the case, report or appeal that is chosen, beside the record."""

    access: ClassVar = MODERATE

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "record:open"
        super().__init__(menu)

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.record.page import open_entry

        what, _, number = self.item.values[0].partition(":")
        await open_entry(interaction, What(what), int(number))


class NoteButton(PersistentItem[ui.Button[Any]], template=r"record:note:(?P<user>\d{1,20})"):
    """Opens the form of a note."""

    access: ClassVar = MODERATE

    def __init__(self, user_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"record:note:{user_id}"))
        self.user_id = user_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.record.noting import require_known_rank

        bench = Bench.of(interaction)
        require_known_rank(bench, self.user_id)
        await open_modal(interaction, NoteForm.of(bench, self.user_id))


class NoteForm(PersistentModal):
    """What is worth remembering about somebody. They are not told."""

    access: ClassVar = MODERATE
    template = re.compile(r"record:note:(?P<user>\d{1,20})")

    @classmethod
    def of(cls, bench: Bench, user_id: int) -> Self:
        t = bench.t
        form = cls(title=t(N_("A note for the team")), custom_id=f"record:note:{user_id}")
        hint = t(N_("It counts no points. The member is not told, but gets it on asking for their data."))
        return form.ask(NOTE, t(N_("What is worth remembering?")), hint, longest=LONGEST)

    @classmethod
    async def submitted(cls, interaction: "Interaction", ids: re.Match[str], values: Submitted) -> None:
        from cogs.conduct.record.noting import note

        await note(Bench.of(interaction), int(ids["user"]), str(values.get(NOTE) or ""))


PARTS = (TurnButton, OpenMenu, NoteButton, NoteForm)
