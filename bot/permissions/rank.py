"""Rank of Discord members: who may act on whom, and on which role. Nobody does, by any path, at or above their own."""

import discord

from bot.errors import UserError
from bot.i18n.marks import N_
from bot.permissions.rules import Person, outranks


class RankTooLow(UserError):
    """The person stands at or below the one they want to act on."""

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("{name} has a role as high as yours, or higher. Ask somebody above both of you."), name=name
        )


class OnYourself(UserError):
    """People do not act on themselves with the tools of the team."""

    def __init__(self) -> None:
        super().__init__(N_("You cannot do that to yourself."))


class OnTheOwner(UserError):
    """Nobody acts on the owner."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("{name} owns this server. Nobody can do that to them."), name=name)


class BotRankTooLow(UserError):
    """Discord itself will refuse: the member stands at or above the bot."""

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("{name} has a role as high as mine, or higher. Move my role above theirs in the server's role list."),
            name=name,
        )


class RoleNotBelow(UserError):
    """The role stands at or above the top role of the person who wants to use it."""

    def __init__(self, role: str) -> None:
        super().__init__(
            N_("The role {role} is as high as your own highest role, or higher. Ask somebody above it."), role=role
        )


def person(member: discord.Member) -> Person:
    """The member as the pure rules see them."""
    return Person(
        user_id=member.id,
        top_role=member.top_role.position,
        is_owner=member.guild.owner_id == member.id,
        is_bot=member.bot,
    )


def require_rank(actor: discord.Member, target: discord.Member) -> None:
    """Raises a UserError unless ``actor`` stands above ``target``, and so does the bot. Check again when acting."""
    name = discord.utils.escape_markdown(target.display_name)
    if actor.id == target.id:
        raise OnYourself
    if target.guild.owner_id == target.id:
        raise OnTheOwner(name)
    if not outranks(person(actor), person(target)):
        raise RankTooLow(name)
    if not outranks(person(target.guild.me), person(target)):
        raise BotRankTooLow(name)


def require_above_role(actor: discord.Member, role: discord.Role) -> None:
    """Raises RoleNotBelow unless the role stands below the actor's own top role; the owner may use every role."""
    if actor.guild.owner_id != actor.id and role >= actor.top_role:
        raise RoleNotBelow(discord.utils.escape_markdown(role.name))
