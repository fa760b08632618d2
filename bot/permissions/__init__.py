"""Who may do what to whom."""

from bot.permissions.access import EVERYONE, MANAGE_SERVER, STAFF, Access, NotAllowed, access_of, check_access, requires

__all__ = ["EVERYONE", "MANAGE_SERVER", "STAFF", "Access", "NotAllowed", "access_of", "check_access", "requires"]
