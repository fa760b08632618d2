"""Whether a server wants to know by which invites people come."""

from pydantic import Field

from bot.capabilities import Capability, Need, Switch
from bot.guilds.sections import Section
from bot.i18n.marks import N_


class InvitesSettings(Section):
    """Attribution of joins to invites."""

    key = "invites"
    title = N_("Invites")
    summary = N_("By which invites people come. Where that cannot be told for certain, it is not guessed.")

    enabled: bool = Field(
        False,
        title=N_("Follow invites"),
        description=N_("Notes by which invite somebody came, and who made it. It needs Manage Server."),
    )


INVITES = Capability(
    key="invites",
    title=N_("Invites"),
    summary=N_("Shows by which invites people come, how many stay, and where it cannot be told."),
    sections=(InvitesSettings,),
    switch=Switch(InvitesSettings),
    needs=(
        Need(
            "manage_guild",
            N_("to read how often each invite was used"),
            N_("Nobody learns by which invites people come."),
        ),
        Need(
            "view_audit_log",
            N_("to tell a used-up invite from a removed one"),
            N_("People who came by the last use of an invite, or during an outage, are not attributed for certain."),
        ),
    ),
)
