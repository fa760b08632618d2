"""What the welcome and the groups say about themselves to the rooms everyone shares."""

from bot.capabilities import Audience, Blueprint, Capability, Content, Make, Need, Switch
from bot.i18n.marks import N_
from cogs.onboarding.newcomers.settings import NewcomersSettings
from cogs.onboarding.settings import CodeSettings, GroupsSettings, WelcomeSettings

WELCOME = Capability(
    key="welcome",
    title=N_("Welcome"),
    summary=N_("Takes newcomers, step by step, from joining to a first answer by a human."),
    sections=(WelcomeSettings, NewcomersSettings, CodeSettings),
    switch=Switch(WelcomeSettings),
    needs=(
        Need(
            "manage_roles",
            N_("to give newcomers the member role"),
            N_("Newcomers finish their steps but are not given the member role."),
        ),
        Need(
            "create_private_threads",
            N_("to welcome each newcomer apart"),
            N_("Newcomers get no private thread. The panel and /welcome go on working."),
        ),
        Need(
            "send_messages_in_threads",
            N_("to talk there"),
            N_("Newcomers get no private thread. The panel and /welcome go on working."),
        ),
    ),
    blueprints=(
        Blueprint(
            WelcomeSettings,
            "panel_channel",
            Make.TEXT,
            N_("start-here"),
            N_("The first steps here, behind one button."),
            Audience.READ_ONLY,
        ),
        Blueprint(
            WelcomeSettings,
            "introductions_channel",
            Make.TEXT,
            N_("introductions"),
            N_("Newcomers introduce themselves, everyone says hello."),
        ),
        Blueprint(
            WelcomeSettings,
            "member_role",
            Make.ROLE,
            N_("Member"),
            N_("Given to newcomers once every required step is done."),
        ),
    ),
    commands=frozenset({"welcome", "newcomers"}),
    recommended=True,
    purpose={"en": (WelcomeSettings, "purpose_en"), "fr": (WelcomeSettings, "purpose_fr")},
)
GROUPS = Capability(
    key="groups",
    title=N_("Groups"),
    summary=N_("Lets members choose what interests them: each group is a role they take and leave by themselves."),
    sections=(GroupsSettings,),
    content=Content(GroupsSettings, "groups"),
    needs=(
        Need(
            "manage_roles",
            N_("to give members the groups they choose"),
            N_("Members can neither join nor leave a group."),
        ),
    ),
    commands=frozenset({"groups"}),
)
CAPABILITIES = (WELCOME, GROUPS)
"""Groups have no switch: they are on while there is one, because a command that offers nothing helps nobody."""
