"""What people see and press. Every component finds all it needs in its custom_id, so a restart changes nothing."""

from collections.abc import Callable

from bot.ui import LayoutView
from cogs.onboarding.rules import Progress
from cogs.onboarding.views.checklist import StartButton, checklist_view
from cogs.onboarding.views.code import AcceptButton, PageButton, code_view
from cogs.onboarding.views.groups import GroupSelect, groups_view
from cogs.onboarding.views.introduction import IntroductionModal, WriteButton
from cogs.onboarding.views.navigation import OpenButton
from cogs.onboarding.views.post import HelloButton
from cogs.onboarding.views.visit import Visit

PERSISTENT = (
    StartButton,
    OpenButton,
    AcceptButton,
    PageButton,
    GroupSelect,
    WriteButton,
    IntroductionModal,
    HelloButton,
)

SCREENS: dict[str, Callable[[Visit, Progress], LayoutView]] = {
    "checklist": checklist_view,
    "code": code_view,
    "groups": groups_view,
}
"""What an ``OpenButton`` can show."""
