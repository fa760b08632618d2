"""Moves a community between SQLite and PostgreSQL: every row, proven equal, or nothing at all."""

from bot.database.copy.errors import CopyError
from bot.database.copy.operation import Copied, copy_database

__all__ = ["Copied", "CopyError", "copy_database"]
