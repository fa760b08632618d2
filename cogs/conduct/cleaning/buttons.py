"""Buttons of a cleaning: each carries its number, and everything is looked at again at every click."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.permissions import Access
from bot.ui import PersistentItem, acknowledge, reply, update
from cogs.conduct.access import MODERATE

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

CLEAN = Access("delete messages", frozenset({"manage_messages"}))
"""Whoever may delete the messages of others in that channel."""
DANGER, SECONDARY = discord.ButtonStyle.danger, discord.ButtonStyle.secondary


class CleanButton(PersistentItem[ui.Button[Any]], template=r"cleaning:do:(?P<cleaning>\d{1,18})"):
    """Deletes what was previewed."""

    access: ClassVar = CLEAN

    def __init__(self, cleaning_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=DANGER, custom_id=f"cleaning:do:{cleaning_id}"))
        self.cleaning_id = cleaning_id

    async def run(self, interaction: "Interaction") -> None:
        # The pages are made of these buttons, so their module cannot be imported before this one.
        from cogs.conduct.cleaning.doing import confirm

        await acknowledge(interaction)
        await update(interaction, view=await confirm(interaction, self.cleaning_id))


def about_key(cleaning_id: int) -> str:
    """The custom_id by which the post in the moderation log is found again."""
    return f"cleaning:about:{cleaning_id}"


class AuthorsButton(PersistentItem[ui.Button[Any]], template=r"cleaning:about:(?P<cleaning>\d{1,18})"):
    """Says in private whose messages were deleted."""

    access: ClassVar = MODERATE

    def __init__(self, cleaning_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=about_key(cleaning_id)))
        self.cleaning_id = cleaning_id

    async def run(self, interaction: "Interaction") -> None:
        from cogs.conduct.cleaning.doing import authors

        await reply(interaction, view=await authors(interaction, self.cleaning_id))
