"""Menus of the filters: each names its filter, and looks again at every choice."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui

from bot.contracts.services import CodeOfConduct
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.ui import PersistentItem
from cogs.conduct.code.choosing import article_name
from cogs.conduct.screening import words
from cogs.conduct.screening.buttons import NUMBER
from cogs.conduct.screening.changing import attempt, page_or_list, try_to_arm
from cogs.conduct.screening.place import Place, show
from cogs.conduct.screening.rules import Doing, Kept, Watch

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

NONE = "0"


class OpenMenu(PersistentItem[ui.Select[Any]], template=r"filters:pick"):
    """Opens a filter of the list."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    def of(cls, options: list[discord.SelectOption], placeholder: str) -> Self:
        return cls(ui.Select(custom_id="filters:pick", options=options, placeholder=placeholder))

    async def run(self, interaction: "Interaction") -> None:
        await show(interaction, await page_or_list(Place.of(interaction), int(self.item.values[0])))


class _FilterMenu(PersistentItem[ui.Select[Any]], template=r"(?!)"):
    """A menu of one filter."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)  # type: ignore[arg-type]

    @property
    def number(self) -> int:
        return int(self.item.custom_id.rpartition(":")[2])


class WatchMenu(_FilterMenu, template=rf"filters:watch:{NUMBER}"):
    """Off, shadow or armed. What would find much is armed only once that is confirmed."""

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        t = place.t
        options = [
            discord.SelectOption(
                label=t(words.WATCHES[one]),
                value=one.value,
                description=t(words.WATCHES_EXPLAINED[one]),
                default=one is kept.watch,
            )
            for one in Watch
        ]
        return cls(ui.Select(custom_id=f"filters:watch:{kept.number}", options=options))

    async def run(self, interaction: "Interaction") -> None:
        wanted = Watch(self.item.values[0])
        place = Place.of(interaction)
        kept = place.kept(self.number)
        if wanted is not Watch.ARMED or kept.watch is Watch.ARMED:
            await attempt(interaction, self.number, lambda one: replace(one, watch=wanted))
        else:
            await try_to_arm(interaction, place, kept)


class DoingMenu(_FilterMenu, template=rf"filters:doing:{NUMBER}"):
    """What it does when armed."""

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        t = place.t
        options = [
            discord.SelectOption(
                label=t(words.DOINGS[one]),
                value=one.value,
                description=t(words.DOINGS_EXPLAINED[one]),
                default=one is kept.doing,
            )
            for one in Doing
        ]
        return cls(ui.Select(custom_id=f"filters:doing:{kept.number}", options=options))

    async def run(self, interaction: "Interaction") -> None:
        wanted = Doing(self.item.values[0])
        await attempt(interaction, self.number, lambda one: replace(one, doing=wanted))


class ArticleMenu(_FilterMenu, template=rf"filters:article:{NUMBER}"):
    """The article that it upholds; its severity is a hit's."""

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        t, code = place.t, place.bot.find_service(CodeOfConduct)
        articles = [one for one in (code.articles(place.guild.id) if code else ()) if not one.withdrawn][:24]
        options = [discord.SelectOption(label=t(N_("No article")), value=NONE, default=kept.article is None)]
        options += [
            discord.SelectOption(
                label=article_name(one, t.language), value=str(one.number), default=one.number == kept.article
            )
            for one in articles
        ]
        return cls(ui.Select(custom_id=f"filters:article:{kept.number}", options=options))

    async def run(self, interaction: "Interaction") -> None:
        chosen = int(self.item.values[0]) or None
        await attempt(interaction, self.number, lambda one: replace(one, article=chosen))


class RolesMenu(PersistentItem[ui.RoleSelect[Any]], template=rf"filters:roles:{NUMBER}"):
    """Roles that it leaves alone."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)  # type: ignore[arg-type]

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        here = [role.id for role in place.guild.roles if role.id in kept.exempt_roles]
        return cls(
            ui.RoleSelect(
                custom_id=f"filters:roles:{kept.number}",
                placeholder=place.t(N_("Roles left alone")),
                min_values=0,
                max_values=20,
                default_values=[discord.SelectDefaultValue.from_role(discord.Object(one)) for one in here],
            )
        )

    async def run(self, interaction: "Interaction") -> None:
        number, chosen = int(self.item.custom_id.rpartition(":")[2]), tuple(one.id for one in self.item.values)
        await attempt(interaction, number, lambda kept: replace(kept, exempt_roles=chosen))


class ChannelsMenu(PersistentItem[ui.ChannelSelect[Any]], template=rf"filters:channels:{NUMBER}"):
    """Channels and categories that it leaves alone."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)  # type: ignore[arg-type]

    @classmethod
    def of(cls, place: Place, kept: Kept) -> Self:
        here = [one for one in kept.exempt_channels if place.guild.get_channel_or_thread(one)]
        return cls(
            ui.ChannelSelect(
                custom_id=f"filters:channels:{kept.number}",
                placeholder=place.t(N_("Channels left alone")),
                min_values=0,
                max_values=25,
                default_values=[discord.SelectDefaultValue.from_channel(discord.Object(one)) for one in here],
            )
        )

    async def run(self, interaction: "Interaction") -> None:
        number, chosen = int(self.item.custom_id.rpartition(":")[2]), tuple(one.id for one in self.item.values)
        await attempt(interaction, number, lambda kept: replace(kept, exempt_channels=chosen))


MENUS = (OpenMenu, WatchMenu, DoingMenu, ArticleMenu, RolesMenu, ChannelsMenu)
