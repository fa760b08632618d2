"""Steps that the panel offers."""

from datetime import timedelta

from bot.contracts.cases import CaseKind
from cogs.conduct.cases.rules import LONGEST_TIMEOUT
from cogs.conduct.deciding.sanctions import Sanction

DAY = timedelta(days=1)
STEPS = (
    Sanction(CaseKind.WARN),
    *(
        Sanction(CaseKind.TIMEOUT, length)
        for length in (
            timedelta(minutes=10),
            timedelta(hours=1),
            timedelta(hours=2),
            timedelta(hours=12),
            DAY,
            7 * DAY,
            LONGEST_TIMEOUT,
        )
    ),
    Sanction(CaseKind.KICK),
    *(Sanction(CaseKind.BAN, length) for length in (DAY, 7 * DAY, 30 * DAY, None)),
)
"""Any other length is typed in the commands."""


def chosen_step(step: Sanction | None, proposal: Sanction | None, offered: tuple[Sanction, ...]) -> Sanction | None:
    """What would be done: what was chosen, else what is proposed, as far as it can be done; None when that is open."""
    kinds = {one.kind for one in offered}
    for wanted in (step, proposal):
        if wanted is not None:
            return wanted if wanted.kind in kinds else None
    return None
