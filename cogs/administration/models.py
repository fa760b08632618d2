"""The tables of this feature."""

from cogs.administration.setup.models import SetupDraft, SetupRun

__all__ = ["SetupDraft", "SetupRun"]
