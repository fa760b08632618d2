"""What keeps a server's settings from working: channels and roles that are gone, out of reach or too high."""

from collections.abc import Iterator

import discord

from bot.errors import UserError
from bot.guilds.references import Reference, references
from bot.guilds.sections import Section
from bot.permissions.channels import usable
from bot.permissions.roles import RoleGone, grantable


def broken(guild: discord.Guild, section: Section) -> Iterator[tuple[Reference, UserError]]:
    """What the section names and the bot cannot use, with what it would say if that were chosen now."""
    for reference in dict.fromkeys(references(section)):
        try:
            _require_usable(guild, reference)
        except UserError as problem:
            yield reference, problem


def _require_usable(guild: discord.Guild, reference: Reference) -> None:
    if reference.channel is not None:
        usable(guild, reference.id, reference.channel)
    elif reference.role is not None and reference.role.granted:
        grantable(guild, reference.id)
    elif guild.get_role(reference.id) is None:
        raise RoleGone
