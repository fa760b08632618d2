"""Use cases of the welcome. Every public method is one transaction and returns plain values."""

from cogs.onboarding.service.code import MinimalCode
from cogs.onboarding.service.debts import Debts, Owed
from cogs.onboarding.service.journeys import Answer, Journeys
from cogs.onboarding.service.panels import Panels, Standing
from cogs.onboarding.service.troubles import NOTICE, Troubles

__all__ = ["NOTICE", "Answer", "Debts", "Journeys", "MinimalCode", "Owed", "Panels", "Standing", "Troubles"]
