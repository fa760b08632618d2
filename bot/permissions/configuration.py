"""May this person put these channels and roles into the settings? Every way of changing settings asks here."""

from collections import Counter
from collections.abc import Iterator

import discord

from bot.errors import UserError
from bot.guilds.references import Reference, references
from bot.guilds.sections import Section
from bot.guilds.service import Check
from bot.permissions.channels import usable
from bot.permissions.rank import require_above_role
from bot.permissions.roles import EveryoneRole, RoleGone, grantable


def check_for(guild: discord.Guild, actor: discord.Member | None) -> Check:
    """The check of a settings change by ``actor`` (None: the bot itself, which has no rank to respect).

    What the change adds must be usable: channels of the right kind in which the bot can work, roles that exist and,
    where the bot hands them out, are harmless and assignable. Roles it adds or takes out must stand below the
    actor's own top role.
    """

    def check(before: Section, after: Section) -> None:
        for _reference, refusal in refusals(guild, actor, before, after):
            raise refusal

    return check


def refusals(
    guild: discord.Guild, actor: discord.Member | None, before: Section, after: Section
) -> Iterator[tuple[Reference, UserError]]:
    """What ``check_for`` refuses of a change: each channel or role with the reason."""
    had, has = _counted(before), _counted(after)
    for reference in has - had:
        try:
            _require_usable(guild, reference, actor)
        except UserError as refusal:
            yield reference, refusal
    for reference in had - has:
        role = guild.get_role(reference.id) if reference.role else None
        if role is not None and actor is not None:
            try:
                require_above_role(actor, role)
            except UserError as refusal:
                yield reference, refusal


def _require_usable(guild: discord.Guild, reference: Reference, actor: discord.Member | None) -> None:
    if reference.channel is not None:
        usable(guild, reference.id, reference.channel)
    elif reference.role is not None and reference.role.granted:
        grantable(guild, reference.id, actor)
    elif reference.role is not None:
        role = guild.get_role(reference.id)
        if role is None:
            raise RoleGone
        if role.is_default():
            raise EveryoneRole
        if actor is not None:
            require_above_role(actor, role)


def _counted(section: Section) -> Counter[Reference]:
    return Counter(references(section))
