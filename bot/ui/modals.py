"""Modals that outlive restarts: routed by custom_id, never by what the process remembers."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.permissions.access import Access, check_access
from bot.ui.errors import report_error
from bot.ui.replies import start_deadline

if TYPE_CHECKING:
    from bot.client import CommunityBot

Submitted = Mapping[str, str | list[str] | bool]
"""What was filled in, by the custom_id of each field."""


class PersistentModal(ui.Modal):
    """A form. discord.py discards the submission of a modal opened before a restart without a word; so ours are
    never stored: every submission is matched against ``template`` and handed to ``submitted``.

    A modal must be the first response to its interaction: what it needs comes from memory.
    """

    access: ClassVar[Access]
    template: ClassVar[re.Pattern[str]]
    every: ClassVar[list[type["PersistentModal"]]] = []

    def __init__(self, *, title: str, custom_id: str) -> None:
        assert self.template.fullmatch(custom_id), f"{custom_id} does not fit {self.template.pattern}"
        super().__init__(title=title, custom_id=custom_id, timeout=None)

    def ask(
        self,
        name: str,
        label: str,
        hint: str,
        *,
        longest: int,
        shortest: int | None = None,
        required: bool = True,
    ) -> Self:
        """Add a field of several lines; ``name`` is what ``Submitted`` calls it. Lengths are in characters."""
        field = ui.TextInput[Any](
            custom_id=name,
            style=discord.TextStyle.paragraph,
            min_length=shortest,
            max_length=longest,
            required=required,
        )
        self.add_item(ui.Label(text=label, description=hint, component=field))
        return self

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        PersistentModal.every.append(cls)

    def is_finished(self) -> bool:
        """Always: this keeps discord.py from storing the modal, so that only our router answers it."""
        return True

    @classmethod
    async def submitted(
        cls, interaction: "discord.Interaction[CommunityBot]", ids: re.Match[str], values: Submitted
    ) -> None:
        """What a submission does; ``ids`` is the match of ``template``."""
        raise NotImplementedError


class ModalRouter:
    """Finds the modal class of a submission."""

    def __init__(self) -> None:
        self._modals: list[type[PersistentModal]] = []

    def add(self, *modals: type[PersistentModal]) -> None:
        self._modals += [modal for modal in modals if modal not in self._modals]

    def find(self, custom_id: str) -> tuple[type[PersistentModal], re.Match[str]] | None:
        for modal in self._modals:
            if match := modal.template.fullmatch(custom_id):
                return modal, match
        return None

    async def route(self, interaction: "discord.Interaction[CommunityBot]") -> bool:
        """Handle a modal submission; False when no modal of ours has this custom_id. Errors go to the one exit."""
        data: Any = interaction.data or {}
        found = self.find(data.get("custom_id", ""))
        if found is None:
            return False
        modal, match = found
        start_deadline(interaction)
        try:
            check_access(interaction, modal.access)
            await modal.submitted(interaction, match, dict(_fields(data.get("components", []))))
        except Exception as error:
            await report_error(interaction, error)
        return True


def _fields(components: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    for component in components:
        if "component" in component:
            yield from _fields([component["component"]])
        elif "components" in component:
            yield from _fields(component["components"])
        elif "custom_id" in component:
            yield component["custom_id"], component["values"] if "values" in component else component.get("value")
