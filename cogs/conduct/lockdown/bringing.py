"""Brings Discord to a lockdown, and back to what was before it. Safe to repeat from any point."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import now
from bot.i18n.marks import N_
from bot.levels import Brought
from bot.permissions.channels import ChannelGone, MissingInChannel, missing_permissions
from bot.timers import DueTimer
from bot.ui.text import shortened
from cogs.conduct.lockdown.models import StepState, Target
from cogs.conduct.lockdown.planning import CLOSE_NEEDS, SLOW_NEEDS, overwrite_of
from cogs.conduct.lockdown.rules import (
    Bits,
    Verdict,
    ended_by_hand,
    is_ours,
    next_look,
    pause_to_set,
    restoring,
    setting,
    verdict,
)
from cogs.conduct.lockdown.service import OWED, Lockdowns, LockdownView, StepView

if TYPE_CHECKING:
    from bot.client import CommunityBot

log = logging.getLogger(__name__)

AT_ONCE = 25
"""Steps of one run; Discord lets some of them wait for seconds."""
LOOK_AGAIN = timedelta(minutes=10)
"""When something that a permission is in the way of is tried again, at the latest."""
Channels = Mapping[int, discord.abc.GuildChannel]


class Bringing:
    """The handler of the timer; ``show`` brings the post in the staff channel up to date."""

    def __init__(self, bot: "CommunityBot", lockdowns: Lockdowns) -> None:
        self._bot = bot
        self._lockdowns = lockdowns

    async def handle(self, timer: DueTimer) -> None:
        guild = self._bot.get_guild(timer.guild_id or 0)
        if guild is None or guild.unavailable:
            return  # the reconciliation looks at it once the server is there
        one = await self._lockdowns.expire(int(timer.payload["lockdown"]))
        if one is None or not one.open:
            return
        ending = one.ended_at is not None
        left, blocked = await self._steps(guild, one, ending=ending)
        blocked |= await self._pause(guild, one, ending=ending)
        if left or blocked:
            await self._lockdowns.again(one.id, now() + (timedelta() if left else LOOK_AGAIN), ending=ending)
        elif ending:
            await self._lockdowns.finish(one.id)
        else:
            one = await self._lockdowns.get(one.id)
            paused = one.pause_until if one.pauses and not one.pause_over else one.until
            await self._lockdowns.again(one.id, next_look(one.until, paused, now()), ending=ending)
        await self.show(guild, one.id)

    async def _steps(self, guild: discord.Guild, one: LockdownView, *, ending: bool) -> tuple[bool, bool]:
        """Take some steps: whether others are left, and whether a permission is in the way of any."""
        steps = await self._lockdowns.steps(one.id)
        owed = [step for step in steps if step.state in (OWED if ending else (StepState.WANTED,))]
        if not owed:
            return False, False
        # What the cache shows may be older than what was set a moment ago.
        channels = {channel.id: channel for channel in await guild.fetch_channels()}
        reason, blocked, taken = self._reason(guild, one), False, 0
        for step in reversed(owed) if ending else owed:
            if taken == AT_ONCE:
                return True, blocked
            if hindrance(guild, step):
                blocked = True
                continue
            taken += 1
            try:
                state = await self._step(guild, channels, step, reason, ending=ending)
            except discord.NotFound:
                state = StepState.GONE
            except discord.Forbidden:
                log.warning("step %d of lockdown %d in server %d is forbidden", step.id, one.id, guild.id)
                blocked = True
                continue
            await self._lockdowns.mark(step.id, state)
        return False, blocked

    async def _step(
        self, guild: discord.Guild, channels: Channels, step: StepView, reason: str, *, ending: bool
    ) -> StepState:
        if step.target is Target.LEVEL:
            brought = await self._bot.levels.bring(guild, reason)
            return _state(Verdict.THEIRS if brought is Brought.THEIRS else Verdict.DONE, ending=ending)
        channel: Any = channels.get(step.channel_id)
        if channel is None or (step.target is Target.ROLE and guild.get_role(step.target_id) is None):
            return StepState.GONE
        if step.target is Target.SLOW:
            judged = _judged(step, channel.slowmode_delay, ending=ending)
            if judged is Verdict.WRITE:
                await channel.edit(slowmode_delay=(step.before if ending else step.after)[0], reason=reason)
            return _state(judged, ending=ending)
        before, after = Bits(*step.before) if step.existed else None, Bits(*step.after)
        decide = restoring if ending else setting
        judged, wanted = decide(before, after, overwrite_of(channel, step.target_id), step.mask)
        if judged is Verdict.WRITE:
            await self._write(channel, step, wanted, reason)
        return _state(judged, ending=ending)

    async def _write(self, channel: Any, step: StepView, wanted: Bits | None, reason: str) -> None:
        http = self._bot.http
        if wanted is None:
            await http.delete_channel_permissions(channel.id, step.target_id, reason=reason)
        else:
            kind: Any = 0 if step.target is Target.ROLE else 1
            await http.edit_channel_permissions(
                channel.id, step.target_id, str(wanted.allow), str(wanted.deny), kind, reason=reason
            )

    async def _pause(self, guild: discord.Guild, one: LockdownView, *, ending: bool) -> bool:
        """See to the pause of invites; True when a permission is in the way."""
        if not one.pauses or one.pause_over:
            return False
        seen, present, reason = guild.invites_paused_until, now(), self._reason(guild, one)
        if ending:
            over = one.pause_before if one.pause_before is not None and one.pause_before > present else None
            if is_ours(one.pause_until, seen) and seen is not None and seen > present and seen != over:
                if not guild.me.guild_permissions.manage_guild:
                    return True
                until: Any = over  # None ends it, though the signature of discord.py does not say so
                await guild.edit(invites_disabled_until=until, reason=reason)
            await self._lockdowns.paused(one.id, None, over=True)
        elif (wanted := pause_to_set(one.until, one.pause_until, seen, present)) is not None:
            if not guild.me.guild_permissions.manage_guild:
                return True
            await guild.edit(invites_disabled_until=wanted, reason=reason)
            await self._lockdowns.paused(one.id, wanted)
        elif ended_by_hand(one.pause_until, seen, present):
            await self._lockdowns.paused(one.id, None, over=True)
        return False

    async def show(self, guild: discord.Guild, lockdown_id: int) -> None:
        """Bring the post in the staff channel up to date, where there is one I can write in."""
        from cogs.conduct.lockdown.buttons import end_key
        from cogs.conduct.lockdown.pages import post_of, staff_place

        channel = staff_place(self._bot, guild)
        if channel is None:
            return
        view = await post_of(self._bot, guild, lockdown_id)
        try:
            await self._bot.posts.replace(channel, end_key(lockdown_id), lambda: {"view": view})
        except (ChannelGone, MissingInChannel) as reason:
            log.warning("the lockdown of server %d cannot be shown: %s", guild.id, reason.message)

    def _reason(self, guild: discord.Guild, one: LockdownView) -> str:
        """For the audit log, in the server's language."""
        t = self._bot.i18n.for_guild(guild.id)
        ending = one.ended_at is not None
        member = guild.get_member((one.ended_by if ending else one.started_by) or 0)
        if ending and one.ended_by is None:
            return t(N_("The lockdown is over"))
        if member is None:
            return t(N_("Lockdown"))
        text = N_("Lockdown, ended by {name}") if ending else N_("Lockdown, started by {name}")
        return shortened(t(text, name=member.display_name), 500)


def hindrance(guild: discord.Guild, step: StepView) -> list[str]:
    """Which permissions the bot lacks for a step; nothing about a channel that is gone."""
    if step.target is Target.LEVEL:
        return [] if guild.me.guild_permissions.manage_guild else ["manage_guild"]
    channel = guild.get_channel(step.channel_id)
    if channel is None:
        return []
    return missing_permissions(channel, SLOW_NEEDS if step.target is Target.SLOW else CLOSE_NEEDS)


def _judged(step: StepView, found: int, *, ending: bool) -> Verdict:
    wanted, ours = (step.before, step.after) if ending else (step.after, step.before)
    return verdict(found=found, ours=ours[0], wanted=wanted[0])


def _state(judged: Verdict, *, ending: bool) -> StepState:
    if judged is Verdict.THEIRS:
        return StepState.LEFT
    return StepState.RESTORED if ending else StepState.SET
