"""Who is looking at which server's filters, in which language."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.ui import LayoutView, reply, update
from bot.ui.panels.desk import NotInServer
from cogs.conduct.screening.hits import Hits
from cogs.conduct.screening.judging import Judging
from cogs.conduct.screening.keeping import Edit, Filters
from cogs.conduct.screening.native import Native
from cogs.conduct.screening.rules import Kept, Watch, looks_for_else
from cogs.conduct.screening.screens import Screens
from cogs.conduct.screening.trying import Trying

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


@dataclass(frozen=True)
class Place:
    """One interaction's server, reader, and what the filters are made of."""

    bot: "CommunityBot"
    guild: discord.Guild
    user_id: int
    t: Localizer
    filters: Filters
    screens: Screens
    hits: Hits
    judging: Judging
    trying: Trying
    native: Native

    @classmethod
    def of(cls, interaction: "discord.Interaction[Any]") -> Self:
        """Raises NotInServer."""
        bot: CommunityBot = interaction.client
        guild = bot.get_guild(interaction.guild_id or 0)
        if guild is None:
            raise NotInServer
        return cls(
            bot,
            guild,
            interaction.user.id,
            bot.i18n.for_interaction(interaction),
            bot.service(Filters),
            bot.service(Screens),
            bot.service(Hits),
            bot.service(Judging),
            bot.service(Trying),
            bot.service(Native),
        )

    def kept(self, number: int) -> Kept:
        """From memory. Raises FilterGone."""
        return self.filters.numbered(self.guild.id, number)

    async def change(self, number: int, edit: Edit, *, revision: int | None = None) -> Kept:
        """An armed filter that is to look for something else goes back into shadow. Raises UserError for a refusal."""

        def careful(kept: Kept) -> Kept:
            wanted = edit(kept)
            stays = kept.watch is Watch.ARMED and wanted.watch is Watch.ARMED
            return replace(wanted, watch=Watch.SHADOW) if stays and looks_for_else(kept, wanted) else wanted

        return await self.screens.change(self.guild.id, number, careful, self.user_id, revision=revision)

    def words(self, problem: UserError) -> str:
        """What is refused, in the reader's language."""
        return self.t(problem.message, **problem.params)


async def show(interaction: "Interaction", view: LayoutView) -> None:
    """In place of the private message that was used, else as a new one."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await update(interaction, view=view)
    else:
        await reply(interaction, view=view)
