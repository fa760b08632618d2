"""Notices that somebody is back, on the path of the count and at a rejoin, and proposes to tell them what is new."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from bot.clock import Clock, now
from bot.community.models import ANONYMOUS, ActivityDay
from bot.contracts.attention import Proposal
from bot.contracts.events import ActivityChange, ActivityCounted, MemberJoined
from bot.database import Transaction
from bot.guilds.service import GuildSettings
from cogs.onboarding.budget import Budget
from cogs.onboarding.comeback.rules import is_news, was_away
from cogs.onboarding.comeback.settings import ComebackSettings

KIND = "onboarding.comeback"
"""Of the message, in the attention budget."""
TOLD_WITHIN = timedelta(days=10)
"""Longer than the week that another message may have used up."""


class Comebacks:
    """A return is known by the last day before it: the budget tells the same one at most once, whatever is replayed.

    Members who are counted anonymously, and those who never took part, come back unnoticed.
    """

    def __init__(
        self, settings: GuildSettings, attention: Budget, zone_of: Callable[[int], str], clock: Clock = now
    ) -> None:
        self._settings = settings
        self._attention = attention
        self._zone_of = zone_of
        self._clock = clock
        self._seen: defaultdict[int, dict[int, date]] = defaultdict(dict)
        """Server → member → the newest local day on which they were looked at: once a day each."""

    async def on_counted(self, event: ActivityCounted, tx: Transaction) -> None:
        """Counts were written, in this transaction: at most one query for a day of them."""
        if not self._settings.get(event.guild_id, ComebackSettings).enabled:
            return
        seen = self._seen[event.guild_id]
        by_day: defaultdict[date, set[int]] = defaultdict(set)
        for change in event.changes:
            new = change.user_id not in seen or seen[change.user_id] < change.day
            if change.user_id != ANONYMOUS and new and _did_something(change):
                by_day[change.day].add(change.user_id)
        for day, people in sorted(by_day.items()):
            await self._back(tx, event.guild_id, day, people)
        tx.once_committed(lambda: _remember(seen, by_day))

    async def on_joined(self, event: MemberJoined, tx: Transaction) -> None:
        """Somebody who was here before has joined again."""
        if event.rejoins and self._settings.get(event.guild_id, ComebackSettings).enabled:
            day = event.at.astimezone(self._zone(event.guild_id)).date()
            await self._back(tx, event.guild_id, day, {event.user_id})

    async def _back(self, tx: Transaction, guild_id: int, day: date, people: Collection[int]) -> None:
        if not is_news(day, self._clock().astimezone(self._zone(guild_id)).date()):
            return
        did = or_(ActivityDay.messages > 0, ActivityDay.reactions_given > 0, ActivityDay.voice_minutes > 0)
        before = select(ActivityDay.user_id, func.max(ActivityDay.day)).where(
            ActivityDay.guild_id == guild_id, ActivityDay.user_id.in_(sorted(people)), ActivityDay.day < day, did
        )
        found = await tx.session.execute(before.group_by(ActivityDay.user_id).order_by(ActivityDay.user_id))
        for user_id, last in found.all():
            if was_away(last, day):
                until, source = self._clock() + TOLD_WITHIN, f"since:{last.isoformat()}"
                params = {"since": last.isoformat()}
                await self._attention.propose(tx, Proposal(guild_id, user_id, KIND, source, until, params))

    def _zone(self, guild_id: int) -> ZoneInfo:
        return ZoneInfo(self._zone_of(guild_id))


def _did_something(change: ActivityChange) -> bool:
    return change.messages > 0 or change.reactions_given > 0 or change.voice_minutes > 0


def _remember(seen: dict[int, date], by_day: dict[date, set[int]]) -> None:
    for day, people in sorted(by_day.items()):
        seen.update(dict.fromkeys(people, day))
