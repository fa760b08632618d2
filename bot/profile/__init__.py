"""One hub per member, made of the pages that features register."""

from typing import TYPE_CHECKING

from bot.profile.contract import Look, Part, ProfilePage
from bot.profile.hub import PageMenu, open_profile, show_page
from bot.profile.registry import Profile

if TYPE_CHECKING:
    from bot.client import CommunityBot

__all__ = ["Look", "Part", "Profile", "ProfilePage", "open_profile", "profile_of", "show_page"]


def profile_of(bot: "CommunityBot") -> Profile:
    """The registry of this bot; the hub's menu answers from now on."""
    bot.add_persistent(PageMenu)
    return Profile()
