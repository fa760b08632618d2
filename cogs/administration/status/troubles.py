"""What a server has to mend, from memory alone: permissions, channels, roles, commands, intents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.capabilities import ALWAYS, Need
from bot.command_sync import State
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions.names import NAMES
from bot.permissions.standing import broken
from bot.portal import INTENT_NAMES
from bot.settings import PrivilegedIntent

if TYPE_CHECKING:
    from bot.client import CommunityBot

WITHOUT_INTENT: dict[PrivilegedIntent, str] = {
    "members": N_("newcomers are welcomed only when they press Start or run the command, and departures go unseen"),
    "message_content": N_(
        "own filters stay off, and an answer to a newcomer is recognised only as a Discord reply, "
        "or by the hello button"
    ),
}
COMMANDS: dict[State, str] = {
    State.REFUSED: N_(
        "Discord does not let me register commands here. Invite me again with the link below; nothing is lost."
    ),
    State.WRONG: N_("Discord refuses my commands. Whoever runs the bot finds the reason in its log."),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """``about`` is a title people know, ``text`` says what is wrong, what stops and what to do."""

    about: str
    text: str


def troubles(bot: "CommunityBot", guild: discord.Guild, t: Localizer) -> Iterator[Trouble]:
    """Everything that is wrong, the most far-reaching first."""
    yield from _commands(bot, guild, t)
    yield from _lacking(guild, t, t(N_("Everything")), ALWAYS)
    for capability in bot.capabilities.all():
        if bot.capabilities.on(guild.id, capability):
            yield from _lacking(guild, t, t(capability.title), capability.needs)
    off = {
        section for one in bot.capabilities.all() if not bot.capabilities.on(guild.id, one) for section in one.sections
    }
    for section in bot.sections.all():
        if section not in off:
            for reference, problem in broken(guild, bot.guild_settings.get(guild.id, section)):
                names = dict.fromkeys((t(section.title), t(reference.field.title)))
                yield Trouble(", ".join(names), t(problem.message, **problem.params))


def lacking(guild: discord.Guild, needs: Sequence[Need]) -> list[Need]:
    """Those the bot does not have in the server as a whole."""
    granted = guild.me.guild_permissions
    return [need for need in needs if not getattr(granted, need.permission)]


def intents_off(bot: "CommunityBot", t: Localizer) -> list[str]:
    """What the operator chose to go without: no fault, and worth knowing."""
    return [
        t(N_("{intent} is off: {what}."), intent=INTENT_NAMES[one], what=t(WITHOUT_INTENT[one]))
        for one in sorted(bot.settings.without_intents)
    ]


def _commands(bot: "CommunityBot", guild: discord.Guild, t: Localizer) -> Iterator[Trouble]:
    said = COMMANDS.get(bot.command_sync.status(guild.id).state)
    if said:
        yield Trouble(t(N_("Commands")), t(said))


def _lacking(guild: discord.Guild, t: Localizer, about: str, needs: Sequence[Need]) -> Iterator[Trouble]:
    by_effect: dict[str, list[str]] = {}
    for need in lacking(guild, needs):
        by_effect.setdefault(need.without, []).append(t(NAMES[need.permission]))
    for without, names in by_effect.items():
        lacks = t(
            N_("I lack {permissions}. {effect} Add this to my role in Server Settings › Roles."),
            permissions=f"**{t.enumeration(names)}**",
            effect=t(without),
        )
        yield Trouble(about, lacks)
