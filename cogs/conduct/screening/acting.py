"""What follows from a hit: the message goes, a case is opened or joined, or the team looks at it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord

from bot.clock import now
from bot.contracts.cases import CaseKind
from bot.i18n.marks import N_
from cogs.conduct.cases.opening import NewCase
from cogs.conduct.cases.service import Cases
from cogs.conduct.filters.model import FilterKind, Hit, Mode
from cogs.conduct.filters.screening import Verdict
from cogs.conduct.screening.erasing import Erasing
from cogs.conduct.screening.findings import Finding
from cogs.conduct.screening.hits import Hits
from cogs.conduct.screening.keeping import Filters
from cogs.conduct.screening.reach import left_alone, may_delete, outranked
from cogs.conduct.screening.rules import USUAL_TIMEOUT, Doing, Kept, Outcome

if TYPE_CHECKING:
    from bot.client import CommunityBot


@dataclass(frozen=True)
class Found:
    """Hits in one thing: ``hits`` has the most severe first.

    ``erasable`` False: taking it away is out of the bot's reach. ``may_sanction`` False: it is not sure whose doing it
    is, or it was too long ago.
    """

    member: discord.Member
    finding: Finding
    hits: Sequence[Hit]
    erasable: bool
    may_sanction: bool = True


class Acting:
    """One hit of a member at a time: those of a burst find the case of the first."""

    def __init__(self, bot: "CommunityBot", filters: Filters, hits: Hits, erasing: Erasing, cases: Cases) -> None:
        self._bot = bot
        self._filters = filters
        self._hits = hits
        self._erasing = erasing
        self._cases = cases
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def message(self, message: discord.Message, verdict: Verdict, *, may_sanction: bool = True) -> None:
        """A message was found, or completes a flood."""
        member, guild = message.author, message.guild
        if guild is None or not isinstance(member, discord.Member):
            return
        where = verdict.worst.where
        pieces: tuple[tuple[int, int], ...] = ((message.channel.id, message.id),)
        if verdict.burst is not None and verdict.worst.filter.kind is FilterKind.SPAM:
            pieces = tuple(verdict.burst.messages)
        found_in = message.channel.id, message.id
        finding = Finding(guild.id, member.id, f"message:{message.id}", where, now(), *found_in, pieces)
        here = {message.channel.id: message.channel}  # the only one who knows an archived thread
        places = (here.get(place) or guild.get_channel_or_thread(place) for place, _ in pieces)
        erasable = any(may_delete(place) for place in places)
        await self.found(Found(member, finding, verdict.hits, erasable, may_sanction))

    async def found(self, found: Found) -> None:
        """Record every hit, and do what the most severe one that acts is armed for."""
        if left_alone(self._bot, found.member):
            return
        async with self._turns.setdefault((found.finding.guild_id, found.member.id), asyncio.Lock()):
            acting = next((hit for hit in found.hits if hit.filter.mode is Mode.ARMED and not hit.review), None)
            for filter_id, hit in {hit.filter.id: hit for hit in reversed(found.hits)}.items():
                kept = self._filters.by_id(found.finding.guild_id, filter_id)
                if kept is None:
                    continue
                if acting is not None and acting.filter.id == filter_id:
                    await self._act(kept, found, acting)
                else:
                    await self._hits.note(kept, found.finding, _outcome(kept, hit))

    async def _act(self, kept: Kept, found: Found, hit: Hit) -> None:
        if kept.doing is Doing.REPORT:
            await self._hits.note(kept, found.finding, Outcome.LOOKED_AT)
            return
        if not outranked(found.member):
            await self._hits.note(kept, found.finding, Outcome.HELD)
            return
        if not found.may_sanction or not kept.doing.sanctions:
            await self._erase_only(kept, found, hit)
            return
        await self._open(kept, found, await self._case(kept, found, hit))

    async def _erase_only(self, kept: Kept, found: Found, hit: Hit) -> None:
        """A mere hit: nothing but what was found is touched."""
        if found.erasable:
            await self._open(kept, found, self._new(kept, found, hit, CaseKind.FILTER))
        else:
            await self._hits.note(kept, found.finding, Outcome.HELD)

    async def _open(self, kept: Kept, found: Found, case: NewCase) -> None:
        """The case, and then what was found goes: a crash in between loses nothing."""
        acted = await self._hits.act(kept, found.finding, case, erases=found.erasable)
        if acted is not None and acted.owed is not None:
            await self._erasing.at_once(found.member.guild, acted.owed)

    async def _case(self, kept: Kept, found: Found, hit: Hit) -> NewCase:
        if kept.doing is Doing.WARN:
            return self._new(kept, found, hit, CaseKind.WARN)
        if kept.doing is Doing.TIMEOUT:
            return self._new(kept, found, hit, CaseKind.TIMEOUT, kept.length or USUAL_TIMEOUT)
        step = await self._cases.read.proposal(kept.guild_id, found.member.id, hit.severity)
        return self._new(kept, found, hit, step.kind, step.length)

    def _new(self, kept: Kept, found: Found, hit: Hit, kind: CaseKind, length: timedelta | None = None) -> NewCase:
        t = self._bot.i18n.for_guild(kept.guild_id)
        return NewCase(
            kept.guild_id,
            found.member.id,
            kind,
            f"filter:{found.finding.source.removeprefix('message:')}",
            t(N_("Filter “{name}”"), name=kept.name),
            article=kept.article,
            severity=hit.severity if kind is not CaseKind.FILTER else None,
            length=length,
            automatic=True,
        )


def _outcome(kept: Kept, hit: Hit) -> Outcome:
    if hit.filter.mode is not Mode.ARMED:
        return Outcome.WATCHED
    return Outcome.LOOKED_AT if hit.review or kept.doing is Doing.REPORT else Outcome.JOINED
