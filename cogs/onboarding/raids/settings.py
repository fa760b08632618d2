"""What a server decides about raids."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.capabilities import Capability, Need, Switch
from bot.guilds.fields import Choice, Duration, Suggested
from bot.guilds.sections import Section
from bot.i18n.marks import N_
from cogs.onboarding.raids.rules import Limits

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Within = Annotated[Duration, Suggested((MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR))]
Age = Annotated[Duration, Suggested((DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY))]


class Level(Choice):
    """Discord's verification levels a hold may ask for."""

    HIGH = "high", N_("High: ten minutes in the server")
    HIGHEST = "highest", N_("Highest: a verified phone")

    @property
    def number(self) -> int:
        """As Discord counts them."""
        return 4 if self is Level.HIGHEST else 3


class RaidsSettings(Section):
    """When many new accounts at once are a raid."""

    key = "raids"
    title = N_("Raid brake")
    summary = N_("When many new accounts come at once, the team gets one alert with buttons that help.")

    enabled: bool = Field(
        False,
        title=N_("Watch for raids"),
        description=N_("The alert appears in the staff channel. Nothing is done to anybody before somebody decides."),
    )
    joins: int = Field(
        10, ge=3, le=200, title=N_("More joins than"), description=N_("So many new accounts are still usual.")
    )
    within: Within = Field(
        5 * MINUTE,
        ge=timedelta(seconds=30),
        le=HOUR,
        title=N_("Within"),
        description=N_("The length of time in which joins are counted."),
    )
    younger_than: Age = Field(
        7 * DAY,
        ge=HOUR,
        le=365 * DAY,
        title=N_("Accounts younger than"),
        description=N_("Older accounts do not count, and are never banned with the others."),
    )
    level: Level = Field(
        Level.HIGHEST,
        title=N_("Verification level of a hold"),
        description=N_("What Discord asks of newcomers while they are held. Afterwards the level is as before."),
    )

    def limits(self) -> Limits:
        return Limits(self.joins, self.within, self.younger_than)


RAIDS = Capability(
    key="raids",
    title=N_("Raid brake"),
    summary=N_("Tells the team once when many new accounts come at once, and slows them down at a press."),
    sections=(RaidsSettings,),
    switch=Switch(RaidsSettings),
    needs=(
        Need(
            "manage_guild",
            N_("to pause invites, to raise the verification level and to ban many at once"),
            N_("Raids are still told. Invites cannot be paused, and the verification level stays as it is."),
        ),
        Need(
            "ban_members",
            N_("to ban those who raid, once somebody has confirmed it twice"),
            N_("Raids are still told. Nobody can be banned from the alert."),
        ),
    ),
)
