"""Brings two who are paired together on Discord.

A pairing is asked for by both sides: the newcomer pressed "I would like a buddy" and the buddy offered to be one. So
the introduction answers their own actions and is outside the attention budget; it names, and pings, exactly these two.
It stands in a private thread, where both see it, the team can look in (who manages threads), and neither has to open
their private messages to a stranger. Where no thread of both is possible (no channel, a permission, a channel one of
them does not see), each gets a direct message, and who takes none a private thread alone; the team is told why. A buddy
whom nothing reaches gets no newcomer.
"""

import contextlib
from typing import TYPE_CHECKING

import discord

from bot.clock import now
from bot.errors import UserError
from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from bot.permissions.channels import can_see
from bot.posting import nonce_of, post_once
from bot.timers import DueTimer
from bot.ui import LayoutView, palette
from cogs.onboarding.buddies import letters
from cogs.onboarding.buddies.items import change_key
from cogs.onboarding.buddies.offers import Offers
from cogs.onboarding.buddies.pairs import Pair
from cogs.onboarding.buddies.places import private_thread, say_apart
from cogs.onboarding.buddies.service import Buddies
from cogs.onboarding.effects.people import member_of
from cogs.onboarding.effects.sight import in_sight
from cogs.onboarding.service import Troubles

if TYPE_CHECKING:
    from bot.client import CommunityBot

WHAT = "introduce_buddies"


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
        guild = await in_sight(self._bot, timer)
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
        guild = await in_sight(self._bot, timer)
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
            shown = letters.ended(t, guild, asked["to"], asked["why"])
            name = self._alone(member, int(asked["pair"]), to_buddy=asked["to"] == "buddy")
            await say_apart(self._bot, member, name, lambda place: self._post_end(place, shown, timer))

    async def _in_thread(self, pair: Pair, newcomer: discord.Member, buddy: discord.Member) -> None:
        """Raises UserError where there is no channel for it, and what Discord answers."""
        t = self._bot.i18n.for_guild(newcomer.guild.id)
        # The number makes the name this pair's own: a thread that an interrupted attempt left is known by it.
        name = t(N_("Buddies {number}"), number=str(pair.id))
        thread = await private_thread(self._bot, name, [newcomer, buddy], pair.thread_id)
        await self._buddies.note(pair.id, thread_id=thread.id)
        for one in (newcomer, buddy):
            await self._bot.attention.may_ping(one.guild.id, one.id, asked=True)
        shown = letters.together(t, newcomer, buddy, pair, letters.shared_groups(self._bot, newcomer, buddy))
        named = discord.AllowedMentions(everyone=False, roles=False, users=[newcomer, buddy], replied_user=False)
        message = await post_once(thread, change_key(pair.id), pair.begun_at, view=shown, allowed_mentions=named)
        await self._buddies.note(pair.id, message_id=message.id, introduced_at=message.created_at)

    async def _directly(self, pair: Pair, newcomer: discord.Member, buddy: discord.Member) -> None:
        """To each apart. A newcomer whom nothing reaches has read it as the answer to their own click."""
        shared = letters.shared_groups(self._bot, newcomer, buddy)
        to_buddy = letters.to_buddy(await self._language_of(buddy), newcomer, pair, shared)
        if not await self._send(buddy, pair, to_buddy):
            await self._buddies.unreachable(pair.id)
            return
        await self._send(newcomer, pair, letters.to_newcomer(await self._language_of(newcomer), buddy, pair, shared))
        await self._buddies.note(pair.id, introduced_at=now())

    async def _send(self, member: discord.Member, pair: Pair, shown: LayoutView) -> bool:
        """False when nothing reaches them."""
        name = self._alone(member, pair.id, to_buddy=member.id == pair.buddy_id)
        return await say_apart(
            self._bot, member, name, lambda place: post_once(place, change_key(pair.id), pair.begun_at, view=shown)
        )

    def _alone(self, member: discord.Member, pair_id: int, *, to_buddy: bool) -> str:
        """The name of a thread with one of the two; each has another, so that neither is let into the other's."""
        name = N_("Buddies {number}, for the buddy") if to_buddy else N_("Buddies {number}, for the newcomer")
        return self._bot.i18n.for_guild(member.guild.id)(name, number=str(pair_id))

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
