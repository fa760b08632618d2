"""What a server decides about the first answer to a newcomer, and what that says about itself."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.capabilities import Audience, Blueprint, Capability, Make, Switch
from bot.guilds.fields import Duration, RoleId, Suggested, TextChannelId
from bot.guilds.sections import Section
from bot.i18n.marks import N_

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Wait = Annotated[Duration, Suggested((30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR))]


class RepliesSettings(Section):
    """How long a newcomer waits for a first answer, and who is asked to give it."""

    key = "replies"
    title = N_("First answer")
    summary = N_("Who writes here first, or introduces themselves, is answered by a human in time.")

    enabled: bool = Field(
        False,
        title=N_("Watch over first answers"),
        description=N_("Whoever turns it on is on call as the first greeter, where there is none yet."),
    )
    within: Wait = Field(
        HOUR,
        ge=10 * MINUTE,
        le=24 * HOUR,
        title=N_("Answered within"),
        description=N_("After half of it a greeter is asked, after all of it the inbox gets it."),
    )
    channel: TextChannelId | None = Field(
        None,
        title=N_("Greeters’ channel"),
        description=N_("Where greeters are asked. Without it, or with nobody on call, the inbox gets it at half time."),
    )
    role: RoleId | None = Field(
        None,
        title=N_("Role of greeters"),
        description=N_("Only who has it can be on call. Without it: whoever sees the greeters’ channel."),
    )


REPLIES = Capability(
    key="replies",
    title=N_("First answer"),
    summary=N_("Sees to it that a human answers every newcomer in time: a greeter on call, else the team."),
    sections=(RepliesSettings,),
    switch=Switch(RepliesSettings),
    blueprints=(
        Blueprint(
            RepliesSettings,
            "channel",
            Make.TEXT,
            N_("greeters"),
            N_("Where greeters are asked to answer a newcomer."),
            Audience.STAFF,
        ),
    ),
)
