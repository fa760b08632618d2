"""Panels of the settings, generated from the models of the sections. A click on one works after a restart too."""

from bot.ui.panels import history, lists, pages  # noqa: F401 - they register their kind of page
from bot.ui.panels.desk import Desk, render, show
from bot.ui.panels.forms import NewForm, ValueForm
from bot.ui.panels.items import (
    AddButton,
    ChannelMenu,
    ChoiceMenu,
    EditButton,
    OpenButton,
    ResetMenu,
    RevertButton,
    RoleMenu,
    RowButton,
    SettingsItem,
    ToggleButton,
)
from bot.ui.panels.places import OVERVIEW, Kind, Place, section_place

PARTS = (
    AddButton,
    ChannelMenu,
    ChoiceMenu,
    EditButton,
    NewForm,
    OpenButton,
    ResetMenu,
    RevertButton,
    RoleMenu,
    RowButton,
    ToggleButton,
    ValueForm,
)
"""Everything that answers a click on a panel, for ``bot.add_persistent``."""

__all__ = [
    "OVERVIEW",
    "PARTS",
    "Desk",
    "Kind",
    "OpenButton",
    "Place",
    "SettingsItem",
    "render",
    "section_place",
    "show",
]
