"""Backups that are known to restore: copied through the database's own interface, counted, and never half written."""

from bot.database.backups.errors import BackupError
from bot.database.backups.operations import Restored, back_up, restore, verify_backup, verify_database

__all__ = ["BackupError", "Restored", "back_up", "restore", "verify_backup", "verify_database"]
