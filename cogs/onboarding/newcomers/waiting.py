"""Who is stuck at which step, for the team's list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.clock import Clock, now
from bot.community.models import Member
from bot.community.options import Option, opted_out
from bot.contracts.attention import Outcome
from bot.database import Database
from bot.guilds.service import GuildSettings
from cogs.onboarding.models import CodeAcceptance, Journey
from cogs.onboarding.newcomers.models import Newcomer, StuckStep
from cogs.onboarding.newcomers.settings import NewcomersSettings
from cogs.onboarding.newcomers.standing import judged
from cogs.onboarding.rules import Step
from cogs.onboarding.rules.nudges import END, LISTED_FOR, is_remindable
from cogs.onboarding.service import Journeys
from cogs.onboarding.settings import WelcomeSettings


@dataclass(frozen=True, slots=True)
class Stuck:
    """A newcomer who is at a step for longer than the server thinks right. ``name`` is as last seen."""

    user_id: int
    name: str
    step: Step
    since: datetime
    told_at: datetime | None
    """When they were reminded."""
    reached: bool
    """False when the reminder was refused: they take no private messages."""
    coming: bool
    """A reminder is on its way."""
    remindable: bool
    """Somebody of the team may have them reminded."""


class StuckPeople:
    """Reads the list. Members who want to be in no list of people, and those who were handled, are not on it."""

    def __init__(self, db: Database, settings: GuildSettings, journeys: Journeys, clock: Clock = now) -> None:
        self._db = db
        self._settings = settings
        self._journeys = journeys
        self._clock = clock

    async def of(self, guild_id: int) -> list[Stuck]:
        """By step, in the server's order, and who waits longest first."""
        if not self._settings.get(guild_id, WelcomeSettings).enabled:
            return []
        present = self._clock()
        majors = (
            select(CodeAcceptance.user_id, func.max(CodeAcceptance.major).label("major"))
            .add_columns(func.max(CodeAcceptance.accepted_at).label("at"))
            .where(CodeAcceptance.guild_id == guild_id)
            .group_by(CodeAcceptance.user_id)
            .subquery()
        )
        people = (
            select(Newcomer, Journey, Member.display_name, majors.c.major, majors.c.at)
            .join(Journey, (Journey.guild_id == Newcomer.guild_id) & (Journey.user_id == Newcomer.user_id))
            .join(Member, (Member.guild_id == Newcomer.guild_id) & (Member.user_id == Newcomer.user_id))
            .outerjoin(majors, majors.c.user_id == Newcomer.user_id)
            .where(Newcomer.guild_id == guild_id, Journey.left_at.is_(None))
            .where(Journey.joined_at > present - LISTED_FOR)
        )
        async with self._db.read() as session:
            unlisted = await opted_out(session, guild_id, Option.NO_PEOPLE_LISTS)
            noted = await session.scalars(select(StuckStep).filter_by(guild_id=guild_id))
            done = {(row.user_id, row.step): row for row in noted}
            rows = (await session.execute(people)).all()
        found = [
            stuck
            for newcomer, journey, name, major, at in rows
            if newcomer.user_id not in unlisted
            and (stuck := self._stuck(newcomer, journey, name, major or 0, at, done, present)) is not None
        ]
        order = [one.step for one in self._journeys.plan(guild_id).steps]
        return sorted(found, key=lambda one: (_place(order, one.step), one.since, one.user_id))

    def _stuck(
        self,
        newcomer: Newcomer,
        journey: Journey,
        name: str,
        major: int,
        accepted_at: datetime | None,
        done: dict[tuple[int, str], StuckStep],
        present: datetime,
    ) -> Stuck | None:
        waits = self._settings.get(newcomer.guild_id, NewcomersSettings).waits()
        plan = self._journeys.plan(newcomer.guild_id)
        at_step = judged(newcomer, journey, major, accepted_at, plan, waits)
        if at_step is None or at_step.stuck_from > present:
            return None
        row = done.get((newcomer.user_id, at_step.step.value))
        if row is not None and row.handled_at is not None:
            return None
        told_at = None if row is None else row.told_at
        outcome = None if row is None else row.outcome
        asked = row is not None and row.asked_at is not None and row.asked_at >= at_step.since
        coming = row is not None and told_at is None and (row.waiting or asked)
        open_ = told_at is None and not coming and outcome != Outcome.SILENCED
        in_time = present < at_step.joined_at + END
        return Stuck(
            user_id=newcomer.user_id,
            name=name,
            step=at_step.step,
            since=at_step.since,
            told_at=told_at,
            reached=outcome != Outcome.CLOSED,
            coming=coming,
            remindable=is_remindable(at_step.step) and open_ and in_time,
        )


def _place(order: list[Step], step: Step) -> int:
    """Discord's own screening comes first where the server does not list it."""
    return order.index(step) if step in order else -1
