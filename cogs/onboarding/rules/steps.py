"""Decides a newcomer's way: which steps there are, which are done, what comes next, who may greet."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.guilds.fields import Choice
from bot.i18n.marks import N_


class Step(Choice):
    """A step of the way. The values are stored in settings."""

    SCREENING = "screening", N_("Discord’s own rules")
    CODE = "code", N_("Code of conduct")
    GROUPS = "groups", N_("Groups")
    INTRODUCTION = "introduction", N_("Introduction")
    FIRST_MESSAGE = "first_message", N_("First message")
    FIRST_REPLY = "first_reply", N_("First answer")


def step_named(value: str) -> Step:
    """The step of a stored value. Raises StopIteration for a value that no step has."""
    return next(step for step in Step if step.value == value)


class State(StrEnum):
    """How a step stands in the checklist."""

    DONE = "done"
    NEXT = "next"
    OPEN = "open"
    WAITING = "waiting"
    """Somebody else's turn: the newcomer has nothing to press."""


NOT_OURS = frozenset({Step.SCREENING, Step.FIRST_REPLY})
"""Steps the newcomer cannot do from the checklist."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A step as the server wants it."""

    step: Step
    required: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What the server has to offer; a step that leads nowhere is hidden."""

    code_major: int
    groups: bool
    introductions: bool
    screening: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """The visible steps in the server's order, each once."""

    steps: tuple[Planned, ...]
    code_major: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one newcomer is. ``accepted_major`` is 0 until a code of conduct was accepted."""

    screened: bool = False
    accepted_major: int = 0
    groups: bool = False
    introduced: bool = False
    first_message: bool = False
    first_reply: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    step: Step
    state: State
    required: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """``ready``: every required step is done. ``complete``: every visible step is."""

    lines: tuple[Line, ...]
    next: Step | None
    ready: bool
    complete: bool

    @property
    def done(self) -> int:
        return sum(line.state is State.DONE for line in self.lines)


def plan(wanted: Iterable[Planned], offer: Offer) -> Plan:
    """The wanted steps without those that lead nowhere here, and without repetitions."""
    hidden = {
        step
        for step, offered in (
            (Step.SCREENING, offer.screening),
            (Step.GROUPS, offer.groups),
            (Step.INTRODUCTION, offer.introductions),
        )
        if not offered
    }
    first: dict[Step, Planned] = {}
    for planned in wanted:
        if planned.step not in hidden:
            first.setdefault(planned.step, planned)
    return Plan(tuple(first.values()), offer.code_major)


def is_done(step: Step, progress: Progress, code_major: int) -> bool:
    """True when the newcomer has this step behind them; a new major version of the code opens its step again."""
    match step:
        case Step.SCREENING:
            return progress.screened
        case Step.CODE:
            return progress.accepted_major >= code_major
        case Step.GROUPS:
            return progress.groups
        case Step.INTRODUCTION:
            return progress.introduced
        case Step.FIRST_MESSAGE:
            return progress.first_message
        case Step.FIRST_REPLY:
            return progress.first_reply


def is_ready(plan: Plan, progress: Progress) -> bool:
    """True when every required step is done. Nobody is ready before Discord's own screening is over."""
    return progress.screened and all(
        is_done(planned.step, progress, plan.code_major) for planned in plan.steps if planned.required
    )


def checklist(plan: Plan, progress: Progress) -> Checklist:
    """Every visible step with its state; the first one the newcomer can do stands out."""
    undone = [p.step for p in plan.steps if not is_done(p.step, progress, plan.code_major)]
    following = next((step for step in undone if step not in NOT_OURS), None)

    def state(step: Step) -> State:
        if step not in undone:
            return State.DONE
        if step is following:
            return State.NEXT
        return State.WAITING if step in NOT_OURS else State.OPEN

    lines = tuple(Line(p.step, state(p.step), p.required) for p in plan.steps)
    return Checklist(lines, following, is_ready(plan, progress), not undone)


def may_greet(newcomer_id: int, greeter_id: int, *, greeter_is_bot: bool) -> bool:
    """Only another human's answer is an answer."""
    return newcomer_id != greeter_id and not greeter_is_bot
