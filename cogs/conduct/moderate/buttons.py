"""Buttons and menus of the panel: each carries the number of its draft, and everything is looked at anew."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.ui import PersistentItem, open_modal, reply, update
from cogs.conduct.access import MODERATE
from cogs.conduct.code.choosing import chosen_article
from cogs.conduct.deciding.bench import Bench
from cogs.conduct.reports.refusals import AlreadyClosed

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

DRAFT = r"(?P<draft>\d{1,18})"
SECONDARY, DANGER, PRIMARY = discord.ButtonStyle.secondary, discord.ButtonStyle.danger, discord.ButtonStyle.primary
PROPOSED = "proposed"
"""The value of the menu that follows the ladder."""


class ModerateButton(PersistentItem[ui.Button[Any]], template=r"moderate:report:(?P<report>\d{1,18})"):
    """Opens the panel about whoever was reported, with the evidence attached."""

    access: ClassVar = MODERATE

    def __init__(self, report_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=PRIMARY, custom_id=f"moderate:report:{report_id}"))
        self.report_id = report_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.moderate.opening import opened_from_report
        from cogs.conduct.reports.open_pages import refreshed

        try:
            view = await opened_from_report(Bench.of(interaction), self.report_id)
        except AlreadyClosed:
            await refreshed(interaction, self.report_id)
            raise
        await reply(interaction, view=view)


class ArticleMenu(PersistentItem[ui.Select[Any]], template=rf"moderate:article:{DRAFT}"):
    """Chooses which article was broken."""

    access: ClassVar = MODERATE

    def __init__(self, draft_id: int, menu: "ui.Select[Any]") -> None:
        menu.custom_id = f"moderate:article:{draft_id}"
        super().__init__(menu)
        self.draft_id = draft_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.moderate.panel import choose

        found = chosen_article(interaction, self.item.values[0])  # it may have been withdrawn meanwhile
        await choose(Bench.of(interaction), self.draft_id, article=found.number)


class StepMenu(PersistentItem[ui.Select[Any]], template=rf"moderate:step:{DRAFT}"):
    """Chooses what is done."""

    access: ClassVar = MODERATE

    def __init__(self, draft_id: int, menu: "ui.Select[Any]") -> None:
        menu.custom_id = f"moderate:step:{draft_id}"
        super().__init__(menu)
        self.draft_id = draft_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.moderate.panel import choose

        chosen = self.item.values[0]
        await choose(Bench.of(interaction), self.draft_id, step=None if chosen == PROPOSED else chosen)


class DeleteButton(PersistentItem[ui.Button[Any]], template=rf"moderate:delete:{DRAFT}:(?P<on>[01])"):
    """Whether the message goes with it; a click turns it to ``on``."""

    access: ClassVar = MODERATE

    def __init__(self, draft_id: int, on: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"moderate:delete:{draft_id}:{on}"))
        self.draft_id, self.on = draft_id, bool(on)

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.moderate.panel import choose

        await choose(Bench.of(interaction), self.draft_id, delete_message=self.on)


class FormButton(PersistentItem[ui.Button[Any]], template=rf"moderate:form:(?P<what>reason|word):{DRAFT}"):
    """Opens the form of the reason, or of a word in private."""

    access: ClassVar = MODERATE

    def __init__(self, what: str, draft_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"moderate:form:{what}:{draft_id}"))
        self.what, self.draft_id = what, draft_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.moderate.forms import ReasonForm, WordForm

        form = ReasonForm if self.what == "reason" else WordForm
        await open_modal(interaction, form.of(Bench.of(interaction), self.draft_id))


class ActButton(PersistentItem[ui.Button[Any]], template=rf"moderate:act:{DRAFT}"):
    """Does what was chosen, or asks first where something is unusual."""

    access: ClassVar = MODERATE

    def __init__(self, draft_id: int, label: str = "-", *, disabled: bool = False) -> None:
        key = f"moderate:act:{draft_id}"
        super().__init__(ui.Button(label=label, style=DANGER, custom_id=key, disabled=disabled))
        self.draft_id = draft_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.moderate.panel import act

        await act(Bench.of(interaction), self.draft_id)


class LeaveButton(PersistentItem[ui.Button[Any]], template=rf"moderate:leave:{DRAFT}"):
    """Nothing comes of it."""

    access: ClassVar = MODERATE

    def __init__(self, draft_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"moderate:leave:{draft_id}"))
        self.draft_id = draft_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.deciding.pages import nothing_done
        from cogs.conduct.moderate.service import Panels

        bench = Bench.of(interaction)
        panels = bench.bot.service(Panels)
        await panels.close(await panels.get(bench.guild.id, self.draft_id, bench.actor.id))
        await update(interaction, view=nothing_done(bench.t))


PARTS = (ModerateButton, ArticleMenu, StepMenu, DeleteButton, FormButton, ActButton, LeaveButton)
