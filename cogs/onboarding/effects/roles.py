"""Gives the member role and the groups' roles; each role is looked at again at the moment it is given."""

from typing import TYPE_CHECKING

import discord

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.roles import RoleGone, grantable
from cogs.onboarding.effects.people import member_of
from cogs.onboarding.service import Debts, Owed
from cogs.onboarding.settings import WelcomeSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot


async def give_member_role(bot: "CommunityBot", guild: discord.Guild, user_id: int, owed: Owed, debts: Debts) -> None:
    """Raises NotGrantable when the role became dangerous or unassignable since it was chosen."""
    settings = bot.guild_settings.get(guild.id, WelcomeSettings)
    member = await member_of(guild, user_id)
    if member is None or member.pending or settings.member_role is None:
        return
    role = grantable(guild, settings.member_role)
    if role not in member.roles:
        await member.add_roles(role, reason=bot.i18n.for_guild(guild.id)(N_("The steps of the welcome are done")))
    await debts.role_given(guild.id, user_id)


async def apply_groups(bot: "CommunityBot", guild: discord.Guild, user_id: int, owed: Owed, debts: Debts) -> None:
    """Raises the first problem once all other roles are as wanted."""
    member = await member_of(guild, user_id)
    if member is None:
        return
    reason = bot.i18n.for_guild(guild.id)(N_("The member’s own choice of groups"))
    problem: UserError | None = None
    for role_id, wanted in owed.groups:
        try:
            await _apply(member, role_id, wanted=wanted, reason=reason)
        except RoleGone:
            pass  # a deleted role is neither given nor taken: there is nothing left to do
        except UserError as error:
            problem = problem or error
            continue
        await debts.group_applied(guild.id, user_id, role_id, wanted=wanted)
    if problem is not None:
        raise problem


async def _apply(member: discord.Member, role_id: int, *, wanted: bool, reason: str) -> None:
    if (member.get_role(role_id) is not None) is wanted:
        return
    role = grantable(member.guild, role_id)
    await (member.add_roles if wanted else member.remove_roles)(role, reason=reason)
