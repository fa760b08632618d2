"""Takes away what was found: promised with the case, begun at once, and tried again until it is gone."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord

from bot.clock import now
from bot.database import Transaction
from bot.errors import UserError
from bot.i18n.marks import N_
from bot.passing import PASSING
from bot.permissions.channels import missing_permissions
from bot.posting import ARCHIVED
from bot.timers import DueTimer
from cogs.conduct.carrying.bringing import AWAY
from cogs.conduct.carrying.carrying import Carrying
from cogs.conduct.carrying.hindrances import ERASE
from cogs.conduct.cases.service import Cases
from cogs.conduct.filters.model import Where
from cogs.conduct.screening.findings import HitView, Owed
from cogs.conduct.screening.hits import SOON, Hits
from cogs.conduct.screening.keeping import Filters
from cogs.conduct.screening.reach import DELETING, may_rename, may_unname
from cogs.conduct.screening.refusals import MessageStands, NameStands
from cogs.conduct.screening.screens import Screens

if TYPE_CHECKING:
    from bot.client import CommunityBot

_BULK = 100
"""Messages that Discord deletes with one request."""
_BULK_AGE = timedelta(days=14)


class Erasing:
    """Safe to repeat: what is gone, by whoever's hand, is done."""

    def __init__(self, bot: "CommunityBot", filters: Filters, screens: Screens, hits: Hits, cases: Cases) -> None:
        self._bot = bot
        self._filters = filters
        self._screens = screens
        self._hits = hits
        self._cases = cases
        self._busy: set[str] = set()
        bot.timers.handle(ERASE, self.handle)

    async def at_once(self, guild: discord.Guild, owed: Owed) -> None:
        """Do it now, and take the promise back; what does not work is the promise's from here on."""
        self._busy.add(owed.key)
        try:
            await self._erase(guild, owed)
        except (UserError, *PASSING):
            next_step = self._bot.timers.hasten
        else:
            next_step = self._bot.timers.cancel
        finally:
            self._busy.discard(owed.key)
        await self._bot.db.transaction(lambda tx: next_step(tx, owed.key))

    async def handle(self, timer: DueTimer) -> None:
        """Raises UserError for what is in the way; the log of moderation and the inbox show it."""
        owed = Owed.of(timer)
        if owed.key in self._busy:
            await self._again(owed, SOON)
            return
        guild = self._bot.get_guild(owed.guild_id)
        if guild is None or guild.unavailable:
            await self._again(owed, AWAY)
            return
        if await self._is_off(owed):
            await self._recovered(owed)
            return
        try:
            await self._erase(guild, owed)
        except Exception as error:
            await self._hindered(guild, owed, error if isinstance(error, UserError) else None)
            raise
        if timer.attempts:
            await self._recovered(owed)

    async def _is_off(self, owed: Owed) -> bool:
        """Whether the team has decided otherwise since: the case was undone, or what was found is all right."""
        case, hit = await self._cases.read.by_id(owed.case_id), await self._hits.get(owed)
        return (case is not None and case.undone) or (hit is not None and hit.wrong)

    async def _erase(self, guild: discord.Guild, owed: Owed) -> None:
        if owed.messages:
            await self._delete_all(guild, owed.messages)
            return
        hit = await self._hits.get(owed)
        if hit is not None and hit.place is Where.NICKNAME:
            await self._unname(guild, hit)
        elif hit is not None and hit.place is Where.THREAD_NAME:
            await self._rename(guild, hit)

    async def _delete_all(self, guild: discord.Guild, messages: Iterable[tuple[int, int]]) -> None:
        """What cannot be deleted in one channel keeps nothing standing in another."""
        stands: MessageStands | None = None
        for channel_id, ids in _by_channel(messages).items():
            try:
                await self._delete(guild, channel_id, ids)
            except MessageStands as problem:
                stands = problem
        if stands is not None:
            raise stands

    async def _delete(self, guild: discord.Guild, channel_id: int, ids: list[int]) -> None:
        channel: Any = guild.get_channel_or_thread(channel_id)
        if channel is None:  # deleted, or a thread that was archived since
            channel = self._bot.get_partial_messageable(channel_id, guild_id=guild.id)
        elif missing := missing_permissions(channel, DELETING):
            raise MessageStands(channel_id, missing)
        try:
            try:
                await _delete_there(channel, ids)
            except discord.HTTPException as error:
                if error.code != ARCHIVED:
                    raise
                await self._delete_archived(channel_id, ids)
        except discord.Forbidden as refusal:
            raise MessageStands(channel_id) from refusal

    async def _delete_archived(self, thread_id: int, ids: list[int]) -> None:
        """Discord may let nothing be deleted in an archived thread: it is opened for that, and archived again."""
        thread: Any = await self._bot.fetch_channel(thread_id)
        await thread.edit(archived=False)
        try:
            await _delete_there(thread, ids)
        finally:
            await thread.edit(archived=True)

    async def _unname(self, guild: discord.Guild, hit: HitView) -> None:
        member = guild.get_member(hit.user_id)
        if member is None or not member.nick or not self._still(hit, guild, member, member.nick):
            return
        if not may_unname(member):
            raise NameStands
        try:
            await _gone(member.edit(nick=None))
        except discord.Forbidden as refusal:
            raise NameStands from refusal

    async def _rename(self, guild: discord.Guild, hit: HitView) -> None:
        thread = guild.get_thread(hit.channel_id or 0)
        if thread is None or not self._still(hit, guild, thread.owner, thread.name):
            return
        if not may_rename(thread):
            raise NameStands
        t = self._bot.i18n.for_guild(guild.id)
        try:
            await _gone(thread.edit(name=t(N_("Renamed by a filter"))))
        except discord.Forbidden as refusal:
            raise NameStands from refusal

    def _still(self, hit: HitView, guild: discord.Guild, member: discord.Member | None, name: str) -> bool:
        """Whether the filter finds it in the present name too: another one is nobody's to take away."""
        roles = [role.id for role in member.roles] if member is not None else []
        found = self._screens.screening.screen_name(guild.id, name, hit.place, roles=roles)
        return any(one.filter.id == hit.filter_id for one in found)

    async def _hindered(self, guild: discord.Guild, owed: Owed, problem: UserError | None) -> None:
        carrying = self._bot.service(Carrying)
        carrying.bringing.hindered.note(guild.id)
        kept = self._filters.by_id(owed.guild_id, owed.filter_id)
        if kept is not None:
            await self._hits.stands(owed, kept.number)
        if problem is not None:
            carrying.modlog.stands(owed.case_id, owed.key, problem)
            await carrying.modlog.post(owed.case_id)

    async def _recovered(self, owed: Owed) -> None:
        modlog = self._bot.service(Carrying).modlog
        modlog.recovered(owed.case_id, owed.key)
        await self._hits.gone(owed)
        await modlog.post(owed.case_id)

    async def _again(self, owed: Owed, pause: timedelta) -> None:
        async def work(tx: Transaction) -> None:
            await owed.promise(tx, self._bot.timers, now() + pause)

        await self._bot.db.transaction(work)


async def _delete_there(channel: Any, ids: list[int]) -> None:
    together = [one for one in ids if now() - discord.utils.snowflake_time(one) < _BULK_AGE]
    if len(together) < 2 or not hasattr(channel, "delete_messages"):
        together = []
    for start in range(0, len(together), _BULK):
        part = [discord.Object(one) for one in together[start : start + _BULK]]
        await _gone(channel.delete_messages(part))
    for one in ids:
        if one not in together:
            await _gone(channel.get_partial_message(one).delete())


async def _gone(request: Any) -> None:
    """What is gone by now needs no erasing."""
    try:
        await request
    except discord.NotFound:
        return


def _by_channel(messages: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for channel_id, message_id in messages:
        found.setdefault(channel_id, []).append(message_id)
    return found
