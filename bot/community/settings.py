"""What a server decides about counting."""

from typing import Annotated

from pydantic import Field

from bot.guilds.fields import Channel, ChannelKind, RoleId
from bot.guilds.sections import Section
from bot.i18n.marks import N_

AnyChannelId = Annotated[
    int, Channel(kinds=(ChannelKind.TEXT, ChannelKind.FORUM, ChannelKind.VOICE, ChannelKind.CATEGORY), needs=())
]


class ActivitySettings(Section):
    """Where and for whom activity is counted. A category stands for its channels, a channel for its threads."""

    key = "activity"
    title = N_("Activity")
    summary = N_("What is counted, and what never is. Only numbers are kept, never what people write.")

    excluded_channels: tuple[AnyChannelId, ...] = Field(
        (),
        max_length=25,
        title=N_("Channels that never count"),
        description=N_("Bot commands, games or spam corners, for example."),
    )
    excluded_roles: tuple[RoleId, ...] = Field(
        (),
        max_length=10,
        title=N_("Roles that never count"),
        description=N_("Members with one of these roles are left out of all counts."),
    )
    sensitive_channels: tuple[AnyChannelId, ...] = Field(
        (),
        max_length=25,
        title=N_("Sensitive channels"),
        description=N_("Support or health channels, for example: counted without noting who wrote."),
    )
