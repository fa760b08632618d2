"""Buttons and menus of `/privacy`. Each is about whoever presses it; a server in a custom_id gives no access."""

import asyncio
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.ui import LayoutView, PersistentItem, acknowledge, reply, update
from bot.ui.text import shortened
from cogs.membership.privacy.erasing import Erasing
from cogs.membership.privacy.file import document, files
from cogs.membership.privacy.screens import Kind, Screen, done, first_place, reader_of, render, show
from cogs.membership.privacy.servers import EVERYWHERE, Server

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

OPTIONS = 25
"""Discord's limit of the entries of a menu."""
ATTACHMENTS = 10
"""Discord's limit of the files of a message."""
SECONDARY = discord.ButtonStyle.secondary


async def open_privacy(interaction: "Interaction") -> None:
    """What is kept about the person: here, or in a direct message wherever something is."""
    reader = await reader_of(interaction)
    await reply(interaction, view=await render(reader, Screen(Kind.HOME, first_place(reader.servers))))


class PrivacyButton(PersistentItem[ui.Button[Any]], template=r"privacy:open:(?P<guild>\d{1,20})"):
    """On another page: opens `/privacy` beside it."""

    access = EVERYONE

    def __init__(self, guild_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"privacy:open:{guild_id}"))

    async def run(self, interaction: "Interaction") -> None:
        await open_privacy(interaction)


class GoButton(
    PersistentItem[ui.Button[Any]],
    template=r"privacy:go:(?P<kind>[hace]):(?P<guild>\d{1,20})(:(?P<page>\d{1,3}))?",
):
    """Turns to another screen, or another page of it."""

    access = EVERYONE

    def __init__(
        self, to: Screen, label: str = "-", style: discord.ButtonStyle = SECONDARY, emoji: str | None = None
    ) -> None:
        custom_id = f"privacy:go:{to.kind}:{to.guild_id}" + (f":{to.page}" if to.page else "")
        super().__init__(ui.Button(label=label, style=style, emoji=emoji, custom_id=custom_id))
        self.to = to

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(Screen(Kind(match["kind"]), int(match["guild"]), int(match["page"] or 0)))

    async def run(self, interaction: "Interaction") -> None:
        await show(interaction, self.to)


class ServerMenu(PersistentItem[ui.Select[Any]], template=r"privacy:server"):
    """In a direct message: which server it is about, or all of them."""

    access = EVERYONE

    def __init__(self, menu: "ui.Select[Any]") -> None:
        menu.custom_id = "privacy:server"
        super().__init__(menu)

    @classmethod
    def of(cls, t: Localizer, servers: Sequence[Server], chosen: int) -> Self:
        everywhere = discord.SelectOption(
            label=t(N_("All servers")), value=str(EVERYWHERE), default=chosen == EVERYWHERE
        )
        each = [
            discord.SelectOption(label=shortened(one.name, 100), value=str(one.id), default=chosen == one.id)
            for one in servers[: OPTIONS - 1]
        ]
        return cls(ui.Select(options=[everywhere, *each], placeholder=t(N_("Which server"))))

    async def run(self, interaction: "Interaction") -> None:
        await show(interaction, Screen(Kind.HOME, int(self.item.values[0])))


class FileButton(PersistentItem[ui.Button[Any]], template=r"privacy:file:(?P<guild>\d{1,20})"):
    """Sends the presser's own data as a file only they see."""

    access = EVERYONE

    def __init__(self, guild_id: int, label: str = "-") -> None:
        super().__init__(ui.Button(label=label, style=SECONDARY, custom_id=f"privacy:file:{guild_id}"))
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        await acknowledge(interaction, thinking=True)
        reader = await reader_of(interaction)
        t, where = reader.t, Screen(Kind.HOME, self.guild_id)
        export = await interaction.client.community.export(where.within, reader.user_id)
        names = {one.id: one.name for one in reader.servers if self.guild_id in (EVERYWHERE, one.id)}
        name = t(N_("my-data"))
        made = await asyncio.to_thread(lambda: files(document(t, export, names), name, interaction.filesize_limit))
        for start in range(0, len(made), ATTACHMENTS):
            part = made[start : start + ATTACHMENTS]
            await reply(
                interaction,
                t(N_("Everything that is stored about you, as of now. Only you see this message.")),
                files=[discord.File(io.BytesIO(one.content), one.name) for one in part],
            )


class EraseButton(PersistentItem[ui.Button[Any]], template=r"privacy:erase:(?P<guild>\d{1,20})"):
    """Erases the presser's own data. A second press finds nothing, and says so."""

    access = EVERYONE

    def __init__(self, guild_id: int, label: str = "-") -> None:
        super().__init__(
            ui.Button(label=label, style=discord.ButtonStyle.danger, custom_id=f"privacy:erase:{guild_id}")
        )
        self.guild_id = guild_id

    async def run(self, interaction: "Interaction") -> None:
        where = Screen(Kind.CONFIRM, self.guild_id)
        reader = await reader_of(interaction)  # the server's name is known from rows that are gone afterwards
        erased = await interaction.client.service(Erasing).erase(where.within, reader.user_id)
        view: LayoutView = done(reader, where, erased)
        await update(interaction, view=view)


PARTS = PrivacyButton, GoButton, ServerMenu, FileButton, EraseButton
