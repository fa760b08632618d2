"""Durable timers: anything promised for later is a row, claimed with a lease."""

from bot.timers.service import DueTimer, Timers

__all__ = ["DueTimer", "Timers"]
