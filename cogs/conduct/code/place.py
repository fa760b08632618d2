"""Who is looking at which server's code of conduct, in which language, and whether they may change it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import discord

from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.permissions import MANAGE_SERVER
from bot.permissions.access import NotAllowed, check_access
from bot.ui import LayoutView, reply, update
from cogs.conduct.code.service import Codes

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]


@dataclass(frozen=True)
class Place:
    """One interaction's server, reader and code."""

    guild_id: int
    user_id: int
    t: Localizer
    codes: Codes
    may_edit: bool

    @classmethod
    def of(cls, interaction: "Interaction") -> Self:
        assert interaction.guild_id is not None
        bot = interaction.client
        t = bot.i18n.for_interaction(interaction)
        return cls(interaction.guild_id, interaction.user.id, t, bot.service(Codes), _may_edit(interaction))

    def words(self, problem: UserError) -> str:
        """What is refused, in the reader's language."""
        return self.t(problem.message, **problem.params)


def _may_edit(interaction: "Interaction") -> bool:
    try:
        check_access(interaction, MANAGE_SERVER)
    except NotAllowed:
        return False
    return True


async def show(interaction: "Interaction", view: LayoutView) -> None:
    """In place of the private message that was used, else as a new one."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await update(interaction, view=view)
    else:
        await reply(interaction, view=view)
