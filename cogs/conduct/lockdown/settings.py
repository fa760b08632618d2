"""What a server decides about lockdowns."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.capabilities import Capability, Need, Switch
from bot.guilds.fields import Channel, ChannelKind, Choice, Duration, RoleId, Suggested
from bot.guilds.sections import Section
from bot.i18n.marks import N_

PlaceId = Annotated[
    int, Channel(kinds=(ChannelKind.TEXT, ChannelKind.FORUM, ChannelKind.VOICE, ChannelKind.CATEGORY), needs=())
]
MINUTE = timedelta(minutes=1)
Length = Annotated[Duration, Suggested((10 * MINUTE, 30 * MINUTE, 60 * MINUTE, 240 * MINUTE))]
Slow = Annotated[Duration, Suggested((timedelta(seconds=30), MINUTE, 5 * MINUTE, 10 * MINUTE))]


class Mode(Choice):
    """What happens to the channels."""

    CLOSED = "closed", N_("Closed: only the team writes")
    SLOW = "slow", N_("Slow mode")
    NONE = "none", N_("Left as they are")


class Level(Choice):
    """What Discord asks of newcomers meanwhile."""

    SAME = "same", N_("As it is")
    HIGH = "high", N_("High: a member for ten minutes")
    HIGHEST = "highest", N_("Highest: a verified phone")

    @property
    def number(self) -> int:
        """As Discord counts them; 0 where it stays as it is."""
        return {"same": 0, "high": 3}.get(str(self), 4)


class LockdownSettings(Section):
    """What a lockdown does, and where."""

    key = "lockdown"
    title = N_("Lockdown")
    summary = N_("Closes or slows channels for a while, and puts everything back as it was.")

    enabled: bool = Field(
        False, title=N_("Lockdown"), description=N_("The command `/lockdown` exists while this is on.")
    )
    mode: Mode = Field(Mode.CLOSED, title=N_("Channels"), description=N_("What happens to them during a lockdown."))
    slow_mode: Slow = Field(
        MINUTE,
        ge=timedelta(seconds=5),
        le=timedelta(hours=6),
        title=N_("Slow mode"),
        description=N_("Between two messages of a member. A channel that is slower already stays as it is."),
    )
    channels: tuple[PlaceId, ...] = Field(
        (),
        max_length=25,
        title=N_("Only these channels"),
        description=N_("A category stands for its channels. Without any: all that members see."),
    )
    spared: tuple[PlaceId, ...] = Field(
        (), max_length=25, title=N_("Never these channels"), description=N_("A help channel, for example.")
    )
    member_roles: tuple[RoleId, ...] = Field(
        (),
        max_length=10,
        title=N_("Roles of members"),
        description=N_("Where channels are seen only with a role: which one members have."),
    )
    pause_invites: bool = Field(True, title=N_("Pause invites"), description=N_("Nobody joins during a lockdown."))
    hold_newcomers: bool = Field(
        True,
        title=N_("Hold newcomers"),
        description=N_("Nobody gets the member role of the welcome before a lockdown is over."),
    )
    level: Level = Field(
        Level.HIGHEST,
        title=N_("Verification level"),
        description=N_("What Discord asks of newcomers meanwhile. It is never lowered."),
    )
    length: Length = Field(
        30 * MINUTE,
        ge=5 * MINUTE,
        le=timedelta(days=7),
        title=N_("Lasts"),
        description=N_("When `/lockdown start` names no minutes."),
    )


LOCKDOWN = Capability(
    key="lockdown",
    title=N_("Lockdown"),
    summary=N_("Closes or slows the server for a while, and puts everything back as it was."),
    sections=(LockdownSettings,),
    switch=Switch(LockdownSettings),
    needs=(
        Need("manage_roles", N_("to close channels"), N_("Channels are not closed during a lockdown.")),
        Need("manage_channels", N_("to set slow mode"), N_("Channels get no slow mode during a lockdown.")),
        Need(
            "manage_guild",
            N_("to pause invites and to raise the verification level"),
            N_("Newcomers come in during a lockdown."),
        ),
    ),
    commands=frozenset({"lockdown"}),
)
