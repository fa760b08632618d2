"""Brings Discord to what the team decided. Every handler reads the tables first and is safe to repeat."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import now
from bot.i18n.marks import N_
from bot.levels import Brought
from bot.permissions.channels import ChannelGone, MissingInChannel
from bot.timers import DueTimer
from bot.ui.text import shortened
from cogs.onboarding.effects import Bringing
from cogs.onboarding.raids.alert import Alert, alert_key, alert_of, alert_view, staff_place
from cogs.onboarding.raids.promises import ALERT, BAN, LET_IN, LEVEL, PAUSE, Promises
from cogs.onboarding.raids.rules import RENEWED_BEFORE, Pausing, paused_until, pausing
from cogs.onboarding.raids.states import RaidState
from cogs.onboarding.raids.suspects import BULK_NEEDS, judge, lacking
from cogs.onboarding.raids.unseen import Unseen

if TYPE_CHECKING:
    from bot.client import CommunityBot
    from cogs.onboarding.raids.brake import Brake

log = logging.getLogger(__name__)

LET_IN_AT_ONCE = 25
BANNED_AT_ONCE = 100
"""Discord takes 200; smaller parts show how far it is."""
BETWEEN_BANS = timedelta(seconds=10)
LOOK_AGAIN = timedelta(minutes=10)
"""When something that a permission is in the way of is looked at again, at the latest."""
DELETED_SECONDS = 86400
"""What those who are banned wrote in the last day goes too."""
ALL_FAILED = 500000
"""Discord's code: none of these could be banned."""
UNKNOWN_BAN = 10026


class Effects:
    """One handler for each kind of promise. Where the server is out of sight, ``resume`` promises anew."""

    def __init__(self, bot: "CommunityBot", brake: "Brake", bringing: Bringing) -> None:
        self._bot = bot
        self._brake = brake
        self._bringing = bringing
        self._unseen = Unseen(bot.db, bot.inbox)
        self._blocked: set[int] = set()
        for kind, handler in (
            (ALERT, self._alert),
            (PAUSE, self._pause),
            (LEVEL, self._level),
            (LET_IN, self._let_in),
            (BAN, self._ban),
        ):
            bot.timers.handle(kind, handler)

    @property
    def _promises(self) -> Promises:
        return self._brake.promises

    async def resume(self, guild: discord.Guild) -> None:
        """After a start or an outage, or when something changed that was in the way."""
        self._blocked.discard(guild.id)
        for raid in await self._brake.reader.looked_after(guild.id):
            owed = [ALERT, LET_IN]
            owed += [PAUSE] if raid.paused else []
            owed += [LEVEL] if raid.holding or raid.level_done else []
            owed += [BAN] if raid.banned_at else []
            for kind in owed:
                await self._promises.again(kind, raid.id)

    async def try_again(self, guild: discord.Guild) -> None:
        """A role or a channel changed."""
        if guild.id in self._blocked:
            await self.resume(guild)

    async def _alert(self, timer: DueTimer) -> None:
        guild = self._guild(timer)
        if guild is None:
            return
        raid_id = int(timer.payload["raid"])
        self._promises.shown(raid_id)
        alert = await alert_of(self._bot, guild, self._brake.reader, raid_id)
        if alert.lacks:
            self._blocked.add(guild.id)
        if await self._is_posted(guild, alert):
            await self._unseen.shown(alert.raid)
        else:
            self._blocked.add(guild.id)
            await self._unseen.note(alert.raid, replaced=alert.replaced)

    async def _is_posted(self, guild: discord.Guild, alert: Alert) -> bool:
        """Bring the staff channel's alert up to date; False where no channel can show it."""
        channel = staff_place(self._bot, guild)
        if channel is None:
            log.warning("server %d has no staff channel in which the team could be told of a raid", guild.id)
            return False
        try:
            await self._bot.posts.replace(channel, alert_key(alert.raid.id), lambda: {"view": alert_view(alert)})
        except (ChannelGone, MissingInChannel) as reason:
            log.warning("the alert of server %d cannot be shown: %s", guild.id, reason.message)
            return False
        return True

    async def _pause(self, timer: DueTimer) -> None:
        guild, raid = await self._found(timer)
        if guild is None or raid is None or await self._lacks(guild, PAUSE, raid, "manage_guild"):
            return
        if not raid.paused:
            if raid.pause_ended_by is not None:  # else it was ended on Discord, and may be on again for another reason
                nothing: Any = None  # what discord.py takes, though its signature does not say so
                await guild.edit(invites_disabled_until=nothing, reason=self._reason(guild, raid.pause_ended_by))
            return
        present = now()
        match pausing(raid.paused_until, guild.invites_paused_until, present):
            case Pausing.RENEW:
                until = paused_until(present)
                await guild.edit(invites_disabled_until=until, reason=self._reason(guild, raid.paused_by))
                await self._brake.progress.paused(raid.id, until, until - RENEWED_BEFORE)
            case Pausing.WAIT:
                assert raid.paused_until is not None
                await self._promises.again(PAUSE, raid.id, raid.paused_until - RENEWED_BEFORE)
            case Pausing.ENDED:
                await self._brake.decisions.end_pause(guild.id, raid.id, None)

    async def _level(self, timer: DueTimer) -> None:
        guild, raid = await self._found(timer)
        if guild is None or raid is None or raid.level_before is None or raid.level_raised is None:
            return
        newest = await self._brake.reader.newest(guild.id)
        if not raid.holding and newest is not None and newest.holding:
            return  # that one goes back to the same level
        by = raid.held_by if raid.holding else raid.hold_ended_by
        if await self._bot.levels.bring(guild, self._reason(guild, by)) is Brought.LACKS:
            if not await self._lacks(guild, LEVEL, raid, "manage_guild"):
                await self._promises.again(LEVEL, raid.id)  # it was given meanwhile
            return
        await self._brake.progress.level(raid.id, raised=raid.holding)

    async def _let_in(self, timer: DueTimer) -> None:
        guild, raid = await self._found(timer)
        if guild is None or raid is None:
            return
        people = await self._brake.progress.to_let_in(guild.id, raid.id, LET_IN_AT_ONCE)
        for user_id in people:
            await self._bringing.member(guild.id, user_id)
        await self._brake.progress.let_in(guild.id, raid.id, people)
        if len(people) == LET_IN_AT_ONCE:
            await self._promises.again(LET_IN, raid.id)

    async def _ban(self, timer: DueTimer) -> None:
        guild, raid = await self._found(timer)
        if guild is None or raid is None:
            return
        wanted = set(await self._brake.progress.to_ban(guild.id, raid.id, BANNED_AT_ONCE))
        if not wanted or await self._lacks(guild, BAN, raid, *BULK_NEEDS):
            return
        joiners = [one for one in await self._brake.reader.joiners(guild.id, raid.id) if one.user_id in wanted]
        judged = judge(self._bot, guild, guild.get_member(raid.banned_by or 0), joiners, decided=True)
        banned = await self._banned(guild, raid, [one.user_id for one in judged.banned])
        await self._brake.progress.banned(guild.id, raid.id, banned, wanted - banned)
        if len(wanted) == BANNED_AT_ONCE:
            await self._promises.again(BAN, raid.id, now() + BETWEEN_BANS)

    async def _banned(self, guild: discord.Guild, raid: RaidState, people: list[int]) -> set[int]:
        """Ban them; who is banned by now. Of those whom Discord names as failed, some were banned before a crash."""
        if not people:
            return set()
        try:
            result = await guild.bulk_ban(
                [discord.Object(user_id) for user_id in people],
                reason=self._reason(guild, raid.banned_by),
                delete_message_seconds=DELETED_SECONDS,
            )
        except discord.HTTPException as error:
            if error.code != ALL_FAILED:
                raise
            banned, failed = set[int](), people
        else:
            banned, failed = {one.id for one in result.banned}, [one.id for one in result.failed]
        return banned | {user_id for user_id in failed if await _is_banned(guild, user_id)}

    async def _lacks(self, guild: discord.Guild, kind: str, raid: RaidState, *needs: str) -> bool:
        """Whether a permission is in the way: then it is asked again later, and nothing of Discord."""
        if not lacking(guild, *needs):
            return False
        self._blocked.add(guild.id)
        await self._promises.again(kind, raid.id, now() + LOOK_AGAIN)
        await self._promises.again(ALERT, raid.id)
        return True

    def _reason(self, guild: discord.Guild, by: int | None) -> str:
        """For the audit log, in the server's language."""
        member = guild.get_member(by or 0)
        t = self._bot.i18n.for_guild(guild.id)
        if member is None:
            return t(N_("Raid brake"))
        return shortened(t(N_("Raid brake, decided by {name}"), name=member.display_name), 500)

    def _guild(self, timer: DueTimer) -> discord.Guild | None:
        guild = self._bot.get_guild(timer.guild_id or 0)
        return None if guild is None or guild.unavailable else guild

    async def _found(self, timer: DueTimer) -> tuple[discord.Guild | None, RaidState | None]:
        guild = self._guild(timer)
        if guild is None:
            return None, None
        return guild, await self._brake.reader.state(guild.id, int(timer.payload["raid"]))


async def _is_banned(guild: discord.Guild, user_id: int) -> bool:
    try:
        await guild.fetch_ban(discord.Object(user_id))
    except discord.NotFound as error:
        if error.code != UNKNOWN_BAN:
            raise
        return False
    return True
