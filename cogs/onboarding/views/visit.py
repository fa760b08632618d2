"""Who is looking at what: one interaction's server, member, language and settings, wherever it came from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.contracts.services import Code, CodeOfConduct
from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from cogs.onboarding.buddies.settings import BuddiesSettings
from cogs.onboarding.rules import Checklist, Plan, Progress, checklist
from cogs.onboarding.rules.holds import Hold
from cogs.onboarding.service import Debts, Journeys
from cogs.onboarding.settings import GroupsSettings, WelcomeSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

    Interaction = discord.Interaction[CommunityBot]

SCREENING = "MEMBER_VERIFICATION_GATE_ENABLED"
"""Discord's feature flag of servers with rules screening."""


class ServerLeft(UserError):
    def __init__(self) -> None:
        super().__init__(
            N_("I am no longer in that server, so there is nothing to open. Its staff can invite me again.")
        )


class NotMember(UserError):
    def __init__(self) -> None:
        super().__init__(N_("You are not in that server at the moment. Your steps are kept for your return."))


class WelcomeOff(UserError):
    def __init__(self) -> None:
        super().__init__(N_("The welcome is not turned on here. The staff turn it on with /settings."))


@dataclass(frozen=True)
class Visit:
    """Everything a screen is made from, apart from the member's progress. All of it comes from memory."""

    guild: discord.Guild
    member: discord.Member
    t: Localizer
    public_language: str
    """What public posts of the server speak."""
    welcome: WelcomeSettings
    groups: GroupsSettings
    code: Code
    plan: Plan
    journeys: Journeys
    buddies: bool = False
    """Whether the server offers buddies."""
    held: Hold | None = None
    """Why the member waits before any role is given."""

    def way(self, progress: Progress) -> Checklist:
        return checklist(self.plan, progress)

    async def progress(self) -> Progress:
        return await self.journeys.progress(self.guild.id, self.member.id)


def visit(interaction: "Interaction", guild_id: int, *, welcome_only: bool = True) -> Visit:
    """The visit of the person behind the interaction to that server; in a DM the server is not the interaction's.

    Raises ServerLeft, NotMember, or WelcomeOff unless ``welcome_only`` is false.
    """
    bot = interaction.client
    guild = bot.get_guild(guild_id)
    if guild is None:
        raise ServerLeft
    member = interaction.user if isinstance(interaction.user, discord.Member) else guild.get_member(interaction.user.id)
    if member is None:
        raise NotMember
    welcome = bot.guild_settings.get(guild_id, WelcomeSettings)
    if welcome_only and not welcome.enabled:
        raise WelcomeOff
    journeys = bot.service(Journeys)
    return Visit(
        guild=guild,
        member=member,
        t=bot.i18n.for_reader(interaction.locale, guild_id),
        public_language=bot.i18n.for_guild(guild_id).language,
        welcome=welcome,
        groups=bot.guild_settings.get(guild_id, GroupsSettings),
        code=bot.service(CodeOfConduct).current(guild_id),
        plan=journeys.plan(guild_id, screening=SCREENING in guild.features),
        journeys=journeys,
        buddies=bot.guild_settings.get(guild_id, BuddiesSettings).enabled,
        held=bot.service(Debts).held(guild_id, member.id),
    )
