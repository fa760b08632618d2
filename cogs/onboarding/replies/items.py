"""Buttons of a call: a greeter takes it, or passes it on."""

from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.permissions.team import is_staff
from bot.ui import PersistentItem, View, reply
from cogs.onboarding.replies.board import Board
from cogs.onboarding.replies.greeters import Greeters
from cogs.onboarding.replies.refusals import ForGreeters
from cogs.onboarding.replies.service import Replies

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


def take_key(call_id: int) -> str:
    """The custom_id by which a call's message is found again."""
    return f"replies:take:{call_id}"


class TakeButton(PersistentItem[ui.Button[Any]], template=r"replies:take:(?P<call>\d{1,19})"):
    """The greeter who was asked, or another one, takes care of it."""

    access: ClassVar = EVERYONE

    def __init__(self, call_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.primary
        super().__init__(ui.Button(label=label, style=style, custom_id=take_key(call_id)))
        self.call_id = call_id

    async def run(self, interaction: "Interaction") -> None:
        await _require_greeter(interaction)
        board = await interaction.client.service(Replies).take(self.call_id, interaction.user.id)
        t = interaction.client.i18n.for_interaction(interaction)
        text = t(N_("It is yours. A question about what they wrote starts the talk."))
        await reply(interaction, text, view=_way(t(N_("Go there")), board))


class NotNowButton(PersistentItem[ui.Button[Any]], template=r"replies:pass:(?P<call>\d{1,19})"):
    """The greeter who was asked cannot: somebody else is."""

    access: ClassVar = EVERYONE

    def __init__(self, call_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"replies:pass:{call_id}"))
        self.call_id = call_id

    async def run(self, interaction: "Interaction") -> None:
        board = await interaction.client.service(Replies).decline(self.call_id, interaction.user.id)
        t = interaction.client.i18n.for_interaction(interaction)
        if board.escalated:
            text = t(N_("Nobody else is on call, so the team’s inbox has it now."))
        else:
            text = t(N_("Somebody else is asked now."))
        await reply(interaction, text)


async def _require_greeter(interaction: "Interaction") -> None:
    """Raises ForGreeters."""
    bot, person = interaction.client, interaction.user
    if not isinstance(person, discord.Member):
        raise ForGreeters
    if not is_staff(bot, person) and await bot.service(Greeters).find(person.guild.id, person.id) is None:
        raise ForGreeters


def _way(label: str, board: Board) -> View:
    view = View()
    if board.channel_id:
        address = f"https://discord.com/channels/{board.guild_id}/{board.channel_id}"
        url = address if board.message_id is None else f"{address}/{board.message_id}"
        view.add_item(ui.Button(label=label, url=url))
    return view


PARTS = (TakeButton, NotNowButton)
