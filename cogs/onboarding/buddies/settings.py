"""What a server decides about buddies, and what they say about themselves to the rooms everyone shares."""

from pydantic import Field

from bot.capabilities import Audience, Blueprint, Capability, Make, Need, Switch
from bot.guilds.fields import RoleId
from bot.guilds.sections import Section
from bot.i18n.marks import N_
from cogs.onboarding.settings import ThreadChannelId


class BuddiesSettings(Section):
    """Buddies of newcomers."""

    key = "buddies"
    title = N_("Buddies")
    summary = N_("Newcomers who would like one get a buddy for two weeks: by language, groups and active hours.")

    enabled: bool = Field(
        False,
        title=N_("Offer buddies"),
        description=N_("Newcomers ask for a buddy in their steps; members offer themselves in /profile."),
    )
    role: RoleId | None = Field(
        None,
        title=N_("Who may be a buddy"),
        description=N_("The role a buddy needs. Without one, every member may offer themselves."),
    )
    channel: ThreadChannelId | None = Field(
        None,
        title=N_("Channel of their threads"),
        description=N_("Both must see it. Without one, the welcome’s channel of private threads is used."),
    )


BUDDIES = Capability(
    key="buddies",
    title=N_("Buddies"),
    summary=N_("Gives newcomers who ask for it a buddy for two weeks, and asks whether they met."),
    sections=(BuddiesSettings,),
    switch=Switch(BuddiesSettings),
    needs=(
        Need(
            "create_private_threads",
            N_("to introduce a newcomer and their buddy apart"),
            N_("Newcomers and buddies are introduced by direct message, where they take any."),
        ),
        Need(
            "send_messages_in_threads",
            N_("to introduce them there"),
            N_("Newcomers and buddies are introduced by direct message, where they take any."),
        ),
    ),
    blueprints=(
        Blueprint(
            BuddiesSettings,
            "channel",
            Make.TEXT,
            N_("buddies"),
            N_("Each newcomer and their buddy meet here, in a private thread."),
            Audience.READ_ONLY,
        ),
    ),
)
