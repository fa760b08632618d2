"""Why a newcomer waits before any role is given."""

from enum import StrEnum


class Hold(StrEnum):
    """What is waited for."""

    TEAM = "team"
    """In a raid the team lets newcomers in."""
    LOCKDOWN = "lockdown"
    """The lockdown's end."""
