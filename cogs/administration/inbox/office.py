"""Who looks at the inbox of which server, in which language; and the screens they can be shown."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.contracts.inbox import InboxItem
from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.inbox import Inbox
from bot.inbox.refusals import InboxRefusal, ItemGone
from bot.permissions import MANAGE_SERVER, STAFF, Access, NotAllowed, check_access
from bot.ui import LayoutView, update
from cogs.administration.inbox.access import INBOX
from cogs.administration.inbox.places import FIRST, PLACE, Place
from cogs.administration.inbox.texts import Names

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class NotOnTheTeam(UserError):
    def __init__(self) -> None:
        super().__init__(N_("That person is not on the team. Choose somebody who is."))


class Kind(StrEnum):
    """What a screen shows."""

    LIST = "l"
    ITEM = "i"
    CONFIRM = "c"
    ME = "m"


SCREEN = rf"[licm]:\d{{1,19}}:{PLACE}"
"""The pattern of a written ``Screen``."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen. ``item`` is 0 where it is about none; ``place`` is the part of the list one came from."""

    kind: Kind
    item: int = 0
    place: Place = FIRST

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``str`` wrote; the text fits ``SCREEN``."""
        kind, item, place = text.split(":", 2)
        return cls(Kind(kind), int(item), Place.parse(place))

    def __str__(self) -> str:
        return f"{self.kind}:{self.item}:{self.place}"


@dataclass(frozen=True)
class Office:
    """What every screen is made from."""

    bot: "CommunityBot"
    guild: discord.Guild
    t: Localizer
    person: discord.Member
    manages: bool
    """Whether the person manages the server, and so may take over what others hold."""
    kinds: frozenset[str] | None
    """The names of the kinds they may act on; None for the team, who may act on all."""

    @classmethod
    def of(cls, interaction: "discord.Interaction[Any]") -> Self:
        """Raises NotAllowed unless the person may act on something in it right now."""
        bot: CommunityBot = interaction.client
        check_access(interaction, INBOX)
        guild = bot.get_guild(interaction.guild_id or 0)
        if guild is None or not isinstance(interaction.user, discord.Member):
            raise NotAllowed
        kinds = None
        if not _may(interaction, STAFF):
            kinds = bot.inbox.kinds.acted_on_with([name for name, on in interaction.permissions if on])
        t, manages = bot.i18n.for_interaction(interaction), _may(interaction, MANAGE_SERVER)
        return cls(bot, guild, t, interaction.user, manages, kinds)

    @property
    def inbox(self) -> Inbox:
        return self.bot.inbox

    async def open_items(self) -> list[InboxItem]:
        """What waits that is for this person's eyes."""
        items = await self.inbox.open_items(self.guild.id, viewer=self.person.id)
        return [item for item in items if self._reaches(item)]

    async def item(self, item_id: int) -> InboxItem:
        """One of them, settled or not. Raises ItemGone, for what this person may not act on too, or ConcernsYou."""
        item = await self.inbox.item(self.guild.id, item_id, viewer=self.person.id)
        if not self._reaches(item):
            raise ItemGone
        return item

    def _reaches(self, item: InboxItem) -> bool:
        return self.kinds is None or item.kind.name in self.kinds

    async def names(self, people: Iterable[int | None]) -> Names:
        """What those are called who are not in the server any more."""
        return await names_of_absent(self.bot, self.guild, people)


def _may(interaction: "discord.Interaction[Any]", access: Access) -> bool:
    try:
        check_access(interaction, access)
    except NotAllowed:
        return False
    return True


async def names_of_absent(bot: "CommunityBot", guild: discord.Guild, people: Iterable[int | None]) -> Names:
    """Names of the people whom Discord would show as an unknown user."""
    absent = {user_id for user_id in people if user_id is not None and guild.get_member(user_id) is None}
    found = {}
    for user_id in sorted(absent):
        record = await bot.community.members.get(guild.id, user_id)
        if record is not None:
            found[user_id] = record.display_name
    return found


Build = Callable[[Office, Screen, str | None], Awaitable[LayoutView]]
SCREENS: dict[Kind, Build] = {}
"""Filled by the modules of the screens; buttons and screens know each other only through it."""


def screen(kind: Kind) -> Callable[[Build], Build]:
    """Register what builds a kind of screen."""

    def register(build: Build) -> Build:
        SCREENS[kind] = build
        return build

    return register


async def render(office: Office, where: Screen, notice: str | None = None) -> LayoutView:
    """The screen as it is now, with something to say above it. An item that is gone gives its list instead."""
    try:
        return await SCREENS[where.kind](office, where, notice)
    except InboxRefusal as refusal:
        said = office.t(refusal.message, **refusal.params)
        return await SCREENS[Kind.LIST](office, Screen(Kind.LIST, place=where.place), notice or said)


async def show(interaction: "discord.Interaction[Any]", where: Screen, notice: str | None = None) -> None:
    """Turn what is in front of the person to that screen."""
    await update(interaction, view=await render(Office.of(interaction), where, notice))


async def attempt(
    interaction: "discord.Interaction[Any]", act: Callable[[Office], Awaitable[object]], then: Screen, otherwise: Screen
) -> None:
    """Do something and show ``then``; when the inbox refuses, show ``otherwise`` as it is now, with the reason."""
    office = Office.of(interaction)
    try:
        await act(office)
    except (InboxRefusal, NotOnTheTeam) as refusal:
        gone = isinstance(refusal, ItemGone)
        where = Screen(Kind.LIST, place=otherwise.place) if gone else otherwise
        await show(interaction, where, office.t(refusal.message, **refusal.params))
        return
    await show(interaction, then)
