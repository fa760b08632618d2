"""Brings two who are paired together on Discord.

A pairing is asked for by both sides: the newcomer pressed "I would like a buddy" and the buddy offered to be one. So
the introduction answers their own actions and is outside the attention budget; it names, and pings, exactly these two.
It stands in a private thread, where both see it, the team can look in (who manages threads), and neither has to open
their private messages to a stranger. Where no thread is possible (no channel, a permission, a channel one of them does
not see), each gets a direct message; the team is told why. A buddy whom neither reaches gets no newcomer.
"""

import contextlib
from typing import TYPE_CHECKING, Final

import discord

from bot.clock import now
from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions.channels import can_see, usable
from bot.posting import nonce_of, post_once
from bot.timers import DueTimer
from bot.ui import LayoutView, palette
from cogs.onboarding.buddies import letters
from cogs.onboarding.buddies.items import change_key
from cogs.onboarding.buddies.offers import Offers
from cogs.onboarding.buddies.service import Buddies, Pair
from cogs.onboarding.buddies.settings import BuddiesSettings
from cogs.onboarding.effects.people import member_of
from cogs.onboarding.effects.welcome import HiddenFromNewcomers
from cogs.onboarding.service import Troubles
from cogs.onboarding.settings import THREADS, WelcomeSettings

if TYPE_CHECKING:
    from bot.client import CommunityBot

ARCHIVE_AFTER: Final = 4320
"""Minutes of silence, three days: an archived thread opens again as soon as somebody writes."""
WHAT = "introduce_buddies"


class NowhereToMeet(UserError):
    def __init__(self) -> None:
        super().__init__(N_("No channel for the private threads of buddies is chosen in /settings."))


class Delivery:
    """Each method keeps a promise made in the transaction that paired the two, or ended it, and is safe to repeat."""

    def __init__(self, bot: "CommunityBot", buddies: Buddies, offers: Offers, troubles: Troubles) -> None:
        self._bot = bot
        self._buddies = buddies
        self._offers = offers
        self._troubles = troubles

    async def introduce(self, timer: DueTimer) -> None:
        """Tell two of each other, once."""
        pair = await self._buddies.pair(int(timer.payload["pair"]))
        guild = self._bot.get_guild(timer.guild_id or 0)
        if pair is None or pair.ended_at or pair.introduced_at or pair.buddy_id is None or guild is None:
            return
        newcomer, buddy = await member_of(guild, pair.newcomer_id), await member_of(guild, pair.buddy_id)
        if newcomer is None or buddy is None:
            return  # the leaving ends it
        try:
            await self._in_thread(pair, newcomer, buddy)
        except UserError as problem:
            await self._report(guild, problem)
            await self._directly(pair, newcomer, buddy)
        except discord.HTTPException as refusal:
            if refusal.status >= 500:
                raise
            await self._directly(pair, newcomer, buddy)
        else:
            await self._troubles.solved(guild.id, WHAT)

    async def tell(self, timer: DueTimer) -> None:
        """Tell the one who stays that it is over, and take down what names somebody who was erased."""
        guild = self._bot.get_guild(timer.guild_id or 0)
        if guild is None:
            return
        asked = timer.payload
        thread = guild.get_thread(int(asked["thread"] or 0))
        if thread is not None and can_see(thread):
            if asked["message"] is not None:
                with contextlib.suppress(discord.NotFound):
                    await thread.get_partial_message(int(asked["message"])).delete()
            if asked["to"] is not None:
                t = self._bot.i18n.for_guild(guild.id)
                await self._post_end(thread, letters.ended(t, guild, asked["to"], asked["why"]), timer)
            return
        user_id = await self._staying(timer)
        member = None if user_id is None else await member_of(guild, user_id)
        if member is not None:
            t = await self._language_of(member)
            with contextlib.suppress(discord.Forbidden):
                await self._post_end(await _private(member), letters.ended(t, guild, asked["to"], asked["why"]), timer)

    async def _in_thread(self, pair: Pair, newcomer: discord.Member, buddy: discord.Member) -> None:
        """Raises UserError where there is no channel for it, and what Discord answers."""
        guild, t = newcomer.guild, self._bot.i18n.for_guild(newcomer.guild.id)
        parent = self._parent(guild)
        for one in (newcomer, buddy):
            if not parent.permissions_for(one).view_channel:
                raise HiddenFromNewcomers(f"#{discord.utils.escape_markdown(parent.name)}")
        # The number makes the name this pair's own: a thread that an interrupted attempt left is known by it.
        name = t(N_("Buddies {number}"), number=str(pair.id))
        thread = _begun(parent, name, pair) or await parent.create_thread(
            name=name, type=discord.ChannelType.private_thread, invitable=False, auto_archive_duration=ARCHIVE_AFTER
        )
        await self._buddies.note(pair.id, thread_id=thread.id)
        for one in (newcomer, buddy):
            await thread.add_user(one)
            await self._bot.attention.may_ping(guild.id, one.id, asked=True)
        shown = letters.together(t, newcomer, buddy, pair, letters.shared_groups(self._bot, newcomer, buddy))
        named = discord.AllowedMentions(everyone=False, roles=False, users=[newcomer, buddy], replied_user=False)
        message = await post_once(thread, change_key(pair.id), pair.begun_at, view=shown, allowed_mentions=named)
        await self._buddies.note(pair.id, message_id=message.id, introduced_at=message.created_at)

    async def _directly(self, pair: Pair, newcomer: discord.Member, buddy: discord.Member) -> None:
        """To each in private. A newcomer who takes no messages has read it as the answer to their own click."""
        shared = letters.shared_groups(self._bot, newcomer, buddy)
        to_buddy = letters.to_buddy(await self._language_of(buddy), newcomer, pair, shared)
        if not await _send(buddy, pair, to_buddy):
            await self._buddies.unreachable(pair.id)
            return
        await _send(newcomer, pair, letters.to_newcomer(await self._language_of(newcomer), buddy, pair, shared))
        await self._buddies.note(pair.id, introduced_at=now())

    def _parent(self, guild: discord.Guild) -> discord.TextChannel:
        welcome = self._bot.guild_settings.get(guild.id, WelcomeSettings)
        chosen = self._bot.guild_settings.get(guild.id, BuddiesSettings).channel
        channel_id = chosen or welcome.thread_channel or welcome.panel_channel
        if channel_id is None:
            raise NowhereToMeet
        parent = usable(guild, channel_id, THREADS)
        if not isinstance(parent, discord.TextChannel):
            raise NowhereToMeet
        return parent

    async def _report(self, guild: discord.Guild, problem: UserError) -> None:
        t = self._bot.i18n.for_guild(guild.id)
        waits = t(N_("Buddies are introduced by direct message instead of a private thread."))
        await self._troubles.report(guild.id, WHAT, f"{palette.WARNING} {waits} {t(problem.message, **problem.params)}")

    async def _staying(self, timer: DueTimer) -> int | None:
        if timer.payload["to"] == "buddy":
            return await self._offers.of_number(int(timer.payload["offer"] or 0))
        pair = await self._buddies.pair(int(timer.payload["pair"]))
        return None if pair is None or timer.payload["to"] is None else pair.newcomer_id

    async def _language_of(self, member: discord.Member) -> Localizer:
        known = await self._bot.community.members.get(member.guild.id, member.id)
        return self._bot.i18n.for_reader(known.locale if known else None, member.guild.id)

    async def _post_end(self, place: discord.Thread | discord.DMChannel, shown: LayoutView, timer: DueTimer) -> None:
        """There may be no button by which to find it again: Discord's own memory of the nonce has to do."""
        await place.send(view=shown, nonce=nonce_of(f"{timer.key} {timer.due_at.isoformat()}"))


def _begun(parent: discord.TextChannel, name: str, pair: Pair) -> discord.Thread | None:
    """The thread of this pair, when an interrupted attempt has left one."""
    for thread in parent.threads:
        if thread.id == pair.thread_id:
            return thread
        if thread.name == name and thread.owner_id == parent.guild.me.id and thread.is_private():
            return thread
    return None


async def _private(member: discord.Member) -> discord.DMChannel:
    return member.dm_channel or await member.create_dm()


async def _send(member: discord.Member, pair: Pair, shown: LayoutView) -> bool:
    """False when they take no private messages."""
    try:
        await post_once(await _private(member), change_key(pair.id), pair.begun_at, view=shown)
    except discord.Forbidden:
        return False
    return True
