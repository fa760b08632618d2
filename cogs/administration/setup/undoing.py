"""Takes back one operation of a run: only what it made, and only while nobody has used or changed it since."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from pydantic import ValidationError

from bot.errors import UserError
from bot.guilds.references import references
from bot.guilds.sections import Section
from bot.guilds.shape import shapes
from bot.permissions.channels import missing_permissions
from bot.permissions.configuration import check_for
from cogs.administration.setup.operations import Kind, Operation, Undone
from cogs.administration.setup.plan import acceptable
from cogs.administration.setup.problems import (
    ChangedSince,
    NoLongerAllowed,
    StillPowerless,
    UsedSince,
    WentWrong,
    kept,
)

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

LOOKED_AT = 50
"""Messages among which somebody else's is looked for: a channel of ours holds our panel and nothing more."""


async def take_back(
    bot: "CommunityBot", guild: discord.Guild, operation: Operation, actor: discord.Member | None, *, last_try: bool
) -> Operation:
    """Safe to repeat. Raises discord.py's errors that may pass, except at the last try."""
    try:
        if actor is None:
            raise NoLongerAllowed
        if operation.kind is Kind.SETTINGS:
            return await _restore(bot, guild, operation, actor)
        if operation.kind is Kind.DOOR:
            await _take_down(guild, operation)
        else:
            await _delete(bot, guild, operation)
    except UserError as error:
        return replace(operation, undone=Undone.KEPT, kept_because=(kept(error),))
    except discord.HTTPException as error:
        if not last_try:
            raise
        log.warning("an operation of the set-up of server %d is not undone: %s", guild.id, error)
        return replace(operation, undone=Undone.KEPT, kept_because=(kept(WentWrong()),))
    return replace(operation, undone=Undone.REMOVED)


async def _restore(bot: "CommunityBot", guild: discord.Guild, operation: Operation, actor: discord.Member) -> Operation:
    section = bot.sections.named(operation.key)
    present = bot.guild_settings.get(guild.id, section)
    values, changed = _restored(present, operation)
    check = check_for(guild, actor)
    accepted, refused = acceptable(present, values, check)
    problems = [ChangedSince(shapes(section)[field].title) for field in changed]
    try:
        await bot.guild_settings.edit(guild.id, section, lambda _: accepted, by=actor.id, check=check)
    except ValidationError:
        problems.append(ChangedSince(section.title))
    told = tuple(kept(error) for error in (*problems, *(error for _, error in refused)))
    return replace(operation, undone=Undone.KEPT if told else Undone.REMOVED, kept_because=told)


def _restored(present: Section, operation: Operation) -> tuple[dict[str, Any], list[str]]:
    """The fields to put back, and those that somebody has changed since."""
    now, values, changed = present.model_dump(mode="json"), {}, []
    for field, after in operation.after.items():
        before = operation.before[field]
        if now[field] == after:
            values[field] = before
        elif now[field] != before:
            changed.append(field)
    return values, changed


async def _take_down(guild: discord.Guild, operation: Operation) -> None:
    channel = guild.get_channel(operation.where or 0)
    if not isinstance(channel, discord.TextChannel) or operation.id is None:
        return
    try:
        await channel.get_partial_message(operation.id).delete()
    except (discord.NotFound, discord.Forbidden):
        return


async def _delete(bot: "CommunityBot", guild: discord.Guild, operation: Operation) -> None:
    """Delete what was created. Raises UsedSince or StillPowerless."""
    found = guild.get_role(operation.id or 0) or guild.get_channel(operation.id or 0)
    if found is None:
        return
    name = discord.utils.escape_markdown(found.name)
    if isinstance(found, discord.Role):
        if not guild.me.guild_permissions.manage_roles or found >= guild.me.top_role:
            raise StillPowerless(name)
        used = bool(found.members) or found.permissions.value != 0
    else:
        if missing_permissions(found, ("view_channel", "manage_channels", "read_message_history")):
            raise StillPowerless(f"#{name}")
        name, used = f"#{name}", await _is_used(found)
    if used or _is_named(bot, guild, found.id):
        raise UsedSince(name)
    try:
        await found.delete()
    except discord.NotFound:
        return
    except discord.Forbidden as error:
        raise StillPowerless(name) from error


async def _is_used(channel: discord.abc.GuildChannel) -> bool:
    """Whether anybody but the bot has written there."""
    if isinstance(channel, discord.TextChannel | discord.ForumChannel) and channel.threads:
        return True
    if not isinstance(channel, discord.TextChannel):
        return False
    me = channel.guild.me.id
    return any([message.author.id != me async for message in channel.history(limit=LOOKED_AT)])


def _is_named(bot: "CommunityBot", guild: discord.Guild, found: int) -> bool:
    """Whether a setting still names it: somebody uses it for something else now."""
    sections = (bot.guild_settings.get(guild.id, section) for section in bot.sections.all())
    return any(reference.id == found for section in sections for reference in references(section))
