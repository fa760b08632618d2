"""Reads what newcomers did, and hands it to the rules of the funnel."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, now
from bot.community.models import ActivityDay
from bot.community.options import Option, opted_out
from bot.community.rules import ALWAYS, Calendar, ZoneChange
from bot.contracts.newcomers import Cohort, Milestone
from bot.database import Database
from cogs.onboarding.models import CodeAcceptance, Journey
from cogs.onboarding.newcomers.days import calendar_of
from cogs.onboarding.newcomers.models import Newcomer
from cogs.onboarding.rules import Step, funnel
from cogs.onboarding.rules.funnel import LOOKED_AT, RETURNS, Life, Seen
from cogs.onboarding.service import Journeys

MARGIN = timedelta(days=2)
"""More than any zone's local day is away from UTC's."""
MILESTONES = {
    Step.SCREENING: Milestone.SCREENED,
    Step.CODE: Milestone.ACCEPTED,
    Step.GROUPS: Milestone.GROUPS,
    Step.INTRODUCTION: Milestone.INTRODUCED,
    Step.FIRST_MESSAGE: Milestone.FIRST_MESSAGE,
    Step.FIRST_REPLY: Milestone.FIRST_REPLY,
}
ALWAYS_SHOWN = (Milestone.JOINED, Milestone.THIRD_MESSAGE, Milestone.RETURNED)


class Reader:
    """``NewcomerFigures`` of the contracts.

    ``zone_of`` is the server's zone where no history of zones was kept yet; ``has_screening`` says whether it has
    Discord's own rules screening, and ``within`` how long a newcomer waits for a first answer there at most.
    """

    def __init__(
        self,
        db: Database,
        journeys: Journeys,
        zone_of: Callable[[int], str],
        has_screening: Callable[[int], bool],
        within: Callable[[int], timedelta],
        clock: Clock = now,
    ) -> None:
        self._db = db
        self._journeys = journeys
        self._zone_of = zone_of
        self._has_screening = has_screening
        self._within = within
        self._clock = clock

    async def cohort(self, guild_id: int, first: date, last: date) -> Cohort:
        """Who joined on these local days."""
        lives, seen = await self._lives(guild_id, first, last)
        return funnel.cohort(first, last, lives, self.shown(guild_id), seen)

    async def weeks(self, guild_id: int, since: date) -> Mapping[date, Cohort]:
        """By local week."""
        monday = since - timedelta(days=since.weekday())
        lives, seen = await self._lives(guild_id, monday, self.today(guild_id) + MARGIN)
        return funnel.weeks(monday, lives, self.shown(guild_id), seen)

    def today(self, guild_id: int) -> date:
        """The server's local day."""
        return Calendar([ZoneChange(ALWAYS, self._zone_of(guild_id))]).day(self._clock())

    def shown(self, guild_id: int) -> list[Milestone]:
        """What leads somewhere in this server; steps its settings leave out are absent."""
        plan = self._journeys.plan(guild_id, screening=self._has_screening(guild_id))
        return [*ALWAYS_SHOWN, *(MILESTONES[one.step] for one in plan.steps)]

    async def _lives(self, guild_id: int, first: date, last: date) -> tuple[list[Life], Seen]:
        async with self._db.read() as session:
            calendar = await calendar_of(session, guild_id, self._zone_of(guild_id))
            anonymous = await opted_out(session, guild_id, Option.ANONYMOUS)
            active = await _active_days(session, guild_id, first, last)
            rows = await session.execute(_people(guild_id, first, last))
            lives = [
                _life(newcomer, journey, accepted_at, calendar, active[newcomer.user_id])
                for newcomer, journey, accepted_at in rows
                if newcomer.user_id not in anonymous
            ]
        at = self._clock()
        return lives, Seen(calendar.day(at), at, self._within(guild_id))


def _came(guild_id: int, first: date, last: date) -> list[object]:
    since = datetime.combine(first, time.min, UTC) - MARGIN
    until = datetime.combine(last, time.min, UTC) + MARGIN
    return [Newcomer.guild_id == guild_id, Newcomer.came_at >= since, Newcomer.came_at < until]


def _people(guild_id: int, first: date, last: date) -> Select[Newcomer, Journey, datetime | None]:
    """Newcomers of about these days, with their way and when they first accepted a code of conduct."""
    accepted = (
        select(CodeAcceptance.user_id, func.min(CodeAcceptance.accepted_at).label("at"))
        .where(CodeAcceptance.guild_id == guild_id)
        .group_by(CodeAcceptance.user_id)
        .subquery()
    )
    same = (Journey.guild_id == Newcomer.guild_id) & (Journey.user_id == Newcomer.user_id)
    return (
        select(Newcomer, Journey, accepted.c.at)
        .join(Journey, same)
        .outerjoin(accepted, accepted.c.user_id == Newcomer.user_id)
        .where(*_came(guild_id, first, last))  # type: ignore[arg-type]
        .order_by(Newcomer.id)
    )


async def _active_days(session: AsyncSession, guild_id: int, first: date, last: date) -> defaultdict[int, set[date]]:
    """Newcomer → local days with activity, as far as a return is looked for."""
    same = (ActivityDay.guild_id == Newcomer.guild_id) & (ActivityDay.user_id == Newcomer.user_id)
    did = or_(ActivityDay.messages > 0, ActivityDay.reactions_given > 0, ActivityDay.voice_minutes > 0)
    latest = last + timedelta(days=max(RETURNS) + LOOKED_AT)
    query = (
        select(ActivityDay.user_id, ActivityDay.day)
        .join(Newcomer, same)
        .where(*_came(guild_id, first, last), did)  # type: ignore[arg-type]
        .where(ActivityDay.guild_id == guild_id, ActivityDay.day > first, ActivityDay.day <= latest)
        .distinct()
    )
    found: defaultdict[int, set[date]] = defaultdict(set)
    for user_id, day in await session.execute(query):
        found[user_id].add(day)
    return found


def _life(
    newcomer: Newcomer, journey: Journey, accepted_at: datetime | None, calendar: Calendar, active: set[date]
) -> Life:
    screenings = [at for at in (newcomer.screened_at, journey.screened_at) if at is not None]
    times = {
        Milestone.JOINED: newcomer.came_at,
        Milestone.SCREENED: min(screenings, default=None),
        Milestone.ACCEPTED: accepted_at,
        Milestone.GROUPS: journey.groups_at,
        Milestone.INTRODUCED: journey.introduced_at,
        Milestone.FIRST_MESSAGE: journey.first_message_at,
        Milestone.FIRST_REPLY: journey.answered_at,
        Milestone.THIRD_MESSAGE: newcomer.third_message_at,
    }
    reached = {milestone: at for milestone, at in times.items() if at is not None}
    spoke = Life(calendar.day(newcomer.came_at), reached).spoke_at
    return Life(
        day=calendar.day(newcomer.came_at),
        reached=reached,
        spoke_day=None if spoke is None else calendar.day(spoke),
        answered_day=None if journey.answered_at is None else calendar.day(journey.answered_at),
        active=frozenset(active),
    )
