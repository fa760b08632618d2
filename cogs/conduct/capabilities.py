"""What moderation says about itself to the rooms everyone shares."""

from bot.capabilities import Audience, Blueprint, Capability, Make, Need, Switch
from bot.i18n.marks import N_
from cogs.conduct.settings import ConductSettings

MODERATION = Capability(
    key="moderation",
    title=N_("Moderation"),
    summary=N_("Upholds the code of conduct: numbered cases, fair proposals, notices, and appeals."),
    sections=(ConductSettings,),
    switch=Switch(ConductSettings),
    needs=(
        Need("moderate_members", N_("to time members out"), N_("Nobody can be timed out through the bot.")),
        Need("kick_members", N_("to remove members"), N_("Nobody can be removed through the bot.")),
        Need(
            "ban_members",
            N_("to ban, and to lift bans on time"),
            N_("Nobody can be banned through the bot, and bans that are over are not lifted."),
        ),
        Need(
            "view_audit_log",
            N_("to record what moderators do in Discord’s own menus"),
            N_("What is done by hand becomes no case."),
        ),
        Need("manage_messages", N_("to delete messages"), N_("Messages are reported but not deleted.")),
        Need(
            "create_public_threads",
            N_("to open a thread for each appeal in the team’s channel"),
            N_("Appeals are read and decided in the inbox, without a thread."),
        ),
    ),
    blueprints=(
        Blueprint(
            ConductSettings,
            "modlog_channel",
            Make.TEXT,
            N_("moderation-log"),
            N_("Every case, for the team."),
            Audience.STAFF,
        ),
    ),
    commands=frozenset(
        {"warn", "timeout", "kick", "ban", "case", "clean", "report", "Report", "Moderate", "record", "transparency"}
    ),
    recommended=True,
)
