"""Who decides, where, in which language."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.contracts.cases import CaseKind
from bot.i18n.localizer import Localizer
from bot.permissions import Access, NotAllowed, check_access
from bot.permissions.team import is_staff
from cogs.conduct.access import access_to
from cogs.conduct.cases.service import Cases
from cogs.conduct.deciding.people import special_powers
from cogs.conduct.deciding.refusals import NotAllowedStep
from cogs.conduct.deciding.service import Deciding

if TYPE_CHECKING:
    from bot.client import CommunityBot

DECIDE = Access("decide", frozenset({"moderate_members", "kick_members", "ban_members"}), staff=True)
"""Whoever may decide anything: what a button decides is known only once its draft was read, and checked then."""


@dataclass(frozen=True)
class Bench:
    """What decisions are made from. ``interaction`` is what is answered."""

    bot: "CommunityBot"
    guild: discord.Guild
    actor: discord.Member
    t: Localizer
    interaction: "discord.Interaction[CommunityBot]"

    @classmethod
    def of(cls, interaction: "discord.Interaction[Any]") -> Self:
        """Raises NotAllowed outside of a server."""
        bot: CommunityBot = interaction.client
        guild = bot.get_guild(interaction.guild_id or 0)
        if guild is None or not isinstance(interaction.user, discord.Member):
            raise NotAllowed
        return cls(bot, guild, interaction.user, bot.i18n.for_interaction(interaction), interaction)

    @property
    def cases(self) -> Cases:
        return self.bot.service(Cases)

    @property
    def deciding(self) -> Deciding:
        return self.bot.service(Deciding)

    def may(self, kind: CaseKind) -> bool:
        """Whether the person may decide a case of that kind right now."""
        try:
            check_access(self.interaction, access_to(kind))
        except NotAllowed:
            return False
        return True

    def require(self, kind: CaseKind) -> None:
        """Raises NotAllowedStep unless they may."""
        if not self.may(kind):
            raise NotAllowedStep(lacked(kind))

    def is_elevated(self, member: discord.Member | None) -> bool:
        """Whether the member is of the team, or has power over others."""
        return member is not None and (is_staff(self.bot, member) or bool(special_powers(member)))


def lacked(kind: CaseKind) -> str:
    """The Discord permission that deciding a case of that kind demands."""
    return next(iter(access_to(kind).permissions))
