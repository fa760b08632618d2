"""What a feature gives to a member's profile."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

if TYPE_CHECKING:
    from bot.client import CommunityBot
    from bot.i18n.localizer import Localizer


@dataclass(frozen=True)
class Look:
    """Somebody looks at a member. ``t`` speaks the reader's language."""

    bot: "CommunityBot"
    guild: discord.Guild
    member: discord.Member
    t: "Localizer"


Part = str | ui.Item[Any]
"""A text (Discord's markdown, user text escaped), or a component for a container: a section, a row of buttons."""

Build = Callable[[Look], Awaitable[Sequence[Part] | None]]
"""Makes a page: at most 28 components and 3,000 characters. None where there is nothing to show."""


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """A page of the hub. Its buttons are the feature's own ``PersistentItem``s; ``show_page`` turns back to it.

    ``own`` is what members see of themselves, ``public`` what everybody sees of them.
    """

    key: str
    """Stable, lower case: it travels in menus."""
    title: str
    """``N_`` text, at most 40 characters in every language."""
    order: int
    """Pages stand by it; the overview is 0, the options are 100."""
    own: Build | None = None
    public: Build | None = None
