"""Proportionality in words: what similar cases received."""

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from cogs.conduct.cases.words import sanction
from cogs.conduct.deciding.proportion import ENOUGH, Proportion
from cogs.conduct.deciding.sanctions import Sanction

NAMED = 4
"""Outcomes that are named one by one."""


def step_named(t: Localizer, step: Sanction) -> str:
    """A step by its name."""
    return sanction(t, step.kind, step.length)


def comparison(t: Localizer, article: int, step: Sanction | None, found: Proportion) -> str:
    """What the last cases under that article at that step received; or that too few of them say anything."""
    if not found.is_enough:
        return t(
            N_("Too few similar cases under article {article} to compare with: fewer than {enough}."),
            article=article,
            enough=ENOUGH,
        )
    named = [f"{count} × {step_named(t, received)}" for received, count in found.outcomes[:NAMED]]
    if rest := sum(count for _received, count in found.outcomes[NAMED:]):
        named.append(t(N_("{count} × something else"), count=t.number(rest)))
    listed = ", ".join(named)
    if step is None:
        return t.plural(
            "The last {n} case under article {article}: {outcomes}.",
            "The last {n} cases under article {article}: {outcomes}.",
            found.cases,
            article=article,
            outcomes=listed,
        )
    return t.plural(
        "The last {n} case under article {article} at this step: {outcomes}.",
        "The last {n} cases under article {article} at this step: {outcomes}.",
        found.cases,
        article=article,
        outcomes=listed,
    )
