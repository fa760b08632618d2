"""Brings Discord to what the database says about each member's welcome. Everything here is safe to repeat."""

from cogs.onboarding.effects.bringing import Bringing
from cogs.onboarding.effects.introductions import take_down
from cogs.onboarding.effects.panel import PublishButton, panel_again, publish_panel, refresh_panel
from cogs.onboarding.effects.troubles import tell_team

__all__ = ["Bringing", "PublishButton", "panel_again", "publish_panel", "refresh_panel", "take_down", "tell_team"]
