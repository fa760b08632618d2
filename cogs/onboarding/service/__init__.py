"""Use cases of the welcome. Every public method is one transaction and returns plain values."""

from cogs.onboarding.service.debts import Debts, Owed
from cogs.onboarding.service.journeys import Answer, Journeys
from cogs.onboarding.service.panels import Panels, Standing
from cogs.onboarding.service.repairs import PANEL, REPAIR, Repairs
from cogs.onboarding.service.traces import TAKE_DOWN, Traces
from cogs.onboarding.service.troubles import NOTICE, Troubles

__all__ = [
    "NOTICE",
    "PANEL",
    "REPAIR",
    "TAKE_DOWN",
    "Answer",
    "Debts",
    "Journeys",
    "Owed",
    "Panels",
    "Repairs",
    "Standing",
    "Traces",
    "Troubles",
]
