"""The hub: who it is about, one page, and the menu to the others."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.profile.contract import Look, Part, ProfilePage
from bot.ui import LayoutView, PersistentItem, palette, reply, update
from bot.ui.text import escaped

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

log = logging.getLogger(__name__)

OPTIONS = 25
"""Discord's limit of the entries of a menu."""
Parts = Sequence[Part]


class NoServer(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This works only inside a server."))


class BotHasNone(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(N_("{name} is a bot and has no profile. Choose a member."), name=name)


class LeftServer(UserError):
    def __init__(self) -> None:
        super().__init__(N_("This person is not a member of this server at present, so there is no profile to show."))


class PageMenu(PersistentItem[ui.Select[Any]], template=r"profile:page:(?P<member>\d{1,20})"):
    """Turns to another page of the same member."""

    access = EVERYONE

    def __init__(self, member_id: int, menu: "ui.Select[Any]") -> None:
        menu.custom_id = f"profile:page:{member_id}"
        super().__init__(menu)
        self.member_id = member_id

    async def run(self, interaction: "Interaction") -> None:
        guild = _guild(interaction)
        member = guild.get_member(self.member_id)
        if member is None and self.member_id == interaction.user.id and isinstance(interaction.user, discord.Member):
            member = interaction.user
        if member is None:
            raise LeftServer
        await update(interaction, view=await _render(interaction, guild, member, self.item.values[0]))


async def open_profile(interaction: "Interaction", person: discord.Member | discord.User | None = None) -> None:
    """Answer with somebody's profile (None: one's own). Raises BotHasNone or LeftServer."""
    guild = _guild(interaction)
    who = person or interaction.user
    if who.bot:
        raise BotHasNone(escaped(who.display_name))
    if not isinstance(who, discord.Member) or who.guild.id != guild.id:
        raise LeftServer
    await reply(interaction, view=await _render(interaction, guild, who))


async def show_page(interaction: "Interaction", key: str, notice: str | None = None) -> None:
    """Turn what is in front of the person to a page of their own profile, with something to say above it."""
    guild = _guild(interaction)
    if not isinstance(interaction.user, discord.Member):
        raise NoServer
    await update(interaction, view=await _render(interaction, guild, interaction.user, key, notice))


def _guild(interaction: "Interaction") -> discord.Guild:
    guild = interaction.client.get_guild(interaction.guild_id or 0)
    if guild is None:
        raise NoServer
    return guild


async def _render(
    interaction: "Interaction",
    guild: discord.Guild,
    member: discord.Member,
    key: str | None = None,
    notice: str | None = None,
) -> LayoutView:
    """The page, or the first one where that shows nothing (any more)."""
    bot = interaction.client
    look = Look(bot, guild, member, bot.i18n.for_interaction(interaction))
    own = member.id == interaction.user.id
    known = bot.profile.pages(own=own)
    made = await asyncio.gather(*(build(look) for _, build in known), return_exceptions=True)
    shown: list[tuple[ProfilePage, Parts]] = []
    for (page, _), parts in zip(known, made, strict=True):
        if isinstance(parts, BaseException):
            if page.key == key or not isinstance(parts, Exception):
                raise parts
            log.error("page %s of the profile cannot be shown", page.key, exc_info=parts)
        elif parts is not None:
            shown.append((page, parts))
    current = next((entry for entry in shown if entry[0].key == key), shown[0] if shown else None)
    return _view(look, [page for page, _ in shown], current, notice)


def _view(
    look: Look, pages: Sequence[ProfilePage], current: tuple[ProfilePage, Parts] | None, notice: str | None
) -> LayoutView:
    t = look.t
    box: ui.Container[LayoutView] = ui.Container(accent_colour=palette.ACCENT)
    heading = f"## {escaped(look.member.display_name)}"
    if current is not None:
        heading += f"\n**{t(current[0].title)}**"
    portrait: ui.Thumbnail[LayoutView] = ui.Thumbnail(
        look.member.display_avatar.url, description=t(N_("Picture of {name}"), name=look.member.display_name)
    )
    box.add_item(ui.Section(heading + f"\n-# {escaped(look.guild.name)}", accessory=portrait))
    if notice:
        box.add_item(ui.TextDisplay(notice))
    for part in current[1] if current else ():
        box.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    if len(pages) > 1:
        options = [
            discord.SelectOption(
                label=t(page.title), value=page.key, default=current is not None and page.key == current[0].key
            )
            for page in pages[:OPTIONS]
        ]
        menu = PageMenu(look.member.id, ui.Select(options=options, placeholder=t(N_("Turn to another page"))))
        box.add_item(ui.Separator(spacing=discord.SeparatorSpacing.small))
        box.add_item(ui.ActionRow(menu))
    view = LayoutView()
    view.add_item(box)
    return view
