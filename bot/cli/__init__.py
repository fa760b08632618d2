"""The command line: ``parvis``, which is also ``python -m bot``."""

from bot.cli.app import main

__all__ = ["main"]
