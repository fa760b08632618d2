"""Brings an unasked message to a member: in their language, from which server it comes, and with **Silence**."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.attention.budget import Letter
from bot.attention.buttons import SilenceButton, silence_key
from bot.attention.kinds import AttentionKind, Telling
from bot.attention.service import Unreachable
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.posting import post_once
from bot.ui import LayoutView, palette
from bot.ui.text import escaped

if TYPE_CHECKING:
    from bot.client import CommunityBot


class Delivery:
    """The ``Carrier`` of the real bot."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot

    def reaches(self, guild_id: int) -> bool:
        guild = self._bot.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    async def build(self, letter: Letter, kind: AttentionKind) -> LayoutView | None:
        """None for somebody who left, too."""
        guild = self._bot.get_guild(letter.guild_id)
        member = None if guild is None else await _member(guild, letter.user_id)
        if guild is None or member is None or member.bot:
            return None
        known = await self._bot.community.members.get(guild.id, member.id)
        t = self._bot.i18n.for_reader(known.locale if known else None, guild.id)
        said = await kind.build(Telling(self._bot, guild, member, t, letter.params))
        return None if said is None else _message(t, guild, letter, said)

    async def send(self, letter: Letter, content: LayoutView) -> None:
        """Raises Unreachable when Discord refuses the message for good, HTTPException when it may be tried again."""
        assert letter.claimed_at is not None
        try:
            user = self._bot.get_user(letter.user_id) or await self._bot.fetch_user(letter.user_id)
            channel = user.dm_channel or await user.create_dm()
            await post_once(channel, silence_key(letter.guild_id, letter.id), letter.claimed_at, view=content)
        except (discord.Forbidden, discord.NotFound) as refusal:
            raise Unreachable from refusal


async def _member(guild: discord.Guild, user_id: int) -> discord.Member | None:
    found = guild.get_member(user_id)
    if found is not None or guild.chunked:
        return found
    try:
        return await guild.fetch_member(user_id)
    except discord.NotFound:
        return None


def _message(t: Localizer, guild: discord.Guild, letter: Letter, said: "Sequence[ui.Item[Any]]") -> LayoutView:
    why = t(
        N_("From {server}. At most one message a week that you did not ask for; **Silence** stops them all."),
        server=escaped(guild.name),
    )
    box: ui.Container[LayoutView] = ui.Container(*said, accent_colour=palette.ACCENT)
    box.add_item(ui.Separator(spacing=discord.SeparatorSpacing.small))
    button = SilenceButton(guild.id, letter.id, t(N_("Silence")))
    box.add_item(ui.Section(ui.TextDisplay(f"-# {why}"), accessory=button))
    view = LayoutView()
    view.add_item(box)
    return view
