"""**Silence**, below every unasked message, and the way back."""

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.ui import LayoutView, PersistentItem, palette, reply, update
from bot.ui.text import escaped

if TYPE_CHECKING:
    from bot.client import CommunityBot
    from bot.i18n.localizer import Localizer

    Interaction = discord.Interaction[CommunityBot]


def silence_key(guild_id: int, letter_id: int) -> str:
    """The custom_id of the button below one message, by which the message is found again."""
    return f"attention:silence:{guild_id}:{letter_id}"


class SilenceButton(
    PersistentItem[ui.Button[Any]], template=r"attention:silence:(?P<guild>\d{1,20}):(?P<letter>\d{1,19})"
):
    """Stops every unasked message of that server to whoever presses it."""

    access = EVERYONE

    def __init__(self, guild_id: int, letter_id: int, label: str = "-") -> None:
        key = silence_key(guild_id, letter_id)
        super().__init__(ui.Button(label=label, style=discord.ButtonStyle.secondary, emoji="🔕", custom_id=key))
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        await interaction.client.attention.silence(self.guild_id, interaction.user.id, True)
        await reply(interaction, view=_said(interaction, self.guild_id, on=True))


class HearAgainButton(PersistentItem[ui.Button[Any]], template=r"attention:hear:(?P<guild>\d{1,20})"):
    """Takes Silence back."""

    access = EVERYONE

    def __init__(self, guild_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"attention:hear:{guild_id}"))
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        await interaction.client.attention.silence(self.guild_id, interaction.user.id, False)
        await update(interaction, view=_said(interaction, self.guild_id, on=False))


def _said(interaction: "Interaction", guild_id: int, *, on: bool) -> LayoutView:
    t = interaction.client.i18n.for_reader(interaction.locale, guild_id)
    guild = interaction.client.get_guild(guild_id)
    server = escaped(guild.name) if guild else t(N_("that server"))
    return _answer(t, guild_id, server, on=on)


def _answer(t: "Localizer", guild_id: int, server: str, *, on: bool) -> LayoutView:
    box: ui.Container[LayoutView] = ui.Container(accent_colour=palette.QUIET if on else palette.GOOD)
    if on:
        text = t(
            N_(
                "Silence is on: {server} sends you nothing more that you did not ask for. "
                "You can take it back here, or later in `/profile`."
            ),
            server=server,
        )
        box.add_item(ui.TextDisplay(text))
        row: ui.ActionRow[LayoutView] = ui.ActionRow()
        box.add_item(row.add_item(HearAgainButton(guild_id, t(N_("Take Silence back")))))
    else:
        box.add_item(ui.TextDisplay(t(N_("Silence is off: {server} may write to you once a week."), server=server)))
    view = LayoutView()
    view.add_item(box)
    return view


PARTS = SilenceButton, HearAgainButton
