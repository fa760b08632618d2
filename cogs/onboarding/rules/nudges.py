"""Who is stuck at which step, and when a reminder may be sent: decided on plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.attention.rules import NIGHT, free_from
from bot.inbox.rules import Availability
from bot.timers.schedule import Daily
from cogs.onboarding.rules.steps import NOT_OURS, Plan, Planned, Progress, Step, is_done

END = timedelta(days=14)
"""How long after joining a newcomer is reminded at all."""
LISTED_FOR = timedelta(days=30)
"""How long after joining somebody counts as a newcomer who may be stuck."""
_ANYBODY = Availability()


@dataclass(frozen=True, slots=True)
class Waits:
    """How long somebody may stay at a step before they count as stuck."""

    required: timedelta
    optional: timedelta

    def of(self, planned: Planned) -> timedelta:
        return self.required if planned.required else self.optional


def present_step(plan: Plan, progress: Progress) -> Planned | None:
    """The step a newcomer is at; None when nothing is left, or only an answer to words they have not said yet."""
    if not progress.screened:
        return Planned(Step.SCREENING, True)
    undone = [one for one in plan.steps if not is_done(one.step, progress, plan.code_major)]
    own = next((one for one in undone if one.step not in NOT_OURS), None)
    if own is not None:
        return own
    spoke = progress.first_message or progress.introduced
    return next((one for one in undone if one.step is Step.FIRST_REPLY and spoke), None)


def is_remindable(step: Step) -> bool:
    """Whether the newcomer can do something about it: nobody is reminded of what others have to do."""
    return step not in NOT_OURS


def remind_at(stuck_from: datetime, joined_at: datetime, present: datetime, zone: str) -> datetime | None:
    """The first instant at which they may be reminded; None when it would be too late.

    Never in the server's night, whatever hours the member keeps; their own are respected besides.
    """
    at = free_from(max(stuck_from, present), _ANYBODY, zone)
    return at if at < joined_at + END else None


def expires_at(at: datetime, joined_at: datetime, zone: str) -> datetime:
    """Until when a reminder that is proposed at ``at`` may be sent: until the night begins."""
    return min(Daily(NIGHT.start).next(at, _ANYBODY.zone_in(zone)), joined_at + END)


def next_morning(at: datetime, zone: str) -> datetime:
    """When the next night ends, for what could not be said today."""
    return Daily(NIGHT.end).next(at, _ANYBODY.zone_in(zone))
