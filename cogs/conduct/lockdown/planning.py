"""What a lockdown would change in a server as it is now: from the cache, without asking Discord anything."""

from collections.abc import Iterable, Iterator
from typing import Any

import discord

from bot.guilds.sections import CommunitySettings
from bot.permissions.channels import missing_permissions
from cogs.conduct.lockdown.models import Target
from cogs.conduct.lockdown.plans import Plan, Step
from cogs.conduct.lockdown.rules import Bits, closed, opened
from cogs.conduct.lockdown.settings import LockdownSettings, Mode

Channel = discord.TextChannel | discord.ForumChannel | discord.VoiceChannel | discord.StageChannel
WRITING = ("send_messages", "send_messages_in_threads", "create_public_threads", "create_private_threads")
SLOW_NEEDS, CLOSE_NEEDS = ("view_channel", "manage_channels"), ("view_channel", "manage_roles")


def plan(guild: discord.Guild, settings: LockdownSettings, community: CommunitySettings, level: int) -> Plan:
    """Raises nothing: what cannot be done is listed. ``level``: the verification level to go back to."""
    made = Plan(settings.mode is Mode.CLOSED)
    members = [guild.default_role, *_roles(guild, settings.member_roles)]
    team = _roles(guild, community.staff_roles)
    for channel in _chosen(guild, settings) if settings.mode is not Mode.NONE else ():
        if not any(channel.permissions_for(role).view_channel for role in members):
            continue
        if settings.mode is Mode.CLOSED:
            steps, needs = list(_closing(channel, team)), CLOSE_NEEDS
        else:
            steps, needs = list(_slowing(channel, members, int(settings.slow_mode.total_seconds()))), SLOW_NEEDS
        missing = missing_permissions(channel, needs)
        if steps and missing:
            made.skipped[channel.id] = missing
        elif steps:
            made.steps += steps
    _server(guild, settings, made, level)
    return made


def _server(guild: discord.Guild, settings: LockdownSettings, made: Plan, present: int) -> None:
    wanted = settings.level.number
    if not guild.me.guild_permissions.manage_guild:
        made.lacks_server = settings.pause_invites or wanted > present
        return
    made.pauses = settings.pause_invites
    if wanted > present:
        made.steps.append(Step(0, Target.LEVEL, 0, [present], [wanted]))


def _chosen(guild: discord.Guild, settings: LockdownSettings) -> Iterator[Channel]:
    for channel in guild.channels:
        if isinstance(channel, Channel):
            ids = {channel.id, channel.category_id}
            if not ids.intersection(settings.spared) and (not settings.channels or ids.intersection(settings.channels)):
                yield channel


def _slowing(channel: Channel, members: Iterable[discord.Role], seconds: int) -> Iterator[Step]:
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        return  # Discord has no slow mode there
    known: Any = channel  # a voice channel's is not typed
    delay = int(known.slowmode_delay)
    if delay < seconds and any(channel.permissions_for(role).send_messages for role in members):
        yield Step(channel.id, Target.SLOW, 0, [delay], [seconds])


def _closing(channel: Channel, team: list[discord.Role]) -> Iterator[Step]:
    """The bot and the team keep what they could do; then writing is denied to everybody, and to whom it was allowed."""
    mask = _mask(channel)
    denied = [step for role in _writers(channel, team) if (step := _step(channel, role, mask, shut=True))]
    if not denied:
        return
    for one in _those_who_stay(channel, team):
        kept = channel.permissions_for(one).value & mask
        if kept and (step := _step(channel, one, kept, shut=False)):
            yield step
    yield from denied


def _those_who_stay(channel: Channel, team: list[discord.Role]) -> Iterator[discord.Role | discord.Member]:
    """The bot and the team; nothing stops administrators."""
    me = channel.guild.me
    if not me.guild_permissions.administrator:
        yield me
    yield from (role for role in team if not role.permissions.administrator)


def _mask(channel: Channel) -> int:
    """What is denied, of what Discord lets the bot deny: only what the bot itself may do."""
    names = (*WRITING, "connect") if isinstance(channel, discord.VoiceChannel | discord.StageChannel) else WRITING
    return discord.Permissions(**dict.fromkeys(names, True)).value & channel.guild.me.guild_permissions.value


def _writers(channel: Channel, team: list[discord.Role]) -> Iterator[discord.Role]:
    """Everybody, if they may write there, and each role that was allowed to: not the team's, nor those of bots."""
    everyone = channel.guild.default_role
    yield everyone
    for role in channel.overwrites:
        if isinstance(role, discord.Role) and role != everyone and role not in team and not role.is_bot_managed():
            yield role


def _step(channel: Channel, one: discord.Role | discord.Member, mask: int, *, shut: bool) -> Step | None:
    before = overwrite_of(channel, one.id)
    known = before or Bits()
    everyone = one == channel.guild.default_role
    if shut and not known.allow & mask and (not everyone or known.deny & mask == mask):
        return None
    after = closed(before, mask) if shut else opened(before, mask)
    if after == known:
        return None
    target = Target.ROLE if isinstance(one, discord.Role) else Target.MEMBER
    bits = [known.allow, known.deny], [after.allow, after.deny]
    return Step(channel.id, target, one.id, *bits, mask=mask, existed=before is not None)


def overwrite_of(channel: discord.abc.GuildChannel, target_id: int) -> Bits | None:
    """What the channel allows and denies to a role or member; None where it has no overwrite for them."""
    for one, overwrite in channel.overwrites.items():
        if one.id == target_id:
            allow, deny = overwrite.pair()
            return Bits(allow.value, deny.value)
    return None


def _roles(guild: discord.Guild, ids: Iterable[int]) -> list[discord.Role]:
    return [role for role in map(guild.get_role, ids) if role is not None]
