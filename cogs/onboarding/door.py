"""The welcome as `/setup` needs it: posted where the settings say, and shown as a newcomer gets it."""

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.contracts.services import CodeOfConduct
from bot.guilds.sections import Section
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.ui import LayoutView
from cogs.onboarding.effects.panel import publish_panel
from cogs.onboarding.rules import Progress
from cogs.onboarding.service import Journeys, Panels
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings
from cogs.onboarding.views.checklist import checklist_view
from cogs.onboarding.views.post import panel_view
from cogs.onboarding.views.visit import SCREENING, Visit

if TYPE_CHECKING:
    from bot.client import CommunityBot


class Door:
    """``NewcomerDoor`` of the contracts."""

    place: tuple[type[Section], str, str] = (WelcomeSettings, "enabled", "panel_channel")

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot

    def preview(self, guild: discord.Guild, member: discord.Member, t: Localizer) -> LayoutView:
        """The panel in the language of the server, then the checklist it opens, in the reader's."""
        welcome = self._bot.guild_settings.get(guild.id, WelcomeSettings)
        public = self._bot.i18n.for_guild(guild.id)
        other = next(one for one in self._bot.i18n.all() if one is not public)
        view = LayoutView()
        for text, shown in (
            (t(N_("-# In the channel, for everyone:")), panel_view(public, other, guild, welcome, 1)),
            (t(N_("-# After **Start**, for the newcomer alone:")), self._checklist(guild, member, t)),
        ):
            view.add_item(ui.TextDisplay(text))
            for part in shown.children:
                view.add_item(_powerless(part))
        return view

    async def post(self, guild: discord.Guild) -> tuple[int, int]:
        """Raises what ``publish_panel`` raises."""
        await publish_panel(self._bot, guild)
        panel = await self._bot.service(Panels).current(guild.id)
        assert panel is not None
        assert panel.message_id is not None
        return panel.channel_id, panel.message_id

    def _checklist(self, guild: discord.Guild, member: discord.Member, t: Localizer) -> LayoutView:
        journeys, screening = self._bot.service(Journeys), SCREENING in guild.features
        where = Visit(
            guild=guild,
            member=member,
            t=t,
            public_language=self._bot.i18n.for_guild(guild.id).language,
            welcome=self._bot.guild_settings.get(guild.id, WelcomeSettings),
            groups=self._bot.guild_settings.get(guild.id, GroupsSettings),
            code=self._bot.service(CodeOfConduct).current(guild.id),
            plan=journeys.plan(guild.id, screening=screening),
            journeys=journeys,
        )
        # Discord's own screening is behind whoever can press a button.
        return checklist_view(where, Progress(screened=True))


def _powerless(part: "ui.Item[Any]") -> "ui.Item[Any]":
    """The same, with buttons that nobody can press."""
    children = part.walk_children() if isinstance(part, ui.Container) else [part]
    for child in children:
        inner = child.item if isinstance(child, ui.DynamicItem) else child  # noqa: TID251 - ours are such items
        if isinstance(inner, ui.Button | ui.Select) and getattr(inner, "url", None) is None:
            inner.disabled = True
    return part
