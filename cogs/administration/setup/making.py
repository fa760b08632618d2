"""Creates channels and roles so that each exists once, whatever crashes between Discord's answer and our commit.

The ids that bear the name are noted before Discord is asked. What bears it afterwards and is not among them is what
an earlier attempt has left: no clock is compared, and neither the audit log (a permission more) nor a mark in the topic
is needed. A channel must also have our own member overwrite, a role no permission at all, as we make them.
"""

import contextlib
from typing import TYPE_CHECKING

import discord

from bot.capabilities import Audience
from bot.guilds.sections import CommunitySettings
from bot.guilds.shape import shape_of
from bot.i18n.marks import N_
from cogs.administration.setup.operations import Kind, Operation
from cogs.administration.setup.problems import DiscordRefused, LacksPermission, TooManyChannels, TooManyRoles

if TYPE_CHECKING:
    from bot.client import CommunityBot

Made = discord.abc.GuildChannel | discord.Role

MAX_ROLES, MAX_CHANNELS, INVALID_FORM = 30005, 30013, 50035
"""Discord's codes: too many roles, too many channels, a value it does not take."""
ARRIVES_SECONDS = 10.0
"""How long the event of a role that was created may take; usually it is there before the answer."""
NAME, TOPIC = 100, 1024
ANYWAY = ("view_channel", "send_messages", "embed_links", "read_message_history")
"""What the bot allows itself in a channel of its own making."""


def slug(name: str) -> str:
    """A channel's name as Discord writes it."""
    return "-".join(name.casefold().split())[:NAME]


def same_name(guild: discord.Guild, operation: Operation) -> tuple[int, ...]:
    """Ids that bear the name now, as far as the cache knows; noted before the first attempt."""
    found = guild.roles if operation.kind is Kind.ROLE else guild.channels
    return tuple(one.id for one in found if one.name == _name(operation))


async def left_behind(guild: discord.Guild, operation: Operation) -> Made | None:
    """What an attempt without a known result has created, asked of Discord itself."""
    if operation.kind is Kind.ROLE:
        roles = [role for role in await guild.fetch_roles() if not role.permissions.value and not role.managed]
        return next((one for one in roles if _ours(one, operation)), None)
    channels = await guild.fetch_channels()
    return next((one for one in channels if _ours(one, operation) and guild.me in one.overwrites), None)


async def make(
    bot: "CommunityBot", guild: discord.Guild, operation: Operation, team: list[discord.Role], actor: discord.Member
) -> Made:
    """Create it; ``actor`` sees it in any case.

    Raises UserError for what Discord refuses, and discord.py's errors for what may work later.
    """
    t = bot.i18n.for_guild(guild.id)
    reason = t(N_("Created by /setup"))
    try:
        if operation.kind is Kind.ROLE:
            return await guild.create_role(name=_name(operation), permissions=discord.Permissions.none(), reason=reason)
        overwrites = _overwrites(bot, guild, operation, team, actor)
        topic = operation.topic[:TOPIC]
        if operation.kind is Kind.FORUM:
            return await guild.create_forum(_name(operation), topic=topic, overwrites=overwrites, reason=reason)
        return await guild.create_text_channel(_name(operation), topic=topic, overwrites=overwrites, reason=reason)
    except discord.HTTPException as error:
        raise _refusal(error, operation) from error


async def arrived(bot: "CommunityBot", guild: discord.Guild, operation: Operation) -> None:
    """Wait until the cache knows what was created: a role gets there by its event only."""
    if operation.kind is not Kind.ROLE or guild.get_role(operation.id or 0) is not None:
        return
    with contextlib.suppress(TimeoutError):
        await bot.wait_for("guild_role_create", check=lambda role: role.id == operation.id, timeout=ARRIVES_SECONDS)


def _name(operation: Operation) -> str:
    return operation.name[:NAME] if operation.kind is Kind.ROLE else slug(operation.name)


def _ours(found: Made, operation: Operation) -> bool:
    return found.name == _name(operation) and found.id not in operation.known


def _overwrites(
    bot: "CommunityBot", guild: discord.Guild, operation: Operation, team: list[discord.Role], actor: discord.Member
) -> dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]:
    """Who sees the channel. Discord lets the bot set only permissions that it has itself."""
    section, _, field = operation.key.partition(".")
    channel = shape_of(bot.sections.named(section), field).channel
    powers = guild.me.guild_permissions

    def allowed(*names: str, value: bool = True) -> discord.PermissionOverwrite:
        return discord.PermissionOverwrite(**{name: value for name in names if getattr(powers, name)})

    found: dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite] = {
        guild.me: allowed(*ANYWAY, *(channel.needs if channel else ()))
    }
    if operation.audience == Audience.STAFF:
        found[guild.default_role] = allowed("view_channel", value=False)
        inside: list[discord.Role | discord.Member] = list(team) if set(team) & set(actor.roles) else [*team, actor]
        found |= {one: allowed("view_channel", "send_messages") for one in inside}
    elif operation.audience == Audience.READ_ONLY:
        found[guild.default_role] = allowed("send_messages", "create_public_threads", value=False)
        found |= {role: allowed("send_messages") for role in team}
    return found


def staff_of(bot: "CommunityBot", guild: discord.Guild, ids: tuple[int, ...]) -> list[discord.Role]:
    """The roles of the team: those of the settings and those of this run."""
    every = (*bot.guild_settings.get(guild.id, CommunitySettings).staff_roles, *ids)
    return [role for one in dict.fromkeys(every) if (role := guild.get_role(one)) is not None]


def _refusal(error: discord.HTTPException, operation: Operation) -> Exception:
    if error.status >= 500 or error.status == 429:
        return error
    role = operation.kind is Kind.ROLE
    if error.code == MAX_ROLES or (error.code == INVALID_FORM and role and "maximum" in error.text.casefold()):
        return TooManyRoles()
    if error.code == MAX_CHANNELS or (error.code == INVALID_FORM and "maximum" in error.text.casefold()):
        return TooManyChannels()
    if isinstance(error, discord.Forbidden):
        return LacksPermission(N_("Manage Roles") if role else N_("Manage Channels"))
    return DiscordRefused(" ".join(error.text.split())[:200] or str(error.code))
