"""From a confirmed preview to deleted messages, a row, and a post in the moderation log."""

import logging
from typing import TYPE_CHECKING, Any

import discord

from bot.i18n.marks import N_
from bot.permissions import NotAllowed
from bot.permissions.channels import ChannelGone, MissingInChannel
from bot.timers import DueTimer
from bot.ui import LayoutView
from bot.ui.text import shortened
from cogs.conduct.cases.card import names_of_absent
from cogs.conduct.cleaning import pages
from cogs.conduct.cleaning.buttons import about_key
from cogs.conduct.cleaning.refusals import CleaningGone
from cogs.conduct.cleaning.service import Cleanings, CleaningView
from cogs.conduct.cleaning.sweeping import Place, require_cleanable, sweep
from cogs.conduct.settings import ConductSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)


async def confirm(interaction: "discord.Interaction[Any]", cleaning_id: int) -> LayoutView:
    """Delete what was previewed; the page that says so. Raises a UserError; a second click is harmless."""
    bot: CommunityBot = interaction.client
    guild, actor = interaction.guild, interaction.user
    if guild is None or not isinstance(actor, discord.Member):
        raise NotAllowed
    cleanings = bot.service(Cleanings)
    cleaning = await cleanings.get(guild.id, cleaning_id)
    spared = 0
    if cleaning.done_at is None:
        channel = require_cleanable(bot, guild.get_channel_or_thread(cleaning.channel_id))
        if not channel.permissions_for(actor).manage_messages:
            raise NotAllowed
        messages = await cleanings.begin(guild.id, cleaning_id, actor.id)
        if messages:
            gone, spared = await sweep(channel, actor, messages, _reason(bot, actor))
            await cleanings.done(guild.id, cleaning_id, gone)
        cleaning = await cleanings.get(guild.id, cleaning_id)
    return pages.deleted(bot.i18n.for_interaction(interaction), cleaning, spared)


async def authors(interaction: "discord.Interaction[Any]", cleaning_id: int) -> LayoutView:
    """Whose messages a cleaning deleted. Raises CleaningGone."""
    bot: CommunityBot = interaction.client
    guild_id = interaction.guild_id or 0
    cleanings = bot.service(Cleanings)
    await cleanings.get(guild_id, cleaning_id)
    counted = await cleanings.authors(guild_id, cleaning_id)
    return pages.whose(bot.i18n.for_interaction(interaction), counted, await _names(bot, guild_id, counted))


class Finishing:
    """The handler of the timer of a cleaning: does what is due of it, whatever was interrupted."""

    def __init__(self, bot: "CommunityBot", cleanings: Cleanings) -> None:
        self._bot = bot
        self._cleanings = cleanings

    async def handle(self, timer: DueTimer) -> None:
        guild_id, cleaning_id = timer.guild_id or 0, int(timer.payload["cleaning"])
        try:
            cleaning = await self._cleanings.get(guild_id, cleaning_id)
        except CleaningGone:
            return
        if cleaning.done_at is not None:
            await self._post(cleaning)
        elif cleaning.begun_at is not None:
            await self._finish(cleaning)
        else:
            await self._cleanings.forget(guild_id, cleaning_id)

    async def _finish(self, cleaning: CleaningView) -> None:
        """The process ended between the click and its record: what is left is deleted, and recorded."""
        guild = self._bot.get_guild(cleaning.guild_id)
        channel = guild.get_channel_or_thread(cleaning.channel_id) if guild else None
        gone: list[tuple[int, int]] = []
        if guild is not None and isinstance(channel, Place):
            require_cleanable(self._bot, channel)
            messages = await self._cleanings.owed(guild.id, cleaning.id)
            actor = guild.get_member(cleaning.by or 0)
            gone, _spared = await sweep(channel, actor, messages, _reason(self._bot, actor, guild.id))
        await self._cleanings.done(cleaning.guild_id, cleaning.id, gone)

    async def _post(self, cleaning: CleaningView) -> None:
        bot, guild = self._bot, self._bot.get_guild(cleaning.guild_id)
        channel_id = bot.guild_settings.get(cleaning.guild_id, ConductSettings).modlog_channel
        channel = guild.get_channel(channel_id or 0) if guild else None
        if not isinstance(channel, discord.TextChannel) or cleaning.deleted == 0:
            return
        counted = await self._cleanings.authors(cleaning.guild_id, cleaning.id)
        t, by = bot.i18n.for_guild(cleaning.guild_id), cleaning.by or 0
        name = (await _names(bot, cleaning.guild_id, {by: 1})).get(by, t(N_("somebody")))
        try:
            await bot.posts.once(
                channel, about_key(cleaning.id), lambda: {"view": pages.log_post(t, cleaning, name, counted)}
            )
        except (ChannelGone, MissingInChannel) as reason:
            # The row has it; that the log cannot be written is told by the log itself.
            log.warning("cleaning %d of server %d is not in the log: %s", cleaning.id, channel.guild.id, reason.message)


async def _names(bot: "CommunityBot", guild_id: int, people: dict[int, int]) -> dict[int, str]:
    guild = bot.get_guild(guild_id)
    here = {one: guild.get_member(one) for one in people} if guild is not None else {}
    found = {one: member.display_name for one, member in here.items() if member is not None}
    absent = [one for one in people if one not in found]
    return {**await names_of_absent(bot, guild_id, absent), **found}


def _reason(bot: "CommunityBot", actor: discord.Member | None, guild_id: int = 0) -> str:
    """For the audit log, in the server's language."""
    t = bot.i18n.for_guild(actor.guild.id if actor else guild_id)
    name = actor.display_name if actor else t(N_("somebody"))
    return shortened(t(N_("Deleted with /clean by {name}"), name=name), 500)
