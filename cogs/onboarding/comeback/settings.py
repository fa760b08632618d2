"""Whether a server tells those who come back what is new."""

from pydantic import Field

from bot.capabilities import Capability, Switch
from bot.guilds.sections import Section
from bot.i18n.marks import N_


class ComebackSettings(Section):
    """Members who come back after a month."""

    key = "comeback"
    title = N_("Comeback")
    summary = N_("Who was away for 30 days is told in private what is new: new groups, and the next event.")

    enabled: bool = Field(
        False,
        title=N_("Tell them what is new"),
        description=N_("One private message for each return, within the weekly limit; none where nothing is new."),
    )


COMEBACK = Capability(
    key="comeback",
    title=N_("Comeback"),
    summary=N_("Tells members who come back after 30 days what is new, once and in private."),
    sections=(ComebackSettings,),
    switch=Switch(ComebackSettings),
)
