"""Reports in words: for the team, and for whoever reported."""

from bot.i18n.localizer import Localizer
from bot.i18n.marks import N_
from cogs.conduct.reports.models import Outcome

OUTCOMES = {
    Outcome.SANCTIONED: N_("Upheld, and a case was made"),
    Outcome.UPHELD: N_("Upheld without a sanction"),
    Outcome.NOT_UPHELD: N_("Not upheld"),
    Outcome.DUPLICATE: N_("Duplicate: somebody else had reported it"),
}
"""For the team."""
_AGREED = N_("The team looked at what you reported. It agrees with you, and has acted.")
TOLD = {
    Outcome.SANCTIONED: _AGREED,
    Outcome.UPHELD: _AGREED,
    Outcome.NOT_UPHELD: N_(
        "The team looked at what you reported. It does not see a breach of the code of conduct there. "
        "Report again whenever something happens."
    ),
    Outcome.DUPLICATE: N_("Somebody else had reported the same before you: the team has looked at it."),
}
"""For whoever reported: neither who decided, nor whether somebody was sanctioned, let alone how."""
TAKEN_BACK = N_("The team looked at what you reported. What it decided then no longer stands.")
"""The same, once the case was voided or overturned."""


def thanks(t: Localizer) -> str:
    """What is said once it was sent."""
    return t(
        N_(
            "Your report is with the team, and with nobody else: whoever it is about neither sees it nor decides "
            "about it. You are told in a private message how it ended."
        )
    )


def state(t: Localizer, outcome: Outcome | None, *, taken_back: bool = False) -> str:
    """How it stands, for whoever reported. ``taken_back``: the case that came of it was undone."""
    if outcome is None:
        return t(N_("The team has not decided about it yet."))
    return t(TAKEN_BACK if taken_back else TOLD[outcome])
