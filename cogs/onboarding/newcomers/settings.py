"""What a server decides about reminding newcomers."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.guilds.fields import Duration, Suggested
from bot.guilds.sections import Section
from bot.i18n.marks import N_
from cogs.onboarding.rules.nudges import END, Waits

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Wait = Annotated[Duration, Suggested((12 * HOUR, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY))]


class NewcomersSettings(Section):
    """Reminders of newcomers who are stuck."""

    key = "newcomers"
    title = N_("Newcomers")
    summary = N_("When a newcomer counts as stuck, and whether I remind them: once per step, never at night.")

    reminders: bool = Field(
        True,
        title=N_("Remind newcomers"),
        description=N_("One private message per step, in the first 14 days, from 08:00 to 22:00."),
    )
    required_after: Wait = Field(
        DAY,
        ge=HOUR,
        lt=END,
        title=N_("Stuck at a required step after"),
        description=N_("From then on they are listed in /newcomers and reminded."),
    )
    optional_after: Wait = Field(
        3 * DAY,
        ge=HOUR,
        lt=END,
        title=N_("Stuck at another step after"),
        description=N_("The same for steps that are not required."),
    )

    def waits(self) -> Waits:
        return Waits(self.required_after, self.optional_after)
