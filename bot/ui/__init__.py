"""Discord building blocks with one error exit."""

from bot.ui.errors import report_error
from bot.ui.items import PersistentItem
from bot.ui.modals import PersistentModal, Submitted
from bot.ui.replies import acknowledge, open_modal, reply, update
from bot.ui.tree import Tree
from bot.ui.views import LayoutView, View, boxed, divider

__all__ = [
    "LayoutView",
    "PersistentItem",
    "PersistentModal",
    "Submitted",
    "Tree",
    "View",
    "acknowledge",
    "boxed",
    "divider",
    "open_modal",
    "reply",
    "report_error",
    "update",
]
