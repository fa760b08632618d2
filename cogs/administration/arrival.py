"""When the bot comes into a server it says so once, with a button to set it up; a server that speaks French is greeted
in French."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord
from discord import ui
from discord.ext import commands

from bot.clock import now
from bot.contracts.events import ServerJoined
from bot.database import Transaction
from bot.guilds.sections import CommunitySettings, Language
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions import MANAGE_SERVER
from bot.permissions.channels import ChannelGone, MissingInChannel, missing_permissions
from bot.timers import DueTimer
from bot.ui import LayoutView, PersistentItem, palette
from bot.ui.text import escaped
from cogs.administration.setup.items import open_setup

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

log = logging.getLogger(__name__)

SAY = "arrival"
"""Kind of the timer that carries the message: made in the transaction that notes the arrival."""
NEEDS = ("view_channel", "send_messages", "read_message_history")
LATER = timedelta(hours=6)
"""When it is tried again in a server without a channel to write in; a change of permissions is noticed at once."""
AT_MOST = timedelta(days=7)
"""After so long the message would surprise more than it helps."""


class ArrivalButton(PersistentItem[ui.Button[Any]], template=r"administration:arrived:(?P<at>\d{1,12})"):
    """Opens the set-up privately; its custom_id is also how the message is found again."""

    access: ClassVar = MANAGE_SERVER

    @classmethod
    def of(cls, key: str, label: str) -> Self:
        return cls(ui.Button(label=label, style=discord.ButtonStyle.primary, custom_id=key))

    @classmethod
    async def from_custom_id(cls, interaction: "discord.Interaction[Any]", item: ui.Item[Any], match: Any, /) -> Self:
        return cls(item)  # type: ignore[arg-type]

    async def run(self, interaction: "Interaction") -> None:
        await open_setup(interaction)


class Arrival(commands.Cog):
    """The first word, said once for each stay, also when the bot was down as it was invited."""

    def __init__(self, bot: "CommunityBot") -> None:
        self._bot = bot
        self._nowhere: set[int] = set()
        """Servers without a channel to write in."""
        bot.bus.on(ServerJoined, self.promise)
        bot.timers.handle(SAY, self.say)

    async def promise(self, event: ServerJoined, tx: Transaction) -> None:
        """The arrival and the promise to say so commit together, so that a crash loses neither."""
        payload = {"at": int(event.at.timestamp()), "returned": event.returned, "noted": now().isoformat()}
        await self._schedule(tx, event.guild_id, payload, now())

    async def say(self, timer: DueTimer) -> None:
        """Post the message, or try again later where that is not possible yet."""
        guild = self._bot.get_guild(timer.guild_id or 0)
        payload = dict(timer.payload)
        if now() - datetime.fromisoformat(payload["noted"]) > AT_MOST:
            return
        if guild is None or guild.unavailable:
            await self._try_later(timer)
            return
        if not payload["returned"]:
            await self._speak_its_language(guild)
        channel = first_channel(guild)
        if channel is None:
            log.warning("server %d has no channel in which I could say that I have come", guild.id)
            self._nowhere.add(guild.id)
            await self._try_later(timer)
            return
        key = f"administration:arrived:{payload['at']}"
        t = self._bot.i18n.for_guild(guild.id)
        try:
            await self._bot.posts.once(
                channel, key, lambda: {"view": message(t, guild.name, key, returned=payload["returned"])}
            )
        except (ChannelGone, MissingInChannel):  # changed since we looked
            await self._try_later(timer)

    async def _speak_its_language(self, guild: discord.Guild) -> None:
        """A French server starts in French, unless somebody has decided already.

        Discord's own default is English, whatever people speak there: English is therefore no choice.
        """
        if guild.preferred_locale is not discord.Locale.french:
            return
        if not await self._bot.guild_settings.history(guild.id, CommunitySettings, limit=1):
            await self._bot.guild_settings.change(guild.id, CommunitySettings, by=None, language=Language.FRENCH)

    # Where nothing could be said yet

    async def _try_later(self, timer: DueTimer) -> None:
        assert timer.guild_id is not None
        guild_id, payload = timer.guild_id, dict(timer.payload)
        await self._bot.db.transaction(lambda tx: self._schedule(tx, guild_id, payload, now() + LATER))

    async def _schedule(self, tx: Transaction, guild_id: int, payload: dict[str, Any], due_at: datetime) -> None:
        await self._bot.timers.schedule(
            tx, kind=SAY, key=f"{SAY}:{guild_id}", due_at=due_at, guild_id=guild_id, payload=payload
        )

    @commands.Cog.listener()
    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        await self._look_again(channel.guild)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        await self._look_again(after.guild)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        await self._look_again(after.guild)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        if after.id == after.guild.me.id:
            await self._look_again(after.guild)

    async def _look_again(self, guild: discord.Guild) -> None:
        if guild.id in self._nowhere and first_channel(guild) is not None:
            self._nowhere.discard(guild.id)
            key = f"{SAY}:{guild.id}"
            await self._bot.db.transaction(lambda tx: self._bot.timers.hasten(tx, key))


def first_channel(guild: discord.Guild) -> discord.TextChannel | None:
    """Where the first word may be said: the channel for Discord's own messages, else the first one we can write in."""
    candidates = [guild.system_channel, *sorted(guild.text_channels, key=lambda channel: channel.position)]
    return next((one for one in candidates if one is not None and not missing_permissions(one, NEEDS)), None)


def message(t: Localizer, server: str, key: str, *, returned: bool) -> LayoutView:
    """Fact, what it is for, next step."""
    if returned:
        title = t(N_("Parvis is back in {server}"), server=escaped(server))
        text = t(
            N_(
                "Settings and counts were kept; what fell due meanwhile happens now. "
                "Messages from the time in between are not counted."
            )
        )
    else:
        title = t(N_("Parvis has come to {server}"), server=escaped(server))
        text = t(
            N_(
                "It welcomes newcomers, one clear step at a time, until a human has said hello. "
                "Nothing happens before somebody has set it up: six short steps, and nothing changes before the last."
            )
        )
    note = t(N_("The button works for those who manage the server. Everybody else: `/help`."))
    label = t(N_("Look over the set-up")) if returned else t(N_("Set up"))
    row = ui.ActionRow[Any](ArrivalButton.of(key, label))
    view = LayoutView()
    view.add_item(
        ui.Container(
            ui.TextDisplay(f"## {palette.WAVE} {title}\n{text}"),
            row,
            ui.TextDisplay(f"-# {note}"),
            accent_colour=palette.ACCENT,
        )
    )
    return view
