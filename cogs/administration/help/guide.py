"""What one person can do in one server at this moment, by topic."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import app_commands

from bot.capabilities import Capability
from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import EVERYONE, MANAGE_SERVER, Access, NotAllowed, access_of, check_access
from cogs.administration.cog import plain
from cogs.administration.help.rules import Entry, Kind, entries_of

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

FOR_YOU = "you"
FOR_TEAM = "team"
"""Keys of the topics that belong to no capability."""
SHARED = {
    FOR_YOU: (N_("For everyone"), N_("What every member can open, whatever this server has turned on.")),
    FOR_TEAM: (N_("For the team"), N_("Where this server is set up and looked after.")),
}


class UnknownTopic(UserError):
    def __init__(self) -> None:
        super().__init__(N_("There is no such topic. Choose one from the list of /help."))


class NotInServer(UserError):
    def __init__(self) -> None:
        super().__init__(N_("I am not in this server any more, so there is nothing to open here."))


@dataclass(frozen=True, slots=True)
class Topic:
    """``entries`` can be run; ``hidden`` could be, but Discord hides them from this person."""

    key: str
    title: str
    summary: str
    entries: tuple[Entry, ...] = ()
    hidden: tuple[Entry, ...] = ()
    capability: Capability | None = None
    on: bool = True


@dataclass(frozen=True)
class Guide:
    """Everything the pages of `/help` are made from. Topics without anything to run are for who manages the server."""

    bot: "CommunityBot"
    guild: discord.Guild
    t: Localizer
    manages: bool
    topics: tuple[Topic, ...]

    @classmethod
    def of(cls, interaction: "Interaction") -> Self:
        """Raises NotInServer."""
        bot = interaction.client
        guild = bot.get_guild(interaction.guild_id or 0)
        if guild is None:
            raise NotInServer
        t = bot.i18n.for_interaction(interaction)
        manages = _may(interaction, MANAGE_SERVER)
        found = _topics(interaction, guild, t)
        return cls(bot, guild, t, manages, tuple(one for one in found if manages or one.entries or one.hidden))

    def topic(self, typed: str) -> Topic:
        """By key, by title in any of our languages, or by one of its commands. Raises UnknownTopic."""
        meant = plain(typed).removeprefix("/")
        for topic in self.topics:
            source = topic.capability.title if topic.capability else SHARED[topic.key][0]
            titles = [t(source) for t in self.bot.i18n.all()]
            runs = [name for one in topic.entries for name in (one.path, one.shown)]
            if meant in {plain(name) for name in (topic.key, *titles, *runs)}:
                return topic
        raise UnknownTopic

    def mention(self, entry: Entry) -> str:
        """Clickable where its id is known and this reader's Discord calls it as English does.

        Discord shows the very name that is written, and a click on a localised one does nothing
        (discord-api-docs issues 5462 and 5518); the name to type is worth more than a click.
        """
        known = self.bot.command_sync.id_of(self.guild.id, entry.name)
        return f"</{entry.path}:{known}>" if known and entry.shown == entry.path else f"**/{entry.shown}**"

    def command(self, path: str) -> str:
        """A command by its English name, as this reader finds it."""
        every = (entry for one in self.bot.command_sync.payloads for entry in entries_of(one, self.t.language))
        return next((self.mention(one) for one in every if one.path == path and one.kind is Kind.CHAT), f"/{path}")


def _topics(interaction: "Interaction", guild: discord.Guild, t: Localizer) -> list[Topic]:
    bot = interaction.client
    claimed = {name: one for one in bot.capabilities.all() for name in one.commands}
    off = bot.capabilities.commands_off(guild.id)
    allowed: dict[str, list[Entry]] = {}
    for payload in bot.command_sync.payloads:
        for entry in entries_of(payload, t.language):
            access = _access(bot, entry)
            if entry.name in off or not _may(interaction, access):
                continue
            capability = claimed.get(entry.name)
            shared = FOR_YOU if access == EVERYONE else FOR_TEAM
            allowed.setdefault(capability.key if capability else shared, []).append(entry)

    def topic(key: str, title: str, summary: str, **about: Any) -> Topic:
        seen, hidden = _told_apart(interaction, allowed.get(key, ()))
        return Topic(key, t(title), t(summary), seen, hidden, **about)

    return [
        topic(FOR_YOU, *SHARED[FOR_YOU]),
        *(
            topic(one.key, one.title, one.summary, capability=one, on=bot.capabilities.on(guild.id, one))
            for one in bot.capabilities.all()
        ),
        topic(FOR_TEAM, *SHARED[FOR_TEAM]),
    ]


def _told_apart(interaction: "Interaction", entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """What Discord shows this person, and what it hides."""
    granted = interaction.permissions
    every = tuple(entries)
    seen = tuple(one for one in every if granted.administrator or granted.value & one.demands == one.demands)
    return seen, tuple(one for one in every if one not in seen)


def _access(bot: "CommunityBot", entry: Entry) -> Access:
    command: Any = bot.tree.get_command(entry.name, type=discord.AppCommandType(entry.kind.value))
    for part in entry.path.split(" ")[1:] if entry.kind is Kind.CHAT else ():
        assert isinstance(command, app_commands.Group)
        command = command.get_command(part)
    return access_of(command) or EVERYONE


def _may(interaction: "Interaction", access: Access) -> bool:
    try:
        check_access(interaction, access)
    except NotAllowed:
        return False
    return True
