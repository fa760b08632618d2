"""A setting whose channel or role was deleted turns that part off, and the team is told once."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui
from discord.ext import commands

from bot.clock import now
from bot.database import Transaction
from bot.guilds.references import references
from bot.guilds.sections import Section, UnknownSection
from bot.guilds.service import Unset
from bot.guilds.shape import shape_of
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.team import notice_channel
from bot.timers import DueTimer
from bot.ui import View, palette, reply
from bot.ui.panels import Desk, SettingsItem, render, section_place
from bot.ui.text import escaped

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

NOTICE = "settings.deleted"
"""Kind of the timer that carries the message to the team; it is made in the transaction that clears the setting."""
LINES = 15


class MendButton(SettingsItem[ui.Button[Any]], template=r"administration:mend:(?P<section>[a-z_]{1,40}):(?P<gone>\d+)"):
    """Opens the settings privately, below the notice; its custom_id is also how the notice is found again."""

    @classmethod
    def of(cls, section: str, gone: int, label: str) -> Self:
        return cls(ui.Button(label=label, custom_id=f"administration:mend:{section}:{gone}"))

    async def run(self, interaction: "discord.Interaction[CommunityBot]") -> None:
        desk = Desk.of(interaction)
        await reply(interaction, view=await render(desk, section_place(self.ids["section"])))


class Deletions(commands.Cog):
    """Listens for deletions, and looks for those that happened while the bot was away."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot
        bot.timers.handle(NOTICE, self.tell)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._unset(channel.guild.id, {channel.id: channel.name})

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self._unset(role.guild.id, {role.id: role.name})

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        for guild in list(self._bot.guilds):
            await self._reconcile(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        if self._bot.is_ready():
            await self._reconcile(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._reconcile(guild)

    async def _reconcile(self, guild: discord.Guild) -> None:
        if guild.unavailable:
            return
        try:
            gone = [one for one in _unknown(self._bot, guild) if await self._is_gone(guild, one)]
            if gone:
                await self._unset(guild.id, dict.fromkeys(gone, ""))
        except discord.HTTPException:
            log.warning("could not look for deleted channels of server %d; the next start does", guild.id)

    async def _is_gone(self, guild: discord.Guild, unknown: int) -> bool:
        """Roles are all in the cache. A channel might only be hidden from us, so Discord is asked."""
        sections = (self._bot.guild_settings.get(guild.id, section) for section in self._bot.sections.all())
        named = (reference for section in sections for reference in references(section))
        if not any(reference.id == unknown and reference.channel for reference in named):
            return True
        try:
            await guild.fetch_channel(unknown)
        except discord.NotFound:
            return True
        except (discord.Forbidden, discord.InvalidData):
            return False
        return False

    async def _unset(self, guild_id: int, gone: Mapping[int, str]) -> None:
        async def remember(tx: Transaction, lost: list[Unset]) -> None:
            entries = [
                {
                    "section": section.key,
                    "field": reference.field.name,
                    "sub": reference.sub.name if reference.sub else None,
                    "role": reference.role is not None,
                    "name": gone[reference.id],
                }
                for section, reference in lost
            ]
            await self._bot.timers.schedule(
                tx,
                kind=NOTICE,
                key=f"{NOTICE}:{guild_id}:{min(gone)}",
                due_at=now(),
                guild_id=guild_id,
                payload={"entries": entries},
            )

        await self._bot.guild_settings.unset(guild_id, frozenset(gone), remember)

    async def tell(self, timer: DueTimer) -> None:
        """Write to the team. With no channel left to write in, the overview of `/settings` is what remains."""
        guild = self._bot.get_guild(timer.guild_id or 0)
        channel = notice_channel(self._bot, guild) if guild else None
        if guild is None or channel is None:
            log.warning("server %s has no channel in which the team could be told of a deletion", timer.guild_id)
            return
        t, entries = self._bot.i18n.for_guild(guild.id), timer.payload["entries"]
        section = entries[0]["section"]
        # Not the timer's number: SQLite gives those of deleted rows away again, and a post is remembered.
        number = int(timer.key.rpartition(":")[2])

        def build() -> dict[str, Any]:
            view = View()
            view.add_item(MendButton.of(section, number, t(N_("Open the settings"))))
            return {"content": notice(self._bot, t, entries), "view": view}

        await self._bot.posts.once(channel, f"administration:mend:{section}:{number}", build)


def _unknown(bot: "CommunityBot", guild: discord.Guild) -> list[int]:
    """Ids in the server's settings that the cache does not know, each once."""
    sections = (bot.guild_settings.get(guild.id, section) for section in bot.sections.all())
    found = (reference for section in sections for reference in references(section))
    return list(
        dict.fromkeys(
            reference.id
            for reference in found
            if (guild.get_channel(reference.id) if reference.channel else guild.get_role(reference.id)) is None
        )
    )


def notice(bot: "CommunityBot", t: Localizer, entries: Sequence[Mapping[str, Any]]) -> str:
    """What was deleted, what is off now, and what to do."""
    lines = [t(N_("{emoji} Something the settings use was deleted, so this is off now:"), emoji=palette.WARNING)]
    lines += list(dict.fromkeys(_line(bot, t, entry) for entry in entries))[:LINES]
    lines.append(t(N_("Choose another with `/settings`. Everything else goes on.")))
    return "\n".join(lines)


def _line(bot: "CommunityBot", t: Localizer, entry: Mapping[str, Any]) -> str:
    try:
        section = bot.sections.named(entry["section"])
        titles = " › ".join(t(title) for title in _titles(section, entry))
    except (UnknownSection, KeyError):  # a newer version has another model
        titles = str(entry["section"])
    kind, sign = (t(N_("role")), "") if entry["role"] else (t(N_("channel")), "#")
    name = f"{kind} {sign}{escaped(entry['name'])}" if entry["name"] else kind
    return t(N_("- **{setting}** ({name})"), setting=titles, name=name)


def _titles(section: type[Section], entry: Mapping[str, Any]) -> Iterable[str]:
    yield section.title
    yield shape_of(section, entry["field"]).title
    if entry["sub"]:
        yield shape_of(section, entry["field"], entry["sub"]).title
