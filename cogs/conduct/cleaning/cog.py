"""`/clean`: deletes up to 100 recent messages of a channel, after a preview."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str as L_
from discord.ext import commands

from bot.permissions import NotAllowed, requires
from bot.ui import acknowledge, reply
from cogs.conduct.cleaning import pages
from cogs.conduct.cleaning.buttons import CLEAN, AuthorsButton, CleanButton
from cogs.conduct.cleaning.doing import Finishing
from cogs.conduct.cleaning.refusals import CannotReadTexts, NothingSpared, NothingToClean
from cogs.conduct.cleaning.rules import MOST
from cogs.conduct.cleaning.service import CLEAN as TIMER
from cogs.conduct.cleaning.service import Cleanings
from cogs.conduct.cleaning.sweeping import Wish, look, require_cleanable

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


class CleaningCog(commands.Cog, name="Cleaning"):
    """The command, and the timer that finishes what it began."""

    def __init__(self, bot: "CommunityBot") -> None:
        self.bot = bot
        self.cleanings = Cleanings(bot.db, bot.timers)

    async def cog_load(self) -> None:
        self.bot.provide(Cleanings, self.cleanings)
        self.bot.add_persistent(CleanButton, AuthorsButton)
        self.bot.timers.handle(TIMER, Finishing(self.bot, self.cleanings).handle)

    @app_commands.command(name=L_("clean"), description=L_("Delete recent messages here, after a preview"))
    @app_commands.describe(
        count=L_("How many to delete, 100 at most"),
        member=L_("Only messages of this person"),
        contains=L_("Only messages with this text; it is stored nowhere"),
    )
    @app_commands.rename(count=L_("count"), member=L_("member"), contains=L_("contains"))
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    @requires(CLEAN)
    async def clean(
        self,
        interaction: "Interaction",
        count: app_commands.Range[int, 1, MOST],
        member: discord.User | None = None,
        contains: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        if not isinstance(interaction.user, discord.Member):
            raise NotAllowed
        if contains is not None and "message_content" in self.bot.settings.without_intents:
            raise CannotReadTexts
        channel = require_cleanable(self.bot, interaction.channel)
        await acknowledge(interaction, thinking=True)
        wish = Wish(count, member.id if member else None, contains)
        found = await look(channel, interaction.user, wish, discord.Object(interaction.id))
        picked = found.picked
        if not picked.messages:
            spared = picked.pinned or picked.seniors or picked.old
            raise NothingSpared(picked.pinned, picked.seniors, picked.old) if spared else NothingToClean
        messages = [(one.message_id, one.author_id) for one in picked.messages]
        number = await self.cleanings.keep(channel.guild.id, channel.id, interaction.user.id, messages)
        await reply(interaction, view=pages.preview(self.bot.i18n.for_interaction(interaction), number, found))
