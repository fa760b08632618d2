"""Where a newcomer stands: at which step, and since when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from cogs.onboarding.models import CodeAcceptance, Journey
from cogs.onboarding.newcomers.models import Newcomer
from cogs.onboarding.rules import Plan, Step
from cogs.onboarding.rules.nudges import Waits, present_step
from cogs.onboarding.service.journeys import progress_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A newcomer who is here and has a step to do. ``since``: when they joined or last did a step."""

    newcomer_id: int
    guild_id: int
    user_id: int
    joined_at: datetime
    step: Step
    since: datetime
    stuck_from: datetime


async def standing_of(session: AsyncSession, newcomer: Newcomer, plan: Plan, waits: Waits) -> Standing | None:
    """None for somebody who has left, or has nothing left to do."""
    journey = await session.get(Journey, (newcomer.guild_id, newcomer.user_id))
    if journey is None:
        return None
    mine = select(func.max(CodeAcceptance.major), func.max(CodeAcceptance.accepted_at))
    mine = mine.filter_by(guild_id=newcomer.guild_id, user_id=newcomer.user_id)
    major, accepted_at = (await session.execute(mine)).one()
    return judged(newcomer, journey, major or 0, accepted_at, plan, waits)


def judged(
    newcomer: Newcomer, journey: Journey, major: int, accepted_at: datetime | None, plan: Plan, waits: Waits
) -> Standing | None:
    """The same, of rows that were read before."""
    planned = present_step(plan, progress_of(journey, major))
    if planned is None or journey.left_at is not None:
        return None
    done = (journey.screened_at, accepted_at, journey.groups_at, journey.introduced_at, journey.first_message_at)
    since = max([journey.joined_at, *(at for at in done if at is not None)])
    return Standing(
        newcomer_id=newcomer.id,
        guild_id=newcomer.guild_id,
        user_id=newcomer.user_id,
        joined_at=journey.joined_at,
        step=planned.step,
        since=since,
        stuck_from=since + waits.of(planned),
    )
