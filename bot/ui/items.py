"""Buttons and selects that outlive restarts and re-check permissions at every click."""

import inspect
import re
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

import discord
from discord import ui

from bot.permissions.access import Access, check_access
from bot.ui.errors import report_error
from bot.ui.replies import start_deadline

if TYPE_CHECKING:
    from bot.client import CommunityBot

ItemT = TypeVar("ItemT", bound="ui.Item[Any]")


class PersistentItem(ui.DynamicItem[ItemT], Generic[ItemT], template=r"(?!)"):
    """A stateless component: what it needs travels in its custom_id, ``feature:action:ids`` (≤ 100 characters).

    Subclasses declare ``access`` and implement ``run``. discord.py only logs what a DynamicItem raises, and the
    person would see "This interaction failed"; here it goes to the one error exit.
    """

    access: ClassVar[Access]
    every: ClassVar[list[type["PersistentItem[Any]"]]] = []
    """All subclasses, for the test that each of them declares its access."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not inspect.isabstract(cls):
            PersistentItem.every.append(cls)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Made anew from what its custom_id says: the named groups of the template in their order, digits as numbers,
        then the item itself where it is a menu, whose choices are not in the custom_id.

        Whose arguments are something else says so by a method of its own.
        """
        said = [int(value) if value and value.isdecimal() else value for value in match.groupdict().values()]
        made: Any = cls
        return cast("Self", made(*said) if isinstance(item, ui.Button) else made(*said, item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        start_deadline(interaction)
        try:
            check_access(interaction, self.access)
            await self.run(interaction)
        except Exception as error:
            await report_error(interaction, error)

    async def run(self, interaction: "discord.Interaction[CommunityBot]") -> None:
        """What a click does. Raises UserError for what the person can mend."""
        raise NotImplementedError
