"""Whom somebody may decide about, and whether the bot can carry it out: asked at the command and at every click."""

from typing import Protocol

import discord

from bot.contracts.cases import CaseKind
from bot.permissions.rank import OnTheOwner, OnYourself, RankTooLow, person, require_rank
from bot.permissions.rules import dangerous_permissions, outranks
from cogs.conduct.deciding.refusals import LackingPower, NotHere, NoTimeoutOfAdministrators, OnABot


class Target(Protocol):
    """Whoever is to be decided about: a member, a user, or somebody known by name alone."""

    @property
    def id(self) -> int: ...
    @property
    def display_name(self) -> str: ...
    @property
    def bot(self) -> bool: ...


POWERS = {
    CaseKind.TIMEOUT: "moderate_members",
    CaseKind.KICK: "kick_members",
    CaseKind.BAN: "ban_members",
    CaseKind.UNBAN: "ban_members",
}
"""What the bot needs to carry out a case."""


async def present(guild: discord.Guild, user_id: int) -> discord.Member | None:
    """The member as they are now; None when they are not in the server."""
    member = guild.get_member(user_id)
    if member is None and not guild.chunked:
        try:
            member = await guild.fetch_member(user_id)
        except discord.NotFound:
            return None
    return member


async def require_target(
    guild: discord.Guild, actor: discord.Member, target: Target, kind: CaseKind
) -> discord.Member | None:
    """The member, None when they have left (which a ban reaches still).

    Raises a UserError for oneself, a bot, the owner, equals and seniors, for whoever is not here, and for what
    Discord would refuse.
    """
    if target.id == actor.id:
        raise OnYourself
    member = await present(guild, target.id)
    if target.bot or (member is not None and member.bot):
        raise OnABot
    if member is not None:
        require_rank(actor, member)
    name = discord.utils.escape_markdown((member or target).display_name)
    if target.id == guild.owner_id:
        raise OnTheOwner(name)
    if member is None and kind is not CaseKind.BAN:
        raise NotHere(name)
    if kind is CaseKind.TIMEOUT and member is not None and member.guild_permissions.administrator:
        raise NoTimeoutOfAdministrators(name)
    require_power(guild, kind)
    return member


def require_power(guild: discord.Guild, kind: CaseKind) -> None:
    """Raises LackingPower unless the bot can carry out a case of that kind, or undo it."""
    power = POWERS.get(kind)
    if power is not None and not getattr(guild.me.guild_permissions, power):
        raise LackingPower(power)


async def require_over(guild: discord.Guild, actor: discord.Member, user_id: int) -> None:
    """Raises a UserError when the case is the actor's own, or about an equal or senior who is still here."""
    if user_id == actor.id:
        raise OnYourself
    member = await present(guild, user_id) if user_id > 0 else None
    if member is None:
        return
    name = discord.utils.escape_markdown(member.display_name)
    if member.id == guild.owner_id:
        raise OnTheOwner(name)
    if not outranks(person(actor), person(member)):
        raise RankTooLow(name)


def special_powers(member: discord.Member) -> list[str]:
    """Permissions of the member that give power over others and that not everybody here has."""
    everyone = member.guild.default_role.permissions
    return dangerous_permissions(
        name for name, granted in member.guild_permissions if granted and not getattr(everyone, name)
    )
