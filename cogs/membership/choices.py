"""What members decide about their name and their peace; the same switches in `/profile` and in `/privacy`."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.community.options import Option
from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE
from bot.profile import Look, Part, ProfilePage, show_page
from bot.ui import PersistentItem

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

SILENCE = "silence"
IN_PROFILE, IN_PRIVACY = "p", "v"


class Unknown(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("You are not a member of that server and nothing is kept about you there, so there is nothing to set.")
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One switch: what it is called, and what holds while it is not chosen, and while it is."""

    what: str
    title: str
    usual: str
    chosen: str
    choose: str
    undo: str


CHOICES = (
    Choice(
        Option.ANONYMOUS.value,
        N_("Counting"),
        N_("What you do is counted with your name: numbers only, never what you write."),
        N_("You are counted without your name. What was counted before stays until you erase it."),
        N_("Count me without my name"),
        N_("Count me again"),
    ),
    Choice(
        Option.NO_LEADERBOARDS.value,
        N_("Leaderboards"),
        N_("You can appear in leaderboards."),
        N_("You appear in no leaderboard."),
        N_("Leave me out"),
        N_("Show me again"),
    ),
    Choice(
        Option.NO_PEOPLE_LISTS.value,
        N_("Lists of people"),
        N_("You can be named in lists of people, such as those to thank."),
        N_("You are named in no list of people."),
        N_("Leave me out"),
        N_("Show me again"),
    ),
    Choice(
        SILENCE,
        N_("Silence"),
        N_("At most once a week you can get a private message that you did not ask for."),
        N_("Silence is on: no message and no ping that you did not ask for. Answers and decisions still reach you."),
        N_("Turn Silence on"),
        N_("Take Silence back"),
    ),
)


async def chosen(bot: "CommunityBot", guild_id: int, user_id: int) -> frozenset[str]:
    """Which of them the member has chosen."""
    record = await bot.community.members.get(guild_id, user_id)
    found = {option.value for option in Option if record is not None and record.options.get(option.value)}
    if await bot.attention.silenced(guild_id, user_id):
        found.add(SILENCE)
    return frozenset(found)


def switches(t: Localizer, guild_id: int, kept: frozenset[str], place: str) -> list[Part]:
    """Every choice with its button."""
    parts: list[Part] = []
    for choice in CHOICES:
        on = choice.what in kept
        text = f"**{t(choice.title)}**\n-# {t(choice.chosen if on else choice.usual)}"
        label = t(choice.undo if on else choice.choose)
        button = ChoiceButton(choice.what, not on, place, guild_id, label)
        parts.append(ui.Section(ui.TextDisplay(text), accessory=button))
    return parts


class ChoiceButton(
    PersistentItem[ui.Button[Any]],
    template=r"membership:choose:(?P<what>[a-z_]{1,30}):(?P<on>[01]):(?P<place>[pv]):(?P<guild>\d{1,20})",
):
    """Turns a switch of whoever presses it, in that server."""

    access = EVERYONE

    def __init__(self, what: str, on: bool, place: str, guild_id: int, label: str = "-") -> None:
        style = discord.ButtonStyle.secondary
        custom_id = f"membership:choose:{what}:{int(on)}:{place}:{guild_id}"
        super().__init__(ui.Button(label=label, style=style, custom_id=custom_id))
        self.what, self.on, self.place, self.guild_id = what, on, place, guild_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["what"], match["on"] == "1", match["place"], int(match["guild"]))

    async def run(self, interaction: "Interaction") -> None:
        bot, user_id = interaction.client, interaction.user.id
        if self.what == SILENCE:
            await bot.community.know(self.guild_id, user_id)
            if await bot.community.members.get(self.guild_id, user_id) is None:
                raise Unknown
            await bot.attention.silence(self.guild_id, user_id, self.on)
        elif not await bot.community.choose(self.guild_id, user_id, Option(self.what), self.on):
            raise Unknown
        await _SHOW[self.place](interaction, self.guild_id)


async def _show_in_profile(interaction: "Interaction", guild_id: int) -> None:
    await show_page(interaction, options_page.key)


async def _show_in_privacy(interaction: "Interaction", guild_id: int) -> None:
    # Its screens are made with these switches, so that they import this module.
    from cogs.membership.privacy.screens import Kind, Screen, show

    await show(interaction, Screen(Kind.CHOICES, guild_id))


_SHOW: dict[str, Callable[["Interaction", int], Awaitable[None]]] = {
    IN_PROFILE: _show_in_profile,
    IN_PRIVACY: _show_in_privacy,
}


async def _own(look: Look) -> Sequence[Part]:
    t, guild_id, user_id = look.t, look.guild.id, look.member.id
    parts = switches(t, guild_id, await chosen(look.bot, guild_id, user_id), IN_PROFILE)
    if await look.bot.attention.closed_since(guild_id, user_id) is not None:
        hint = t(N_("Discord refused my last private message to you: your settings there keep them out."))
        parts.append(f"-# {hint}")
    return parts


options_page = ProfilePage("options", N_("My choices"), 100, own=_own)
